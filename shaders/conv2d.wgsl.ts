import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { LINEAR_LANES, LINEAR_ROW } from './lib/linear.js';

// Convolution and its two adjoints, one result an invocation: the yardstick of every faster kernel.
//
//   conv2d       y[n,k,p,q]  = Σ_{c,r,s} x[n,c,h,w]·w[k,c,r,s]
//   conv2dGradX  dx[n,c,h,w] = Σ_{k,r,s} dy[n,k,p,q]·w[k,c,r,s]
//   conv2dGradW  dw[k,c,r,s] = Σ_{n,p,q} dy[n,k,p,q]·x[n,c,h,w]
//
// with h = p·STRIDE + r·DILATION − PADDING and w likewise from q and s; terms outside the images are absent.
// x [N, C, H, W], w [K, C/GROUPS, R, S], y [N, K, P, Q]. Filter k sees the C/GROUPS channels of its group alone.
// Rows and columns are u32: what lies before the image wraps to a huge number, so one comparison finds both ends.

/** Every size and setting of a convolution. Pairs are [rows, columns]. */
export interface Conv2dSizes {
  readonly N: number;
  readonly C: number;
  readonly H: number;
  readonly W: number;
  readonly K: number;
  readonly R: number;
  readonly S: number;
  readonly P: number;
  readonly Q: number;
  readonly stride: readonly [number, number];
  readonly padding: readonly [number, number];
  readonly dilation: readonly [number, number];
  readonly groups: number;
}

/** What follows the sum in the same kernel: a bias [K] of the filters, then max(·, 0). */
export interface Epilogue {
  readonly bias: boolean;
  readonly relu: boolean;
}

/** Elements of images, filters and results. */
export const extents = ({ N, C, H, W, K, R, S, P, Q, groups }: Conv2dSizes) => ({
  x: N * C * H * W,
  w: (K * C * R * S) / groups,
  y: N * K * P * Q,
});

/** Whether some window reaches past the image along this axis: rows 0, columns 1. */
export const reachesPast = (sizes: Conv2dSizes, axis: 0 | 1): boolean => {
  const { stride, padding, dilation } = sizes;
  const [size, results, taps] = axis === 0 ? [sizes.H, sizes.P, sizes.R] : [sizes.W, sizes.Q, sizes.S];
  return padding[axis] > 0 || (results - 1) * stride[axis] + (taps - 1) * dilation[axis] >= size;
};

/** The name of the run of ops that a forward kernel computes. */
export const forwardName = ({ bias, relu }: Epilogue): string => `conv2d${bias ? 'Bias' : ''}${relu ? 'Relu' : ''}`;

export const conv2d = (sizes: Conv2dSizes, epilogue: Epilogue) => {
  const { C, H, W, K, R, S, P, Q, stride, padding, dilation, groups } = sizes;
  const { x, w, y } = extents(sizes);
  return wgsl`
@group(0) @binding(0) var<storage, read> x: array<f32, ${x}>;
@group(0) @binding(1) var<storage, read> w: array<f32, ${w}>;
@group(0) @binding(2) var<storage, read_write> y: array<f32, ${y}>;
#if ${epilogue.bias}
@group(0) @binding(3) var<storage, read> b: array<f32, ${K}>;
#endif

@compute @workgroup_size(${LINEAR_LANES}, 1, 1)
fn ${forwardName(epilogue)}(@builtin(global_invocation_id) id: vec3u) {
  let i = id.y * ${LINEAR_ROW}u + id.x;
  if (i >= ${y}u) { return; }
  let q = i % ${Q}u;
  let p = i / ${Q}u % ${P}u;
  let k = i / ${P * Q}u % ${K}u;
  let n = i / ${K * P * Q}u;
#if ${groups > 1}
  let firstChannel = k / ${K / groups}u * ${C / groups}u;
#else
  let firstChannel = 0u;
#endif
  var sum = 0.0;
  for (var c = 0u; c < ${C / groups}u; c++) {
    for (var r = 0u; r < ${R}u; r++) {
      let row = p * ${stride[0]}u + r * ${dilation[0]}u - ${padding[0]}u;
#if ${reachesPast(sizes, 0)}
      if (row >= ${H}u) { continue; }
#endif
      for (var s = 0u; s < ${S}u; s++) {
        let column = q * ${stride[1]}u + s * ${dilation[1]}u - ${padding[1]}u;
#if ${reachesPast(sizes, 1)}
        if (column >= ${W}u) { continue; }
#endif
        let pixel = x[((n * ${C}u + firstChannel + c) * ${H}u + row) * ${W}u + column];
        sum = fma(pixel, w[((k * ${C / groups}u + c) * ${R}u + r) * ${S}u + s], sum);
      }
    }
  }
#if ${epilogue.bias}
  sum += b[k];
#endif
#if ${epilogue.relu}
  // A comparison, not max(): WGSL lets max(NaN, 0) be 0, and a NaN must reach the loss to be seen.
  sum = select(sum, 0.0, sum <= 0.0);
#endif
  y[i] = sum;
}`;
};

