import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { extents, reachesPast, type Conv2dSizes } from './conv2d.wgsl.js';
import {
  extentOf,
  gemmMemory,
  gemmProducts,
  gemmStores,
  gemmSums,
  lanesOf,
  placeOf,
  stage,
  stagedAt,
  stagedBy,
  type GemmTile,
  type Staged,
} from './lib/gemmTile.js';
import { lines, upTo } from './lib/rowTile.js';

// The gradient by the filters as a product of matrices in workgroup memory, for GPUs.
//
//   dw[k, (c,r,s)] = Σ_pixel dy[k, pixel] · x[c, tap (r,s) of pixel]      pixel = (n,p,q), all of a batch in a row
//
// The sums are long and the results few, so the pixels are cut into slices: each writes a plane of its own, and a second
// dispatch adds the planes in their order. Terms of a tile are neighbours in memory for both operands.
// Rows and columns are u32: what lies before the image wraps to a huge number.

/** How the work is cut. */
export interface GradWGemmTile extends GemmTile {
  /** Pixels in workgroup memory at once: a divisor of the invocations, so that each stages the same term of every entry. */
  readonly depth: number;
  /** Iterations of a slice. */
  readonly steps: number;
}

/** Slices that hold all pixels, none of them empty. */
export const gradWSlices = ({ N, P, Q }: Conv2dSizes, { depth, steps }: GradWGemmTile): number =>
  Math.ceil((N * P * Q) / (depth * steps));

/** Workgroups along the taps of channels, along blocks of filters, and along the slices. */
export function gradWGemmGroups(sizes: Conv2dSizes, tile: GradWGemmTile): [number, number, number] {
  const { C, K, R, S, groups } = sizes;
  const [rows, columns] = extentOf(tile);
  return [Math.ceil(((C / groups) * R * S) / columns), groups * Math.ceil(K / groups / rows), gradWSlices(sizes, tile)];
}

export const conv2dGradWGemm = (sizes: Conv2dSizes, tile: GradWGemmTile): string => {
  const { N, C, H, W, K, R, S, P, Q, stride, padding, dilation, groups } = sizes;
  const { depth, steps } = tile;
  const { x, w, y } = extents(sizes);
  const [filters, taps] = [K / groups, (C / groups) * R * S];
  const [tileRows, tileColumns] = extentOf(tile);
  const blocks = Math.ceil(filters / tileRows);
  const slices = gradWSlices(sizes, tile);
  const pixels = N * P * Q;
  const isRagged = slices * steps * depth > pixels;
  const [mayMissRow, mayMissColumn] = [reachesPast(sizes, 0), reachesPast(sizes, 1)];
  const [stagedA, stagedB] = [stagedBy(tile, 0, depth), stagedBy(tile, 1, depth)];

  const placeA = (staged: Staged): string => `${stagedAt(tile, 0, depth, depth, staged)}
${lines(upTo(4), (i) => `let ${staged.name}_${i} = (group * ${filters}u + min(first + ${placeOf(tile, 0, staged.entry, i)}, ${filters - 1}u)) * ${P * Q}u;`)}`;

  const placeB = (staged: Staged): string => `${stagedAt(tile, 1, depth, depth, staged)}
${lines(upTo(4), (j) => {
  const own = `${staged.name}_${j}`;
  return `let tap${own} = min(tap + ${placeOf(tile, 1, staged.entry, j)}, ${taps - 1}u);
    let row${own} = tap${own} / ${S}u % ${R}u * ${dilation[0]}u - ${padding[0]}u;
    let column${own} = tap${own} % ${S}u * ${dilation[1]}u - ${padding[1]}u;
    let ${own} = (group * ${C / groups}u + tap${own} / ${R * S}u) * ${H * W}u + row${own} * ${W}u + column${own};`;
})}`;

  const only = (value: string, conditions: readonly string[]): string =>
    conditions.length === 0 ? value : `select(0.0, ${value}, ${conditions.join(' & ')})`;
  /** A pixel past the last is 0 on both sides: 0·∞ would make a NaN. */
  const live = isRagged ? ['live'] : [];
  const slopes = ({ name }: Staged): readonly string[] => upTo(4).map((i) => only(`dy[slope + ${name}_${i}]`, live));
  const images = ({ name }: Staged): readonly string[] =>
    upTo(4).map((j) =>
      only(`x[image + ${name}_${j}]`, [
        ...live,
        ...(mayMissRow ? [`(row + row${name}_${j} < ${H}u)`] : []),
        ...(mayMissColumn ? [`(column + column${name}_${j} < ${W}u)`] : []),
      ]),
    );

  return wgsl`
@group(0) @binding(0) var<storage, read> dy: array<f32, ${y}>;
@group(0) @binding(1) var<storage, read> x: array<f32, ${x}>;
@group(0) @binding(2) var<storage, read_write> parts: array<f32, ${slices * w}>;
${gemmMemory(tile, depth)}

@compute @workgroup_size(${lanesOf(tile)}, 1, 1)
fn conv2dGradW(@builtin(workgroup_id) id: vec3u, @builtin(local_invocation_index) lane: u32) {
  let tap = id.x * ${tileColumns}u;
  let group = id.y / ${blocks}u;
  let first = id.y % ${blocks}u * ${tileRows}u;
    ${gemmSums(tile)}
${lines(stagedA, placeA)}
${lines(stagedB, placeB)}
  let begin = id.z * ${steps * depth}u + lane % ${depth}u;
  for (var i = 0u; i < ${steps * depth}u; i += ${depth}u) {
    let pixel = begin + i;
#if ${isRagged}
    let live = pixel < ${pixels}u;
#endif
    let n = pixel / ${P * Q}u;
    let row = pixel / ${Q}u % ${P}u * ${stride[0]}u;
    let column = pixel % ${Q}u * ${stride[1]}u;
    let slope = n * ${K * P * Q}u + pixel % ${P * Q}u;
    let image = (n * ${C * H}u + row) * ${W}u + column;
${lines(stagedA, (staged) => stage(tile, 0, depth, staged, slopes(staged)))}
${lines(stagedB, (staged) => stage(tile, 1, depth, staged, images(staged)))}
    ${gemmProducts(tile, depth, steps > 1)}
  }
  let base = (id.z * ${K}u + group * ${filters}u + first) * ${taps}u + tap;
    ${gemmStores(tile, (column, _, rows) => {
      const stores = lines(rows, ({ row, value }) => {
        const stored = `parts[base + (${row}) * ${taps}u + ${column}] = ${value};`;
        return filters % tileRows === 0 ? stored : `if (first + ${row} < ${filters}u) { ${stored} }`;
      });
      return taps % tileColumns === 0 ? stores : `if (tap + ${column} < ${taps}u) {\n${stores}\n    }`;
    })}
}`;
};
