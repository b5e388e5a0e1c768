import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { LINEAR_LANES, LINEAR_ROW } from './lib/linear.js';

// y[i] = x[i], word for word: bits of any type pass unchanged, NaN's too.

export const copy = ({ words }: { words: number }) => wgsl`
@group(0) @binding(0) var<storage, read> x: array<u32, ${words}>;
@group(0) @binding(1) var<storage, read_write> y: array<u32, ${words}>;

@compute @workgroup_size(${LINEAR_LANES}, 1, 1)
fn copy(@builtin(global_invocation_id) id: vec3u) {
  let i = id.y * ${LINEAR_ROW}u + id.x;
  if (i >= ${words}u) { return; }
  y[i] = x[i];
}`;
