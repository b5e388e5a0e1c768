import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { LINEAR_LANES, spread } from './lib/linear.js';
import { f32 } from './lib/number.js';

// One dispatch over a whole arena of parameters, in place. The step's row of `rates` holds what does not depend on the
// weights; with the guard set nothing is written.

export interface SgdParams {
  readonly size: number;
  /** Rows of rates. */
  readonly rows: number;
  readonly momentum: number;
  readonly nesterov: boolean;
  readonly weightDecay: number;
}

/** g ← g + λ·p, v ← μ·v + g, p ← p − rate·v, or Nesterov's g + μ·v in its place. */
export const sgd = ({ size, rows, momentum, nesterov, weightDecay }: SgdParams) => wgsl`
@group(0) @binding(0) var<storage, read> g: array<f32, ${size}>;
@group(0) @binding(1) var<storage, read> rates: array<f32, ${4 * rows}>;
@group(0) @binding(2) var<storage, read> step: array<u32, 1>;
@group(0) @binding(3) var<storage, read> guard: array<u32, 1>;
@group(0) @binding(4) var<storage, read_write> p: array<f32, ${size}>;
@group(0) @binding(5) var<storage, read_write> v: array<f32, ${size}>;

var<private> rate: f32;

fn element(i: u32) {
#if ${weightDecay !== 0}
  let slope = g[i] + ${f32(weightDecay)} * p[i];
#else
  let slope = g[i];
#endif
  let speed = ${f32(momentum)} * v[i] + slope;
#if ${nesterov}
  p[i] -= rate * (slope + ${f32(momentum)} * speed);
#else
  p[i] -= rate * speed;
#endif
  v[i] = speed;
}

@compute @workgroup_size(${LINEAR_LANES}, 1, 1)
fn sgd(@builtin(global_invocation_id) id: vec3u) {
  if (guard[0] != 0xffffffffu) { return; }
  rate = rates[4u * (step[0] % ${rows}u)];
  ${spread(size)}
}`;

export interface AdamParams {
  readonly size: number;
  readonly rows: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
}

/** Moments, then p ← p − rate·m/(√v/root + ε), with rate and root from columns 1 and 2 of the row. */
export const adam = ({ size, rows, beta1, beta2, epsilon, weightDecay }: AdamParams) => wgsl`
@group(0) @binding(0) var<storage, read> g: array<f32, ${size}>;
@group(0) @binding(1) var<storage, read> rates: array<f32, ${4 * rows}>;
@group(0) @binding(2) var<storage, read> step: array<u32, 1>;
@group(0) @binding(3) var<storage, read> guard: array<u32, 1>;
@group(0) @binding(4) var<storage, read_write> p: array<f32, ${size}>;
@group(0) @binding(5) var<storage, read_write> m: array<f32, ${size}>;
@group(0) @binding(6) var<storage, read_write> v: array<f32, ${size}>;

var<private> rate: f32;
var<private> root: f32;

fn element(i: u32) {
#if ${weightDecay !== 0}
  let slope = g[i] + ${f32(weightDecay)} * p[i];
#else
  let slope = g[i];
#endif
  let first = ${f32(beta1)} * m[i] + ${f32(1 - beta1)} * slope;
  let second = ${f32(beta2)} * v[i] + ${f32(1 - beta2)} * slope * slope;
  p[i] -= rate * first / (sqrt(second) / root + ${f32(epsilon)});
  m[i] = first;
  v[i] = second;
}

@compute @workgroup_size(${LINEAR_LANES}, 1, 1)
fn adam(@builtin(global_invocation_id) id: vec3u) {
  if (guard[0] != 0xffffffffu) { return; }
  let row = 4u * (step[0] % ${rows}u);
  rate = rates[row + 1u];
  root = rates[row + 2u];
  ${spread(size)}
}`;
