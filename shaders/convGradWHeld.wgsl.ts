import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { declared } from './lib/bindings.js';
import { heldPatch, type HeldWindow } from './convHeld.wgsl.js';
import { LINEAR_LANES, LINEAR_ROW } from './lib/linear.js';
import type { ConvLoad, Patch } from './lib/convLoads.js';
import { chain, lines, upTo } from './lib/rowTile.js';

// The gradient of a convolution by its filters and their bias, for software adapters, in two dispatches.
//
//   convGradWHeld   parts[slice,k,c,r,s] = Σ_{(n,p,q) in slice} dy[n,k,p,q]·x[n,c,h,w], and Σ dy[n,k,p,q] beside them
//   convGradWSum    dw[k,c,r,s] = Σ_slice parts[slice,k,c,r,s], first slice first; db[k] likewise
//
// An invocation holds the pixels of a few channels in named scalars and walks the filters: for each it loads the slopes of
// a strip of results, and multiplies them with every tap. Four invocations of a quad do so for four images and add up
// what they have, each a quarter of it. So no sum is carried by a loop, and nothing is added atomically.

/** What is computed: where the pixels and the slopes come from, and the window over them. */
export interface GradWConv extends HeldWindow {
  /** Images, channels of x, and filters. */
  readonly N: number;
  readonly C: number;
  readonly K: number;
  readonly x: ConvLoad;
  readonly dy: ConvLoad;
  /** Whether the sums of the slopes are wanted too. */
  readonly bias: boolean;
}

/** How the work is cut. */
export interface GradWHeldTile {
  /** Rows and columns of results in an invocation. */
  readonly rows: number;
  readonly columns: number;
  /** Channels whose pixels an invocation holds: a divisor of C. */
  readonly channels: number;
  /** Partial sums of every weight. */
  readonly slices: number;
}

/** Strips of four images each, as many as there are quads of work. */
export const gradWQuads = ({ N, results }: GradWConv, { rows, columns }: GradWHeldTile): number =>
  Math.ceil((N * Math.ceil(results[0] / rows) * Math.ceil(results[1] / columns)) / 4);

/** Sums that an invocation has of one filter, those of its bias among them, in whole quads. */
const sumsOf = ({ taps }: GradWConv, { channels }: GradWHeldTile): number =>
  Math.ceil((channels * taps[0] * taps[1] + 1) / 4) * 4;

/** Words of `parts`. */
export const gradWParts = (conv: GradWConv, tile: GradWHeldTile): number =>
  tile.slices * (conv.C / tile.channels) * conv.K * sumsOf(conv, tile);

/** Workgroups: a quad of invocations each, so that no order of invocations is assumed. */
export const gradWHeldGroups = (conv: GradWConv, tile: GradWHeldTile): [number, number, number] => [
  tile.slices,
  conv.C / tile.channels,
  1,
];

