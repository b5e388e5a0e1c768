import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { LINEAR_LANES, LINEAR_ROW } from './lib/linear.js';

// Pools that cut an image into P × Q windows, whatever its size, one result an invocation.
//
//   adaptiveAvgPool2d      y[n,c,p,q] = mean of x[n,c,h,w]
//   adaptiveMaxPool2d      y[n,c,p,q] = max x[n,c,h,w],  index[n,c,p,q] = the winner's h·W + w
//   adaptiveAvgPool2dGrad  dx[n,c,h,w] = Σ dy[n,c,p,q] / (pixels of the window) over the windows that see (h, w)
//
// over ⌊p·H/P⌋ ≤ h < ⌈(p+1)·H/P⌉, and so for w. x [N·C, H, W], y [N·C, P, Q]: images and channels are one axis of planes.

/** Every size of an adaptive pool. */
export interface AdaptiveSizes {
  readonly planes: number;
  readonly H: number;
  readonly W: number;
  readonly P: number;
  readonly Q: number;
}

/** WGSL: where a window begins and ends along an axis. */
const edges = ({ H, W, P, Q }: AdaptiveSizes): string => `
fn firstRowOf(p: u32) -> u32 { return p * ${H}u / ${P}u; }
fn endRowOf(p: u32) -> u32 { return ((p + 1u) * ${H}u + ${P - 1}u) / ${P}u; }
fn firstColumnOf(q: u32) -> u32 { return q * ${W}u / ${Q}u; }
fn endColumnOf(q: u32) -> u32 { return ((q + 1u) * ${W}u + ${Q - 1}u) / ${Q}u; }
`;

export const adaptiveAvgPool2d = (sizes: AdaptiveSizes): string => {
  const { planes, H, W, P, Q } = sizes;
  return wgsl`
@group(0) @binding(0) var<storage, read> x: array<f32, ${planes * H * W}>;
@group(0) @binding(1) var<storage, read_write> y: array<f32, ${planes * P * Q}>;
${edges(sizes)}
@compute @workgroup_size(${LINEAR_LANES}, 1, 1)
fn adaptiveAvgPool2d(@builtin(global_invocation_id) id: vec3u) {
  let i = id.y * ${LINEAR_ROW}u + id.x;
  if (i >= ${planes * P * Q}u) { return; }
  let q = i % ${Q}u;
  let p = i / ${Q}u % ${P}u;
  let plane = i / ${P * Q}u * ${H * W}u;
  let rows = vec2u(firstRowOf(p), endRowOf(p));
  let columns = vec2u(firstColumnOf(q), endColumnOf(q));
  var sum = 0.0;
  for (var row = rows.x; row < rows.y; row++) {
    for (var column = columns.x; column < columns.y; column++) { sum += x[plane + row * ${W}u + column]; }
  }
  y[i] = sum / f32((rows.y - rows.x) * (columns.y - columns.x));
}`;
};

export const adaptiveMaxPool2d = (sizes: AdaptiveSizes): string => {
  const { planes, H, W, P, Q } = sizes;
  return wgsl`
@group(0) @binding(0) var<storage, read> x: array<f32, ${planes * H * W}>;
@group(0) @binding(1) var<storage, read_write> y: array<f32, ${planes * P * Q}>;
@group(0) @binding(2) var<storage, read_write> index: array<u32, ${planes * P * Q}>;
${edges(sizes)}
@compute @workgroup_size(${LINEAR_LANES}, 1, 1)
fn adaptiveMaxPool2d(@builtin(global_invocation_id) id: vec3u) {
  let i = id.y * ${LINEAR_ROW}u + id.x;
  if (i >= ${planes * P * Q}u) { return; }
  let q = i % ${Q}u;
  let p = i / ${Q}u % ${P}u;
  let plane = i / ${P * Q}u * ${H * W}u;
  // −∞ cannot be written in WGSL; the first pixel of the window is as good a beginning.
  var winner = firstRowOf(p) * ${W}u + firstColumnOf(q);
  var best = x[plane + winner];
  let endRow = endRowOf(p);
  let endColumn = endColumnOf(q);
  for (var row = firstRowOf(p); row < endRow; row++) {
    for (var column = firstColumnOf(q); column < endColumn; column++) {
      let value = x[plane + row * ${W}u + column];
      // The bits tell a NaN, because WGSL lets a compiler assume that value != value is false.
      if (value > best || (bitcast<u32>(value) & 0x7fffffffu) > 0x7f800000u) {
        best = value;
        winner = row * ${W}u + column;
      }
    }
  }
  y[i] = best;
  index[i] = winner;
}`;
};

/** One invocation owns a pixel of dx and walks the windows that see it, so no two add to one word. */
export const adaptiveAvgPool2dGrad = (sizes: AdaptiveSizes): string => {
  const { planes, H, W, P, Q } = sizes;
  return wgsl`
@group(0) @binding(0) var<storage, read> dy: array<f32, ${planes * P * Q}>;
@group(0) @binding(1) var<storage, read_write> dx: array<f32, ${planes * H * W}>;
${edges(sizes)}
@compute @workgroup_size(${LINEAR_LANES}, 1, 1)
fn adaptiveAvgPool2dGrad(@builtin(global_invocation_id) id: vec3u) {
  let i = id.y * ${LINEAR_ROW}u + id.x;
  if (i >= ${planes * H * W}u) { return; }
  let column = i % ${W}u;
  let row = i / ${W}u % ${H}u;
  let plane = i / ${H * W}u * ${P * Q}u;
  // ⌊p·H/P⌋ ≤ row < ⌈(p+1)·H/P⌉, solved for p.
  let endP = ((row + 1u) * ${P}u + ${H - 1}u) / ${H}u;
  let endQ = ((column + 1u) * ${Q}u + ${W - 1}u) / ${W}u;
  var sum = 0.0;
  for (var p = row * ${P}u / ${H}u; p < endP; p++) {
    let rows = endRowOf(p) - firstRowOf(p);
    for (var q = column * ${Q}u / ${W}u; q < endQ; q++) {
      sum += dy[plane + p * ${Q}u + q] / f32(rows * (endColumnOf(q) - firstColumnOf(q)));
    }
  }
  dx[i] = sum;
}`;
};
