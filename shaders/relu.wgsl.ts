import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { LINEAR_LANES, spread } from './lib/linear.js';

// y[i] = max(x[i], 0)                      relu
// dx[i] = dy[i] where y[i] > 0, else 0     reluGrad

export const relu = ({ size }: { size: number }) => wgsl`
@group(0) @binding(0) var<storage, read> x: array<f32, ${size}>;
@group(0) @binding(1) var<storage, read_write> y: array<f32, ${size}>;

fn element(i: u32) {
  let value = x[i];
  // A comparison, not max(): WGSL lets max(NaN, 0) be 0, and a NaN must reach the loss to be seen.
  y[i] = select(value, 0.0, value <= 0.0);
}

@compute @workgroup_size(${LINEAR_LANES}, 1, 1)
fn relu(@builtin(global_invocation_id) id: vec3u) {
  ${spread(size)}
}`;

export const reluGrad = ({ size }: { size: number }) => wgsl`
@group(0) @binding(0) var<storage, read> dy: array<f32, ${size}>;
@group(0) @binding(1) var<storage, read> y: array<f32, ${size}>;
@group(0) @binding(2) var<storage, read_write> dx: array<f32, ${size}>;

fn element(i: u32) { dx[i] = select(0.0, dy[i], y[i] > 0.0); }

@compute @workgroup_size(${LINEAR_LANES}, 1, 1)
fn reluGrad(@builtin(global_invocation_id) id: vec3u) {
  ${spread(size)}
}`;
