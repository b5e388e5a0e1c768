import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { LINEAR_LANES, LINEAR_ROW } from './lib/linear.js';

// Pools over windows of R×S pixels, one result an invocation.
//
//   maxPool2d      y[n,c,p,q] = max x[n,c,h,w],  index[n,c,p,q] = the winner's h·W + w
//   avgPool2d      y[n,c,p,q] = 1/(R·S) · Σ x[n,c,h,w]
//   maxPool2dGrad  dx[n,c,h,w] = Σ dy[n,c,p,q] over the windows that (h, w) won
//   avgPool2dGrad  dx[n,c,h,w] = 1/(R·S) · Σ dy[n,c,p,q] over the windows that see (h, w)
//   winners        y[n,c,p,q] = x[n,c, index[n,c,p,q]]
//
// with h = p·STRIDE + r − PADDING for r < R, and w likewise from q and s; pixels outside the image are absent.
// x [N·C, H, W], y [N·C, P, Q]: images and channels are one axis of planes.
// Rows and columns are u32: what lies before the image wraps to a huge number, so one comparison finds both ends.

/** Every size and setting of a pool. Pairs are [rows, columns]. */
export interface PoolSizes {
  readonly planes: number;
  readonly H: number;
  readonly W: number;
  readonly P: number;
  readonly Q: number;
  readonly window: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly padding: readonly [number, number];
  /** Whether relu follows the maximum. */
  readonly relu?: boolean;
}

/** What is stored of a maximum. */
export const shownMaximum = ({ relu }: PoolSizes, value: string): string =>
  relu === true ? `select(${value}, 0.0, ${value} <= 0.0)` : value;

export const maxPool2d = (sizes: PoolSizes): string => {
  const { planes, H, W, P, Q, window, stride, padding } = sizes;
  return wgsl`
@group(0) @binding(0) var<storage, read> x: array<f32, ${planes * H * W}>;
@group(0) @binding(1) var<storage, read_write> y: array<f32, ${planes * P * Q}>;
@group(0) @binding(2) var<storage, read_write> index: array<u32, ${planes * P * Q}>;

@compute @workgroup_size(${LINEAR_LANES}, 1, 1)
fn maxPool2d(@builtin(global_invocation_id) id: vec3u) {
  let i = id.y * ${LINEAR_ROW}u + id.x;
  if (i >= ${planes * P * Q}u) { return; }
  let q = i % ${Q}u;
  let p = i / ${Q}u % ${P}u;
  let plane = i / ${P * Q}u * ${H * W}u;
  // −∞ cannot be written in WGSL; the first pixel of the window is as good a beginning.
#if ${padding[0] + padding[1] > 0}
  let firstRow = select(p * ${stride[0]}u - ${padding[0]}u, 0u, p * ${stride[0]}u < ${padding[0]}u);
  let firstColumn = select(q * ${stride[1]}u - ${padding[1]}u, 0u, q * ${stride[1]}u < ${padding[1]}u);
  let endRow = min(p * ${stride[0]}u + ${window[0] - padding[0]}u, ${H}u);
  let endColumn = min(q * ${stride[1]}u + ${window[1] - padding[1]}u, ${W}u);
#else
  let firstRow = p * ${stride[0]}u;
  let firstColumn = q * ${stride[1]}u;
  let endRow = firstRow + ${window[0]}u;
  let endColumn = firstColumn + ${window[1]}u;
#endif
  var winner = firstRow * ${W}u + firstColumn;
  var best = x[plane + winner];
  for (var row = firstRow; row < endRow; row++) {
    for (var column = firstColumn; column < endColumn; column++) {
      let value = x[plane + row * ${W}u + column];
      // The bits tell a NaN, because WGSL lets a compiler assume that value != value is false.
      if (value > best || (bitcast<u32>(value) & 0x7fffffffu) > 0x7f800000u) {
        best = value;
        winner = row * ${W}u + column;
      }
    }
  }
  y[i] = ${shownMaximum(sizes, 'best')};
  index[i] = winner;
}`;
};

