import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { addressOf } from './lib/address.js';
import { LINEAR_LANES, spread } from './lib/linear.js';

// y[n,m] = x[n, label, m], 0 where the label is ignored, NaN where it names no class    pick
// dx[n,c,m] = dy[n,m] where c is the label, and not ignored, else 0                     pickGrad
// y[i] = 1, 0 where the label is ignored                                                isCounted

export interface PickParams {
  readonly N: number;
  readonly C: number;
  readonly M: number;
  readonly ignoreIndex?: number;
}

/** Whether a label is ignored. A number that is no label ignores none. */
const isIgnored = (label: string, ignoreIndex: number | undefined): string =>
  ignoreIndex === undefined ? 'false' : `${label} == ${ignoreIndex}u`;

/** @param x of the shape [N or 1, C, M or 1] */
export const pick = ({ N, C, M, x, ignoreIndex }: PickParams & { readonly x: readonly number[] }) => wgsl`
@group(0) @binding(0) var<storage, read> x: array<f32, ${x.reduce((product, size) => product * size, 1)}>;
@group(0) @binding(1) var<storage, read> labels: array<u32, ${N * M}>;
@group(0) @binding(2) var<storage, read_write> y: array<f32, ${N * M}>;

fn element(i: u32) {
  let label = labels[i];
  let own = i / ${M}u * ${C * M}u + min(label, ${C - 1}u) * ${M}u + i % ${M}u;
  var value = x[${addressOf('own', [N, C, M], x)}];
  // NaN by its bits, because WGSL has no literal for it.
  if (label >= ${C}u) { value = bitcast<f32>(0x7fc00000u | (label & 1u)); }
  y[i] = select(value, 0.0, ${isIgnored('label', ignoreIndex)});
}

@compute @workgroup_size(${LINEAR_LANES}, 1, 1)
fn pick(@builtin(global_invocation_id) id: vec3u) {
  ${spread(N * M)}
}`;

export const pickGrad = ({ N, C, M, ignoreIndex }: PickParams) => wgsl`
@group(0) @binding(0) var<storage, read> dy: array<f32, ${N * M}>;
@group(0) @binding(1) var<storage, read> labels: array<u32, ${N * M}>;
@group(0) @binding(2) var<storage, read_write> dx: array<f32, ${N * C * M}>;

fn element(i: u32) {
  let c = i / ${M}u % ${C}u;
  let row = i / ${C * M}u * ${M}u + i % ${M}u;
  dx[i] = select(0.0, dy[row], labels[row] == c && !(${isIgnored('c', ignoreIndex)}));
}

@compute @workgroup_size(${LINEAR_LANES}, 1, 1)
fn pickGrad(@builtin(global_invocation_id) id: vec3u) {
  ${spread(N * C * M)}
}`;

export const isCounted = ({ size, ignoreIndex }: { readonly size: number; readonly ignoreIndex?: number }) => wgsl`
@group(0) @binding(0) var<storage, read> labels: array<u32, ${size}>;
@group(0) @binding(1) var<storage, read_write> y: array<f32, ${size}>;

fn element(i: u32) {
  let label = labels[i];
  y[i] = select(1.0, 0.0, ${isIgnored('label', ignoreIndex)});
}

@compute @workgroup_size(${LINEAR_LANES}, 1, 1)
fn isCounted(@builtin(global_invocation_id) id: vec3u) {
  ${spread(size)}
}`;
