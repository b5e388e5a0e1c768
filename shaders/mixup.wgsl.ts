import { pcg as scatter } from '../src/core/random.js';
import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { LINEAR_LANES, LINEAR_ROW, spread } from './lib/linear.js';
import { f32 } from './lib/number.js';
import { pcg } from './lib/random.wgsl.js';

export interface MixupParams {
  readonly batch: number;
  readonly seed: number;
  readonly stream: number;
  readonly perEpoch: number;
  /** From ½ to 1, between cells that are equally likely. */
  readonly quantiles: readonly number[];
  readonly draws: Readonly<Record<'part' | 'partner', number>>;
}

// partners[n], images[n], own[n]         mixup: whom an image is mixed with, and how much of it stays; see src/ops/mixup.ts
// y[n, …] = own[n]·x[n, …] + (1 − own[n])·x[partners[n], …]                                                     mixRows

/** A cell and a place in it, so that no built-in function decides what is drawn. */
export const mixup = ({ batch, seed, stream, perEpoch, quantiles, draws }: MixupParams) => wgsl`
@group(0) @binding(0) var<storage, read> indices: array<u32, ${batch}>;
@group(0) @binding(1) var<storage, read> live: array<u32, 1>;
@group(0) @binding(2) var<storage, read> step: array<u32, 1>;
@group(0) @binding(3) var<storage, read_write> partners: array<u32, ${batch}>;
@group(0) @binding(4) var<storage, read_write> images: array<u32, ${batch}>;
@group(0) @binding(5) var<storage, read_write> own: array<f32, ${batch}>;
${pcg}

const QUANTILES = array<f32, ${quantiles.length}>(${quantiles.map(f32).join(', ')});

@compute @workgroup_size(${LINEAR_LANES}, 1, 1)
fn mixup(@builtin(global_invocation_id) id: vec3u) {
  let n = id.y * ${LINEAR_ROW}u + id.x;
  if (n >= ${batch}u) { return; }
  let key = pcg(indices[n] + pcg(step[0] / ${perEpoch}u + ${scatter(stream + scatter(seed))}u));
  let bits = pcg(${draws.part}u + key) >> 8u;
  let cell = bits >> 16u;
  let lower = QUANTILES[cell];
  own[n] = lower + (QUANTILES[cell + 1u] - lower) * (f32(bits & 65535u) * ${f32(2 ** -16)});

  var partner = n;
  if (n < live[0] && live[0] > 1u) {
    let others = live[0] - 1u;
    partner = (n + 1u + (((pcg(${draws.partner}u + key) >> 16u) * others) >> 16u)) % live[0];
  }
  partners[n] = partner;
  images[n] = indices[partner];
}`;

export const mixRows = ({ rows, size }: { readonly rows: number; readonly size: number }) => wgsl`
@group(0) @binding(0) var<storage, read> x: array<f32, ${rows * size}>;
@group(0) @binding(1) var<storage, read> partners: array<u32, ${rows}>;
@group(0) @binding(2) var<storage, read> own: array<f32, ${rows}>;
@group(0) @binding(3) var<storage, read_write> y: array<f32, ${rows * size}>;

fn element(at: u32) {
  let n = at / ${size}u;
  y[at] = own[n] * x[at] + (1.0 - own[n]) * x[partners[n] * ${size}u + at % ${size}u];
}

@compute @workgroup_size(${LINEAR_LANES}, 1, 1)
fn mixRows(@builtin(global_invocation_id) id: vec3u) {
  ${spread(rows * size)}
}`;
