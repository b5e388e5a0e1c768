import { pcg as scatter } from '../src/core/random.js';
import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { LINEAR_LANES, spread } from './lib/linear.js';
import { f32 } from './lib/number.js';
import { pcg } from './lib/random.wgsl.js';

interface Sides {
  readonly least: number;
  readonly count: number;
}

export interface AugmentParams {
  readonly batch: number;
  readonly channels: number;
  readonly rows: number;
  readonly columns: number;
  readonly seed: number;
  readonly stream: number;
  readonly perEpoch: number;
  readonly fill: number;
  readonly shift: number;
  readonly warps: boolean;
  readonly turn: number;
  readonly lean: number;
  readonly leastScale: number;
  readonly scaleRange: number;
  readonly elastic: { readonly most: number; readonly spacing: number } | undefined;
  readonly noise: number;
  readonly erase: { readonly keepsFrom: number; readonly rows: Sides; readonly columns: Sides } | undefined;
  readonly noiseMean: number;
  readonly noiseDeviation: number;
  /** The numbers of the draws. */
  readonly draws: Readonly<
    Record<
      | 'down'
      | 'right'
      | 'rotate'
      | 'scale'
      | 'shear'
      | 'erase'
      | 'eraseRows'
      | 'eraseColumns'
      | 'eraseTop'
      | 'eraseLeft'
      | 'elastic'
      | 'noise',
      number
    >
  >;
}

// y[n, c, p] = x[n, c, q(p)] + noise·z, but 0 in an erased rectangle: see src/ops/augment.ts. Whole numbers decide what is
// erased and which pixels a shift copies, so that they are those of the formula; what is computed in f32 is continuous.
export const augment = (params: AugmentParams) => {
  const { batch, channels, rows, columns, seed, stream, perEpoch, fill, shift, warps, noise, erase, draws } = params;
  const size = batch * channels * rows * columns;
  return wgsl`
@group(0) @binding(0) var<storage, read> x: array<f32, ${size}>;
@group(0) @binding(1) var<storage, read> indices: array<u32, ${batch}>;
@group(0) @binding(2) var<storage, read> step: array<u32, 1>;
@group(0) @binding(3) var<storage, read_write> y: array<f32, ${size}>;
${pcg}

fn signed(word: u32) -> f32 { return f32(word >> 8u) * ${f32(2 ** -23)} - 1.0; }

fn wholeBelow(word: u32, n: u32) -> u32 { return ((word >> 16u) * n) >> 16u; }

/** A pixel of the plane that begins at \`first\`. */
fn sample(first: u32, row: i32, column: i32) -> f32 {
  if (row < 0 || row >= ${rows} || column < 0 || column >= ${columns}) { return ${f32(fill)}; }
  return x[first + u32(row) * ${columns}u + u32(column)];
}
#if ${warps}

fn blend(a: f32, b: f32, f: f32) -> f32 { return a + (b - a) * f; }
#endif
${params.elastic === undefined ? '' : elasticText(params.elastic, columns, draws.elastic)}

fn element(at: u32) {
  let n = at / ${channels * rows * columns}u;
  let inImage = at % ${channels * rows * columns}u;
  let inPlane = at % ${rows * columns}u;
  let row = inPlane / ${columns}u;
  let column = inPlane % ${columns}u;
  let first = at - inPlane;
  let key = pcg(indices[n] + pcg(step[0] / ${perEpoch}u + ${scatter(stream + scatter(seed))}u));
  let down = i32(wholeBelow(pcg(${draws.down}u + key), ${2 * shift + 1}u)) - ${shift};
  let right = i32(wholeBelow(pcg(${draws.right}u + key), ${2 * shift + 1}u)) - ${shift};
  ${warps ? warpText(params) : 'var value = sample(first, i32(row) - down, i32(column) - right);'}
#if ${noise > 0}
  var total = 0u;
  for (var k = 0u; k < 3u; k++) {
    let word = pcg(${draws.noise}u + 3u * inImage + k + key);
    total += (word & 255u) + ((word >> 8u) & 255u) + ((word >> 16u) & 255u) + (word >> 24u);
  }
  value += (f32(total) - ${f32(params.noiseMean)}) * ${f32(noise / params.noiseDeviation)};
#endif
  ${erase === undefined ? '' : eraseText(params, erase)}
  y[at] = value;
}

@compute @workgroup_size(${LINEAR_LANES}, 1, 1)
fn augment(@builtin(global_invocation_id) id: vec3u) {
  ${spread(size)}
}`;
};

