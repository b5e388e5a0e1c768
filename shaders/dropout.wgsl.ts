import { keepsFrom, pcg as scatter } from '../src/core/random.js';
import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { LINEAR_LANES, spread } from './lib/linear.js';
import { f32 } from './lib/number.js';
import { pcg, stepBits } from './lib/random.wgsl.js';

export interface DropoutParams {
  readonly size: number;
  readonly p: number;
  readonly seed: number;
  readonly stream: number;
}

/** y[i] = x[i]·kept/(1 − p): a product, so that a NaN stays one where it is dropped. */
export const dropout = ({ size, p, seed, stream }: DropoutParams) => wgsl`
@group(0) @binding(0) var<storage, read> x: array<f32, ${size}>;
@group(0) @binding(1) var<storage, read> step: array<u32, 1>;
@group(0) @binding(2) var<storage, read_write> y: array<f32, ${size}>;
${pcg}
${stepBits}

fn element(i: u32) {
  let bits = stepBits(${scatter(stream + scatter(seed))}u, step[0], i);
  y[i] = x[i] * select(0.0, ${f32(1 / (1 - p))}, bits >= ${keepsFrom(p)}u);
}

@compute @workgroup_size(${LINEAR_LANES}, 1, 1)
fn dropout(@builtin(global_invocation_id) id: vec3u) {
  ${spread(size)}
}`;