export const convGradWHeld = (conv: GradWConv, tile: GradWHeldTile): string => {
  const { N, C, K, taps, stride, dilation, results, x, dy } = conv;
  const { rows, columns, channels, slices } = tile;
  const strips = Math.ceil(results[0] / rows);
  const tiles = Math.ceil(results[1] / columns);
  const places = N * strips * tiles;
  const turns = Math.ceil(gradWQuads(conv, tile) / slices);
  const isWhole = turns * slices * 4 === places;
  const count = sumsOf(conv, tile);
  const read = heldPatch(conv, tile);
  const slopes: Patch = {
    origin: ['top', 'left'],
    rows: upTo(rows),
    columns: upTo(columns),
    padding: [0, 0],
    rowMayMiss: (i) => (strips - 1) * rows + i >= results[0],
    columnMayMiss: (j) => (tiles - 1) * columns + j >= results[1],
    rowMisses: () => false,
    columnMisses: () => false,
  };
  const pixels = slopes.rows.flatMap((i) => slopes.columns.map((j) => [i, j] as const));
  const window = upTo(taps[0]).flatMap((r) => upTo(taps[1]).map((s) => [r, s] as const));

  const sums = [
    ...upTo(channels).flatMap((c) =>
      window.map(([r, s]) =>
        pixels.flatMap(([i, j]) => {
          const [h, w] = [i * stride[0] + r * dilation[0], j * stride[1] + s * dilation[1]];
          return read.rowMisses(h) || read.columnMisses(w) ? [] : [[`x${c}_${h}_${w}`, `g_${i}_${j}`] as const];
        }),
      ),
    ),
    pixels.map(([i, j]) => ['1.0', `g_${i}_${j}`] as const),
  ];
  const bindings = [
    ...x.bindings,
    ...dy.bindings,
    `var<storage, read_write> parts: array<f32, ${gradWParts(conv, tile)}>`,
  ];

  return wgsl`enable subgroups;

${declared(bindings)}

${x.functions}

// Of four numbers that each invocation of a quad has, the sum over the quad of the one that is this invocation's.
fn ofQuad(a: f32, b: f32, c: f32, d: f32, odd: bool, high: bool) -> f32 {
  let ab = select(a, b, odd) + quadSwapX(select(b, a, odd));
  let cd = select(c, d, odd) + quadSwapX(select(d, c, odd));
  return select(ab, cd, high) + quadSwapY(select(cd, ab, high));
}

@compute @workgroup_size(4, 1, 1)
fn convGradWHeld(@builtin(workgroup_id) id: vec3u, @builtin(subgroup_invocation_id) invocation: u32) {
  let lane = invocation & 3u;
  let odd = (lane & 1u) != 0u;
  let high = (lane & 2u) != 0u;
  let slice = min(id.x, ${slices - 1}u);
  let block = min(id.y, ${C / channels - 1}u);
#if ${turns > 1}
  for (var turn = 0u; turn < ${turns}u; turn++) {
#else
  {
    const turn = 0u;
#endif
    let own = (slice * ${turns}u + turn) * 4u + lane;
    let place = min(own, ${places - 1}u);
#if ${!isWhole}
    let alive = own < ${places}u;
#endif
    let n = place % ${N}u;
    let left = place / ${N}u % ${tiles}u * ${columns}u;
    let top = place / ${N * tiles}u * ${rows}u;
    let row = top * ${stride[0]}u;
    let column = left * ${stride[1]}u;
    ${x.setup(read)}
${lines(upTo(channels), (c) => x.load(read, `(block * ${channels}u + ${c}u)`, (i, j) => `x${c}_${i}_${j}`))}
    for (var k = 0u; k < ${K}u; k++) {
      ${dy.setup(slopes)}
${dy.load(slopes, 'k', (i, j) => `g_${i}_${j}`, isWhole ? [] : ['alive'])}
      let to = ((slice * ${C / channels}u + block) * ${K}u + k) * ${count}u + lane;
${lines(upTo(count / 4), (quad) => {
  const four = upTo(4).map((i) => sums[4 * quad + i]);
  const texts = four.map((products, i) => chain(`s${4 * quad + i}`, products ?? [], '0.0'));
  const names = upTo(4).map((i) => `s${4 * quad + i}`);
  const before = turns > 1 ? `select(0.0, parts[to + ${4 * quad}u], turn > 0u) + ` : '';
  return `${texts.join(' ')}\n    parts[to + ${4 * quad}u] = ${before}ofQuad(${names.join(', ')}, odd, high);`;
})}
    }
  }
}`;
};

/** Adds the slices of every weight, and of every bias where there is one. */
export const convGradWSum = (conv: GradWConv, tile: GradWHeldTile): string => {
  const { C, K, taps, bias } = conv;
  const { channels, slices } = tile;
  const window = taps[0] * taps[1];
  const weights = K * C * window;
  const count = sumsOf(conv, tile);
  const slice = (C / channels) * K * count;
  return wgsl`
@group(0) @binding(0) var<storage, read> parts: array<f32, ${gradWParts(conv, tile)}>;
@group(0) @binding(1) var<storage, read_write> dw: array<f32, ${weights}>;
#if ${bias}
@group(0) @binding(2) var<storage, read_write> db: array<f32, ${K}>;
#endif

@compute @workgroup_size(${LINEAR_LANES}, 1, 1)
fn convGradWSum(@builtin(global_invocation_id) id: vec3u) {
  let i = id.y * ${LINEAR_ROW}u + id.x;
  if (i >= ${weights + (bias ? K : 0)}u) { return; }
  let k = i / ${C * window}u;
  let c = i / ${window}u % ${C}u;
  let weight = (c / ${channels}u * ${K}u + k) * ${count}u + c % ${channels}u * ${window}u + i % ${window}u;
  let own = select(weight, (i - ${weights}u) * ${count}u + ${channels * window}u, i >= ${weights}u);
  var sum = parts[own];
  for (var slice = 1u; slice < ${slices}u; slice++) { sum += parts[slice * ${slice}u + own]; }
#if ${bias}
  if (i >= ${weights}u) { db[i - ${weights}u] = sum; }
#endif
  if (i < ${weights}u) { dw[i] = sum; }
}`;
};