export const conv2dGradX = (sizes: Conv2dSizes) => {
  const { C, H, W, K, R, S, P, Q, stride, padding, dilation, groups } = sizes;
  const { x, w, y } = extents(sizes);
  return wgsl`
@group(0) @binding(0) var<storage, read> dy: array<f32, ${y}>;
@group(0) @binding(1) var<storage, read> w: array<f32, ${w}>;
@group(0) @binding(2) var<storage, read_write> dx: array<f32, ${x}>;

@compute @workgroup_size(${LINEAR_LANES}, 1, 1)
fn conv2dGradX(@builtin(global_invocation_id) id: vec3u) {
  let i = id.y * ${LINEAR_ROW}u + id.x;
  if (i >= ${x}u) { return; }
  let column = i % ${W}u;
  let h = i / ${W}u % ${H}u;
  let c = i / ${H * W}u % ${C}u;
  let n = i / ${C * H * W}u;
#if ${groups > 1}
  let firstFilter = c / ${C / groups}u * ${K / groups}u;
  let channel = c % ${C / groups}u;
#else
  let firstFilter = 0u;
  let channel = c;
#endif
  var sum = 0.0;
  for (var r = 0u; r < ${R}u; r++) {
    let below = h + ${padding[0]}u - r * ${dilation[0]}u;
#if ${stride[0] > 1}
    if (below % ${stride[0]}u != 0u) { continue; }
#endif
    let p = below / ${stride[0]}u;
    if (p >= ${P}u) { continue; }
    for (var s = 0u; s < ${S}u; s++) {
      let right = column + ${padding[1]}u - s * ${dilation[1]}u;
#if ${stride[1] > 1}
      if (right % ${stride[1]}u != 0u) { continue; }
#endif
      let q = right / ${stride[1]}u;
      if (q >= ${Q}u) { continue; }
      for (var k = firstFilter; k < firstFilter + ${K / groups}u; k++) {
        let slope = dy[((n * ${K}u + k) * ${P}u + p) * ${Q}u + q];
        sum = fma(slope, w[((k * ${C / groups}u + channel) * ${R}u + r) * ${S}u + s], sum);
      }
    }
  }
  dx[i] = sum;
}`;
};

export const conv2dGradW = (sizes: Conv2dSizes) => {
  const { N, C, H, W, K, R, S, P, Q, stride, padding, dilation, groups } = sizes;
  const { x, w, y } = extents(sizes);
  return wgsl`
@group(0) @binding(0) var<storage, read> dy: array<f32, ${y}>;
@group(0) @binding(1) var<storage, read> x: array<f32, ${x}>;
@group(0) @binding(2) var<storage, read_write> dw: array<f32, ${w}>;

@compute @workgroup_size(${LINEAR_LANES}, 1, 1)
fn conv2dGradW(@builtin(global_invocation_id) id: vec3u) {
  let i = id.y * ${LINEAR_ROW}u + id.x;
  if (i >= ${w}u) { return; }
  let s = i % ${S}u;
  let r = i / ${S}u % ${R}u;
  let c = i / ${R * S}u % ${C / groups}u;
  let k = i / ${(C / groups) * R * S}u;
#if ${groups > 1}
  let channel = k / ${K / groups}u * ${C / groups}u + c;
#else
  let channel = c;
#endif
  var sum = 0.0;
  for (var n = 0u; n < ${N}u; n++) {
    for (var p = 0u; p < ${P}u; p++) {
      let row = p * ${stride[0]}u + r * ${dilation[0]}u - ${padding[0]}u;
#if ${reachesPast(sizes, 0)}
      if (row >= ${H}u) { continue; }
#endif
      // A sum of its own for each row: fewer roundings meet in one number.
      var rowSum = 0.0;
      for (var q = 0u; q < ${Q}u; q++) {
        let column = q * ${stride[1]}u + s * ${dilation[1]}u - ${padding[1]}u;
#if ${reachesPast(sizes, 1)}
        if (column >= ${W}u) { continue; }
#endif
        let slope = dy[((n * ${K}u + k) * ${P}u + p) * ${Q}u + q];
        rowSum = fma(slope, x[((n * ${C}u + channel) * ${H}u + row) * ${W}u + column], rowSum);
      }
      sum += rowSum;
    }
  }
  dw[i] = sum;
}`;
};