const elasticText = ({ most, spacing }: { most: number; spacing: number }, columns: number, first: number) => wgsl`
fn smoothed(f: f32) -> f32 { return f * f * (3.0 - 2.0 * f); }

fn displacement(key: u32, row: u32, column: u32, axis: u32) -> f32 {
  let corner = ${first}u + 2u * ((row / ${spacing}u) * ${gridOf(columns, spacing)}u + column / ${spacing}u) + axis + key;
  let wy = smoothed(f32(row % ${spacing}u) * ${f32(1 / spacing)});
  let wx = smoothed(f32(column % ${spacing}u) * ${f32(1 / spacing)});
  let above = blend(signed(pcg(corner)), signed(pcg(corner + 2u)), wx);
  let under = corner + ${2 * gridOf(columns, spacing)}u;
  let below = blend(signed(pcg(under)), signed(pcg(under + 2u)), wx);
  return ${f32(most)} * blend(above, below, wy);
}`;

/** Points of the grid in a row. */
const gridOf = (columns: number, spacing: number): number => Math.floor((columns - 1) / spacing) + 2;

const warpText = ({ rows, columns, turn, lean, leastScale, scaleRange, elastic, draws }: AugmentParams) => wgsl`
  let t = signed(pcg(${draws.rotate}u + key)) * ${f32(turn)};
  let cosine = (1.0 - t * t) / (1.0 + t * t);
  let sine = (2.0 * t) / (1.0 + t * t);
  let inverse = 1.0 / (${f32(leastScale)} + f32(pcg(${draws.scale}u + key) >> 8u) * ${f32(scaleRange * 2 ** -24)});
  let i = f32(row) - ${f32((rows - 1) / 2)};
  let j = f32(column) - ${f32((columns - 1) / 2)} + signed(pcg(${draws.shear}u + key)) * ${f32(lean)} * i;
  var sourceRow = inverse * (cosine * i - sine * j) + (${f32((rows - 1) / 2)} - f32(down));
  var sourceColumn = inverse * (cosine * j + sine * i) + (${f32((columns - 1) / 2)} - f32(right));
#if ${elastic !== undefined}
  sourceRow += displacement(key, row, column, 0u);
  sourceColumn += displacement(key, row, column, 1u);
#endif
  let top = i32(floor(sourceRow));
  let left = i32(floor(sourceColumn));
  let f = sourceColumn - floor(sourceColumn);
  let g = sourceRow - floor(sourceRow);
  var value = sample(first, top, left);
  if (f != 0.0 || g != 0.0) {
    let above = blend(value, sample(first, top, left + 1), f);
    let below = blend(sample(first, top + 1, left), sample(first, top + 1, left + 1), f);
    value = blend(above, below, g);
  }`;

const eraseText = (
  { rows, columns, draws }: AugmentParams,
  erase: { keepsFrom: number; rows: Sides; columns: Sides },
) => wgsl`
  let height = ${erase.rows.least}u + wholeBelow(pcg(${draws.eraseRows}u + key), ${erase.rows.count}u);
  let width = ${erase.columns.least}u + wholeBelow(pcg(${draws.eraseColumns}u + key), ${erase.columns.count}u);
  let highest = wholeBelow(pcg(${draws.eraseTop}u + key), ${rows + 1}u - height);
  let leftmost = wholeBelow(pcg(${draws.eraseLeft}u + key), ${columns + 1}u - width);
  let inside = row >= highest && row < highest + height && column >= leftmost && column < leftmost + width;
  if (inside && (pcg(${draws.erase}u + key) >> 8u) < ${erase.keepsFrom}u) { value = 0.0; }`;