export const avgPool2d = ({ planes, H, W, P, Q, window, stride, padding }: PoolSizes) => wgsl`
@group(0) @binding(0) var<storage, read> x: array<f32, ${planes * H * W}>;
@group(0) @binding(1) var<storage, read_write> y: array<f32, ${planes * P * Q}>;

@compute @workgroup_size(${LINEAR_LANES}, 1, 1)
fn avgPool2d(@builtin(global_invocation_id) id: vec3u) {
  let i = id.y * ${LINEAR_ROW}u + id.x;
  if (i >= ${planes * P * Q}u) { return; }
  let q = i % ${Q}u;
  let p = i / ${Q}u % ${P}u;
  let plane = i / ${P * Q}u;
  var sum = 0.0;
  for (var r = 0u; r < ${window[0]}u; r++) {
    let row = p * ${stride[0]}u + r - ${padding[0]}u;
#if ${padding[0] > 0}
    if (row >= ${H}u) { continue; }
#endif
    for (var s = 0u; s < ${window[1]}u; s++) {
      let column = q * ${stride[1]}u + s - ${padding[1]}u;
#if ${padding[1] > 0}
      if (column >= ${W}u) { continue; }
#endif
      sum += x[(plane * ${H}u + row) * ${W}u + column];
    }
  }
  y[i] = sum * ${1 / (window[0] * window[1])};
}`;

/**
 * Both gradients: one invocation owns a pixel of dx and walks the windows that see it, so no two add to one word.
 * Whoever looks for the windows of pixel h among those from the last one back meets at most ⌈window / stride⌉.
 */
const poolGrad = (kind: 'max' | 'avg', { planes, H, W, P, Q, window, stride, padding }: PoolSizes) => wgsl`
@group(0) @binding(0) var<storage, read> dy: array<f32, ${planes * P * Q}>;
#if ${kind === 'max'}
@group(0) @binding(1) var<storage, read> index: array<u32, ${planes * P * Q}>;
#endif
@group(0) @binding(2) var<storage, read_write> dx: array<f32, ${planes * H * W}>;

@compute @workgroup_size(${LINEAR_LANES}, 1, 1)
fn ${kind}Pool2dGrad(@builtin(global_invocation_id) id: vec3u) {
  let i = id.y * ${LINEAR_ROW}u + id.x;
  if (i >= ${planes * H * W}u) { return; }
  let column = i % ${W}u;
  let row = i / ${W}u % ${H}u;
  let plane = i / ${H * W}u;
  let lastP = (row + ${padding[0]}u) / ${stride[0]}u;
  let lastQ = (column + ${padding[1]}u) / ${stride[1]}u;
  var sum = 0.0;
  for (var back = 0u; back < ${Math.ceil(window[0] / stride[0])}u; back++) {
    let p = lastP - back;
    if (p >= ${P}u || row + ${padding[0]}u - p * ${stride[0]}u >= ${window[0]}u) { continue; }
    for (var left = 0u; left < ${Math.ceil(window[1] / stride[1])}u; left++) {
      let q = lastQ - left;
      if (q >= ${Q}u || column + ${padding[1]}u - q * ${stride[1]}u >= ${window[1]}u) { continue; }
      let window = (plane * ${P}u + p) * ${Q}u + q;
#if ${kind === 'max'}
      if (index[window] == row * ${W}u + column) { sum += dy[window]; }
#else
      sum += dy[window];
#endif
    }
  }
#if ${kind === 'max'}
  dx[i] = sum;
#else
  dx[i] = sum * ${1 / (window[0] * window[1])};
#endif
}`;

export const maxPool2dGrad = (sizes: PoolSizes) => poolGrad('max', sizes);
export const avgPool2dGrad = (sizes: PoolSizes) => poolGrad('avg', sizes);

export const winners = ({ planes, plane, windows }: { planes: number; plane: number; windows: number }) => wgsl`
@group(0) @binding(0) var<storage, read> x: array<f32, ${planes * plane}>;
@group(0) @binding(1) var<storage, read> index: array<u32, ${planes * windows}>;
@group(0) @binding(2) var<storage, read_write> y: array<f32, ${planes * windows}>;

@compute @workgroup_size(${LINEAR_LANES}, 1, 1)
fn winners(@builtin(global_invocation_id) id: vec3u) {
  let i = id.y * ${LINEAR_ROW}u + id.x;
  if (i >= ${planes * windows}u) { return; }
  y[i] = x[i / ${windows}u * ${plane}u + index[i]];
}`;
