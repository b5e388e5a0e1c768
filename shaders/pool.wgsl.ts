import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { LINEAR_LANES, LINEAR_ROW } from './lib/linear.js';

// Pools over windows of R×S pixels, one result an invocation.
//
//   maxPool2d      y[n,c,p,q] = max x[n,c,h,w],  index[n,c,p,q] = the winner's h·W + w
//   avgPool2d      y[n,c,p,q] = 1/DIVISOR · Σ x[n,c,h,w]
//   maxPool2dGrad  dx[n,c,h,w] = Σ dy[n,c,p,q] over the windows that (h, w) won
//   avgPool2dGrad  dx[n,c,h,w] = Σ dy[n,c,p,q]/DIVISOR over the windows that see (h, w)
//   winners        y[n,c,p,q] = x[n,c, index[n,c,p,q]]
//
// with h = p·STRIDE + r·DILATION − PADDING for r < R, and w likewise from q and s; pixels outside the image are absent.
// DIVISOR is one number, or the window's pixels in the padded image or in the image, counted for each.
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
  /** Pixels between the taps of a maximum's window; absent for 1. */
  readonly dilation?: readonly [number, number] | undefined;
  /** What the sum of a mean's window is divided by; absent for the window's pixels. */
  readonly divisor?: number | 'padded' | 'image' | undefined;
  /** Whether relu follows the maximum. */
  readonly relu?: boolean;
}

/** Whether some window reaches past the image along this axis: rows 0, columns 1. */
export const windowsReachPast = (sizes: PoolSizes, axis: 0 | 1): boolean => {
  const { window, stride, padding, dilation = [1, 1] } = sizes;
  const [size, results] = axis === 0 ? [sizes.H, sizes.P] : [sizes.W, sizes.Q];
  return padding[axis] > 0 || (results - 1) * stride[axis] + (window[axis] - 1) * dilation[axis] >= size;
};

/** The factor of a mean whose divisor is one number. */
export const factorOf = ({ window, divisor = window[0] * window[1] }: PoolSizes): number =>
  typeof divisor === 'number' ? 1 / divisor : 1;

/** WGSL: `divisorOf(p, q)` where each window has its own. */
const divisorOf = (sizes: PoolSizes): string => {
  const { H, W, window, stride, padding, divisor } = sizes;
  const countOf = (name: string, axis: 0 | 1, size: number): string => {
    const end = divisor === 'image' ? size + padding[axis] : size + 2 * padding[axis];
    const first = divisor === 'image' ? `max(first, ${padding[axis]}u)` : 'first';
    return `fn ${name}Of(window: u32) -> u32 {
  let first = window * ${stride[axis]}u;
  return min(first + ${window[axis]}u, ${end}u) - ${first};
}`;
  };
  return `${countOf('rows', 0, H)}
${countOf('columns', 1, W)}
fn divisorOf(p: u32, q: u32) -> f32 { return f32(rowsOf(p) * columnsOf(q)); }
`;
};

/** What is stored of a maximum. */
export const shownMaximum = ({ relu }: PoolSizes, value: string): string =>
  relu === true ? `select(${value}, 0.0, ${value} <= 0.0)` : value;

export const maxPool2d = (sizes: PoolSizes): string => {
  const { planes, H, W, P, Q, window, stride, padding, dilation = [1, 1] } = sizes;
  const isDense = dilation[0] === 1 && dilation[1] === 1;
  /** The first tap that is not before the image. */
  const firstOf = (window: string, axis: 0 | 1): string => {
    const before = `${padding[axis]}u - ${window} * ${stride[axis]}u`;
    const inside = isDense ? '0u' : `(${dilation[axis]}u - (${before}) % ${dilation[axis]}u) % ${dilation[axis]}u`;
    return `select(${window} * ${stride[axis]}u - ${padding[axis]}u, ${inside}, ${window} * ${stride[axis]}u < ${padding[axis]}u)`;
  };
  const reach = [(window[0] - 1) * dilation[0] + 1, (window[1] - 1) * dilation[1] + 1] as const;
  const step = (name: string, axis: 0 | 1): string => (isDense ? `${name}++` : `${name} += ${dilation[axis]}u`);
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
#if ${windowsReachPast(sizes, 0) || windowsReachPast(sizes, 1)}
  let firstRow = ${firstOf('p', 0)};
  let firstColumn = ${firstOf('q', 1)};
  let endRow = min(p * ${stride[0]}u + ${reach[0] - padding[0]}u, ${H}u);
  let endColumn = min(q * ${stride[1]}u + ${reach[1] - padding[1]}u, ${W}u);
#else
  let firstRow = p * ${stride[0]}u;
  let firstColumn = q * ${stride[1]}u;
  let endRow = firstRow + ${reach[0]}u;
  let endColumn = firstColumn + ${reach[1]}u;
#endif
  var winner = firstRow * ${W}u + firstColumn;
  var best = x[plane + winner];
  for (var row = firstRow; row < endRow; ${step('row', 0)}) {
    for (var column = firstColumn; column < endColumn; ${step('column', 1)}) {
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

export const avgPool2d = (sizes: PoolSizes): string => {
  const { planes, H, W, P, Q, window, stride, padding, divisor } = sizes;
  const isCounted = typeof divisor === 'string';
  return wgsl`
@group(0) @binding(0) var<storage, read> x: array<f32, ${planes * H * W}>;
@group(0) @binding(1) var<storage, read_write> y: array<f32, ${planes * P * Q}>;

#if ${isCounted}
${divisorOf(sizes)}
#endif
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
#if ${windowsReachPast(sizes, 0)}
    if (row >= ${H}u) { continue; }
#endif
    for (var s = 0u; s < ${window[1]}u; s++) {
      let column = q * ${stride[1]}u + s - ${padding[1]}u;
#if ${windowsReachPast(sizes, 1)}
      if (column >= ${W}u) { continue; }
#endif
      sum += x[(plane * ${H}u + row) * ${W}u + column];
    }
  }
#if ${isCounted}
  y[i] = sum / divisorOf(p, q);
#else
  y[i] = sum * ${factorOf(sizes)};
#endif
}`;
};

/**
 * Both gradients: one invocation owns a pixel of dx and walks the windows that see it, so no two add to one word.
 * Whoever looks for the windows of pixel h among those from the last one back meets at most ⌈window / stride⌉.
 */
const poolGrad = (kind: 'max' | 'avg', sizes: PoolSizes): string => {
  const { planes, H, W, P, Q, window, stride, padding, divisor } = sizes;
  const isCounted = typeof divisor === 'string';
  return wgsl`
@group(0) @binding(0) var<storage, read> dy: array<f32, ${planes * P * Q}>;
#if ${kind === 'max'}
@group(0) @binding(1) var<storage, read> index: array<u32, ${planes * P * Q}>;
#endif
@group(0) @binding(2) var<storage, read_write> dx: array<f32, ${planes * H * W}>;

#if ${isCounted}
${divisorOf(sizes)}
#endif
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
#elif ${isCounted}
      sum += dy[window] / divisorOf(p, q);
#else
      sum += dy[window];
#endif
    }
  }
#if ${kind === 'max'}
  dx[i] = sum;
#else
  dx[i] = sum * ${factorOf(sizes)};
#endif
}`;
};

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
