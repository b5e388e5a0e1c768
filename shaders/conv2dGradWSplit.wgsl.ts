import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { extents, type Conv2dSizes } from './conv2d.wgsl.js';
import { LINEAR_LANES, LINEAR_ROW } from './lib/linear.js';
import { swap } from './lib/quad.js';
import {
  addProducts,
  columnAt,
  columnsOf,
  guarded,
  lines,
  plus,
  upTo,
  where,
  type RowGeometry,
} from './lib/rowTile.js';

// The gradient of a convolution by its filters, in two dispatches.
//
//   conv2dGradW      parts[slice,k,c,r,s] = Σ_{(n,p) in slice} Σ_q dy[n,k,p,q]·x[n,c,h,w]
//   conv2dGradWSum   dw[k,c,r,s] = Σ_slice parts[slice,k,c,r,s], first slice first
//
// There are few weights and many pixels: one invocation a weight would leave a machine idle, and float atomics would add
// in any order. So the image rows (n, p) are cut into slices; an invocation walks the rows of one, for one channel and
// several filters, and holds all its weights in named scalars. The second dispatch adds the slices in one fixed order.

/** How the work is cut. */
export interface GradWTile {
  /** Filters an invocation, a multiple of `share`; the last block of a group may have fewer. */
  readonly filters: number;
  /** Window rows an invocation: all, or one. */
  readonly rows: number;
  /** Pixels of a row that one iteration multiplies. */
  readonly pixels: number;
  /**
   * Channels that share the slopes dy of a slice: 1, 2 or 4 invocations of a quad, a divisor of the channels of a group.
   * Each loads those of one filter in `share`, and they swap; invocation l of them then sums filter m·share + (l ^ i) in
   * its place m·share + i.
   */
  readonly share: 1 | 2 | 4;
}

/** Invocations of a workgroup: 4 where slopes are shared, so that a quad is a workgroup and no order is assumed. */
export const gradWLanes = ({ share }: GradWTile): number => (share > 1 ? 4 : 16);

