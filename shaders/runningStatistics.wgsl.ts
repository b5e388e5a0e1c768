import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { LINEAR_LANES } from './lib/linear.js';
import { f32 } from './lib/number.js';

// What a batch norm remembers of its channels: how evaluation uses it, and how training keeps it. C channels.

/** Rows mean and 1/√(variance + ε), as `moments` makes them of a batch. */
export const runningStatistics = ({ C, epsilon }: { C: number; epsilon: number }) => wgsl`
@group(0) @binding(0) var<storage, read> mean: array<f32, ${C}>;
@group(0) @binding(1) var<storage, read> variance: array<f32, ${C}>;
@group(0) @binding(2) var<storage, read_write> y: array<f32, ${2 * C}>;

@compute @workgroup_size(${LINEAR_LANES}, 1, 1)
fn runningStatistics(@builtin(global_invocation_id) id: vec3u) {
  let c = id.x;
  if (c >= ${C}u) { return; }
  y[c] = mean[c];
  y[${C}u + c] = inverseSqrt(variance[c] + ${f32(epsilon)});
}`;

export interface TrackParams {
  readonly C: number;
  readonly momentum: number;
  readonly run: number;
  readonly rows: number;
  readonly live: boolean;
}

/** Written in place; with the guard set, or without an unbiased variance, a number stays. */
export const trackStatistics = ({ C, momentum, run, rows, live }: TrackParams) => wgsl`
@group(0) @binding(0) var<storage, read> statistics: array<f32, ${2 * C}>;
@group(0) @binding(1) var<storage, read> batch: array<f32, ${C}>;
@group(0) @binding(2) var<storage, read> guard: array<u32, 1>;
#if ${live}
@group(0) @binding(3) var<storage, read> live: array<u32, 1>;
#endif
@group(0) @binding(4) var<storage, read_write> mean: array<f32, ${C}>;
@group(0) @binding(5) var<storage, read_write> variance: array<f32, ${C}>;

@compute @workgroup_size(${LINEAR_LANES}, 1, 1)
fn trackStatistics(@builtin(global_invocation_id) id: vec3u) {
  let c = id.x;
  if (c >= ${C}u || guard[0] != 0xffffffffu) { return; }
#if ${live}
  let n = f32(live[0] * ${run}u);
#else
  let n = f32(${rows * run}u);
#endif
  mean[c] = ${f32(1 - momentum)} * mean[c] + ${f32(momentum)} * statistics[c];
  if (n < 2.0) { return; }
  variance[c] = ${f32(1 - momentum)} * variance[c] + ${f32(momentum)} * (batch[c] * n / (n - 1.0));
}`;
