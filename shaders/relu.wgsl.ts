import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { LINEAR_LANES, LINEAR_ROW } from './lib/linear.js';

// y[i] = max(x[i], 0)                    relu
// dx[i] = dy[i] where y[i] > 0, else 0   reluGrad

export const relu = ({ size }: { size: number }) => wgsl`
@group(0) @binding(0) var<storage, read> x: array<f32, ${size}>;
@group(0) @binding(1) var<storage, read_write> y: array<f32, ${size}>;

@compute @workgroup_size(${LINEAR_LANES}, 1, 1)
fn relu(@builtin(global_invocation_id) id: vec3u) {
  let i = id.y * ${LINEAR_ROW}u + id.x;
  if (i >= ${size}u) { return; }
  let value = x[i];
  // A comparison, not max(): WGSL lets max(NaN, 0) be 0, and a NaN must reach the loss to be seen.
  y[i] = select(value, 0.0, value <= 0.0);
}`;

export const reluGrad = ({ size }: { size: number }) => wgsl`
@group(0) @binding(0) var<storage, read> dy: array<f32, ${size}>;
@group(0) @binding(1) var<storage, read> y: array<f32, ${size}>;
@group(0) @binding(2) var<storage, read_write> dx: array<f32, ${size}>;

@compute @workgroup_size(${LINEAR_LANES}, 1, 1)
fn reluGrad(@builtin(global_invocation_id) id: vec3u) {
  let i = id.y * ${LINEAR_ROW}u + id.x;
  if (i >= ${size}u) { return; }
  dx[i] = select(0.0, dy[i], y[i] > 0.0);
}`;