/** @param slices partial sums of every weight: a divisor of N·P, and a multiple of 4 / share if share is not 1 */
export const conv2dGradWSplit = (sizes: Conv2dSizes, tile: GradWTile, slices: number): string => {
  const { filters, rows, pixels, share } = tile;
  const lanes = gradWLanes(tile);
  const { N, C, H, W, K, R, S, P, Q, stride, padding, dilation, groups } = sizes;
  const { x, w, y } = extents(sizes);
  const [Cg, Kg] = [C / groups, K / groups];
  const blocks = Math.ceil(Kg / filters);
  const linesOfSlice = (N * P) / slices;
  const whole = Math.floor(Q / pixels);
  const taps = upTo(rows).flatMap((r) => upTo(S).map((s) => [r, s] as const));
  const rowMayMiss = (r: number): boolean =>
    r * dilation[0] < padding[0] || (P - 1) * stride[0] + r * dilation[0] - padding[0] >= H;
  const mayMiss = rows === R ? rowMayMiss : () => upTo(R).some(rowMayMiss);
  /** Which filter of the block an invocation sums in place k. */
  const filterOf = (k: number): string => (share === 1 ? plus(k) : `${plus(k - (k % share))} + other${k % share}`);

  const slope = (k: number, pixel: number, j: number): string => {
    const own = k - (k % share);
    const load = k === own ? `let own${own}_${j} = dy[slope${plus(own * P * Q + pixel)}]; ` : '';
    return `${load}let dy${k}_${j} = ${swap(k % share, `own${own}_${j}`)};`;
  };

  const chunk = (count: number, tiles: number, firstPixel: number): string => {
    const row: RowGeometry = {
      pixels: count,
      results: count * tiles,
      tiles,
      step: count * stride[1],
      width: W,
      taps: S,
      offset: (pixel, tap) => (firstPixel + pixel) * stride[1] + tap * dilation[1] - padding[1],
    };
    const columns = columnsOf(row);
    const loads = upTo(rows).flatMap((r) =>
      columns.map(({ offset, checked }, position) => {
        const inside = [...(mayMiss(r) ? [`inside${r}`] : []), ...(checked ? [`(column${plus(offset)} < ${W}u)`] : [])];
        return `let x${r}_${position} = ${where(inside, `x[at${r} + column${plus(offset)}]`)};`;
      }),
    );
    const sums = upTo(filters).flatMap((k) => [
      ...upTo(count).map((j) => slope(k, firstPixel + j, j)),
      ...taps.map(([r, s]) => {
        const products = upTo(count).flatMap((j) => {
          const position = columnAt(row, columns, j, s);
          return position === undefined ? [] : [[`x${r}_${position}`, `dy${k}_${j}`] as const];
        });
        return addProducts(`sum${k}_${r}_${s}`, products);
      }),
    ]);
    return lines([...loads, ...sums], (line) => line);
  };

  return wgsl`#if ${share > 1}
enable subgroups;
#endif

@group(0) @binding(0) var<storage, read> dy: array<f32, ${y}>;
@group(0) @binding(1) var<storage, read> x: array<f32, ${x}>;
@group(0) @binding(2) var<storage, read_write> parts: array<f32, ${slices * w}>;

@compute @workgroup_size(${lanes}, 1, 1)
#if ${share > 1}
fn conv2dGradW(@builtin(workgroup_id) id: vec3u, @builtin(subgroup_invocation_id) invocation: u32) {
  let place = id.z * 65535u + id.x;
  if (place >= ${(slices * Cg) / 4}u) { return; }
  let lane = invocation & ${share - 1}u;
  let slice = place / ${Cg / share}u * ${4 / share}u + (invocation & 3u) / ${share}u;
  let c = place % ${Cg / share}u * ${share}u + lane;
${lines(upTo(share), (i) => `let other${i} = lane ^ ${i}u;`)}
#else
fn conv2dGradW(@builtin(global_invocation_id) id: vec3u) {
  let place = id.z * ${65_535 * lanes}u + id.x;
  if (place >= ${slices * Cg}u) { return; }
  const lane = 0u;
  let slice = place % ${slices}u;
  let c = place / ${slices}u;
#endif
#if ${rows < R}
  let r = id.y % ${R}u;
  let block = id.y / ${R}u;
#else
  const r = 0u;
  let block = id.y;
#endif
#if ${groups > 1}
  let group = block / ${blocks}u;
  let first = block % ${blocks}u * ${filters}u;
#else
  const group = 0u;
  let first = block * ${filters}u;
#endif
${lines(upTo(filters), (k) => taps.map(([i, s]) => `var sum${k}_${i}_${s} = 0.0;`).join(' '))}

  for (var i = 0u; i < ${linesOfSlice}u; i++) {
    let line = slice * ${linesOfSlice}u + i;
    let n = line / ${P}u;
    let p = line % ${P}u;
${lines(upTo(rows), (i) => `let row${i} = p * ${stride[0]}u + r * ${dilation[0]}u${plus(i * dilation[0] - padding[0])};`)}
${lines(upTo(rows).filter(mayMiss), (i) => `let inside${i} = row${i} < ${H}u;`)}
${lines(upTo(rows), (i) => `let at${i} = ((n * ${C}u + group * ${Cg}u + c) * ${H}u + row${i}) * ${W}u;`)}
    let slopes = ((n * ${K}u + group * ${Kg}u + first + lane) * ${P}u + p) * ${Q}u;
#if ${whole > 1}
    for (var q = 0u; q < ${whole * pixels}u; q += ${pixels}u) {
    let column = q * ${stride[1]}u;
    let slope = slopes + q;
#else
    {
    const column = 0u;
    let slope = slopes;
#endif
${chunk(pixels, whole, 0)}
    }
#if ${Q % pixels > 0}
    {
    const column = 0u;
    let slope = slopes;
${chunk(Q % pixels, 1, whole * pixels)}
    }
#endif
  }

  let base = ((slice * ${K}u + group * ${Kg}u + first) * ${Cg}u + c) * ${R * S}u + r * ${S}u;
${lines(upTo(filters), (k) => {
  const inside = (blocks - 1) * filters + (k - (k % share)) + share > Kg ? [`(first${filterOf(k)} < ${Kg}u)`] : [];
  const stores = taps.map(([i, s]) => `parts[at_${k}${plus(i * S + s)}] = sum${k}_${i}_${s};`);
  return `let at_${k} = base + (0u${filterOf(k)}) * ${Cg * R * S}u; ${guarded(inside, stores.join(' '))}`;
})}
}`;
};

/** Adds the slices of every weight. */
export const conv2dGradWSum = ({ weights, slices }: { weights: number; slices: number }): string => wgsl`
@group(0) @binding(0) var<storage, read> parts: array<f32, ${slices * weights}>;
@group(0) @binding(1) var<storage, read_write> dw: array<f32, ${weights}>;

@compute @workgroup_size(${LINEAR_LANES}, 1, 1)
fn conv2dGradWSum(@builtin(global_invocation_id) id: vec3u) {
  let i = id.y * ${LINEAR_ROW}u + id.x;
  if (i >= ${weights}u) { return; }
  var sum = parts[i];
  for (var slice = 1u; slice < ${slices}u; slice++) { sum += parts[slice * ${weights}u + i]; }
  dw[i] = sum;
}`;
