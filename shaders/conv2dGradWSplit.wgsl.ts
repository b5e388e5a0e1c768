import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { extents, type Conv2dSizes } from './conv2d.wgsl.js';
import { LINEAR_LANES, LINEAR_ROW } from './lib/linear.js';
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
  /** Filters an invocation; the last block of a group may have fewer. */
  readonly filters: number;
  /** Window rows an invocation: all, or one. */
  readonly rows: number;
  /** Pixels of a row that one iteration multiplies. */
  readonly pixels: number;
  /** Partial sums of every weight. */
  readonly slices: number;
  /** Invocations of a workgroup. */
  readonly lanes: number;
}

export const conv2dGradWSplit = (sizes: Conv2dSizes, { filters, rows, pixels, slices, lanes }: GradWTile): string => {
  const { N, C, H, W, K, R, S, P, Q, stride, padding, dilation, groups } = sizes;
  const { x, w, y } = extents(sizes);
  const [Cg, Kg] = [C / groups, K / groups];
  const blocks = Math.ceil(Kg / filters);
  const linesOfSlice = Math.ceil((N * P) / slices);
  const whole = Math.floor(Q / pixels);
  const rowMayMiss = (r: number): boolean =>
    r * dilation[0] < padding[0] || (P - 1) * stride[0] + r * dilation[0] - padding[0] >= H;
  const mayMiss = rows === R ? rowMayMiss : () => upTo(R).some(rowMayMiss);

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
      ...upTo(count).map((j) => `let dy${k}_${j} = dy[slope${plus(k * P * Q + firstPixel + j)}];`),
      ...upTo(rows).flatMap((r) =>
        upTo(S).map((s) => {
          const products = upTo(count).flatMap((j) => {
            const position = columnAt(row, columns, j, s);
            return position === undefined ? [] : [[`x${r}_${position}`, `dy${k}_${j}`] as const];
          });
          return addProducts(`sum${k}_${r}_${s}`, products);
        }),
      ),
    ]);
    return lines([...loads, ...sums], (line) => line);
  };

  return wgsl`
@group(0) @binding(0) var<storage, read> dy: array<f32, ${y}>;
@group(0) @binding(1) var<storage, read> x: array<f32, ${x}>;
@group(0) @binding(2) var<storage, read_write> parts: array<f32, ${slices * w}>;

@compute @workgroup_size(${lanes}, 1, 1)
fn conv2dGradW(@builtin(global_invocation_id) id: vec3u) {
  let place = id.z * ${65_535 * lanes}u + id.x;
  if (place >= ${slices * Cg}u) { return; }
  let slice = place % ${slices}u;
  let c = place / ${slices}u;
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
${lines(upTo(filters), (k) =>
  upTo(rows * S)
    .map((tap) => `var sum${k}_${Math.floor(tap / S)}_${tap % S} = 0.0;`)
    .join(' '),
)}

  let end = min(slice * ${linesOfSlice}u + ${linesOfSlice}u, ${N * P}u);
  for (var line = slice * ${linesOfSlice}u; line < end; line++) {
    let n = line / ${P}u;
    let p = line % ${P}u;
${lines(upTo(rows), (i) => `let row${i} = p * ${stride[0]}u + r * ${dilation[0]}u${plus(i * dilation[0] - padding[0])};`)}
${lines(upTo(rows).filter(mayMiss), (i) => `let inside${i} = row${i} < ${H}u;`)}
${lines(upTo(rows), (i) => `let at${i} = ((n * ${C}u + group * ${Cg}u + c) * ${H}u + row${i}) * ${W}u;`)}
    let slopes = ((n * ${K}u + group * ${Kg}u + first) * ${P}u + p) * ${Q}u;
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

  let base = (((slice * ${K}u + group * ${Kg}u + first) * ${Cg}u + c) * ${R}u + r) * ${S}u;
${lines(upTo(filters), (k) => {
  const inside = (blocks - 1) * filters + k >= Kg ? [`(first${plus(k)} < ${Kg}u)`] : [];
  const stores = upTo(rows * S).map(
    (tap) => `parts[base${plus(k * Cg * R * S + tap)}] = sum${k}_${Math.floor(tap / S)}_${tap % S};`,
  );
  return guarded(inside, stores.join(' '));
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
