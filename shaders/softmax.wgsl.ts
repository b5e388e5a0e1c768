import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';

// One invocation a row of logits [N, C]: the rows are few and short.
//
//   loss[n] = log Σ exp(x[n,·] − max) − (x[n,label] − max)  crossEntropyRows
//   dx[n,c] = dy[n]·(softmax − (c = label))                 crossEntropyRowsGrad
//   loss[n] = log Σ exp(x[n,·] − max) − own·(x[n,label] − max) − (1 − own)·(x[n,other] − max)   mixedCrossEntropyRows
//   dx[n,c] = dy[n]·(softmax − own·(c = label) − (1 − own)·(c = other))                     mixedCrossEntropyRowsGrad
//   y[n] = first c with the largest x[n,c]                  argmaxRows

export interface RowsParams {
  readonly N: number;
  readonly C: number;
}

const LANES = 4;

/** `most` and `total` of row n: the largest logit, and the sum of exponentials. A comparison lets a NaN through. */
export const rowSums = ({ C }: RowsParams): string => wgsl`
  var most = logits[n * ${C}u];
  for (var c = 1u; c < ${C}u; c++) {
    let value = logits[n * ${C}u + c];
    most = select(value, most, value <= most);
  }
  var total = 0.0;
  for (var c = 0u; c < ${C}u; c++) { total += exp(logits[n * ${C}u + c] - most); }`;

export const crossEntropyRows = (p: RowsParams) => wgsl`
@group(0) @binding(0) var<storage, read> logits: array<f32, ${p.N * p.C}>;
@group(0) @binding(1) var<storage, read> labels: array<u32, ${p.N}>;
@group(0) @binding(2) var<storage, read_write> loss: array<f32, ${p.N}>;

@compute @workgroup_size(${LANES}, 1, 1)
fn crossEntropyRows(@builtin(global_invocation_id) id: vec3u) {
  let n = id.x;
  if (n >= ${p.N}u) { return; }
  ${rowSums(p)}
  let label = labels[n];
  let own = logits[n * ${p.C}u + min(label, ${p.C - 1}u)];
  var value = log(total) - (own - most);
  // A label that names no class has no loss: NaN by its bits, because WGSL has no literal for it.
  if (label >= ${p.C}u) { value = bitcast<f32>(0x7fc00000u | (label & 1u)); }
  loss[n] = value;
}`;

export const crossEntropyRowsGrad = (p: RowsParams) => wgsl`
@group(0) @binding(0) var<storage, read> dy: array<f32, ${p.N}>;
@group(0) @binding(1) var<storage, read> logits: array<f32, ${p.N * p.C}>;
@group(0) @binding(2) var<storage, read> labels: array<u32, ${p.N}>;
@group(0) @binding(3) var<storage, read_write> dx: array<f32, ${p.N * p.C}>;

@compute @workgroup_size(${LANES}, 1, 1)
fn crossEntropyRowsGrad(@builtin(global_invocation_id) id: vec3u) {
  let n = id.x;
  if (n >= ${p.N}u) { return; }
  ${rowSums(p)}
  let label = labels[n];
  for (var c = 0u; c < ${p.C}u; c++) {
    let own = select(0.0, 1.0, c == label);
    dx[n * ${p.C}u + c] = dy[n] * (exp(logits[n * ${p.C}u + c] - most) / total - own);
  }
}`;

export const mixedCrossEntropyRows = (p: RowsParams) => wgsl`
@group(0) @binding(0) var<storage, read> logits: array<f32, ${p.N * p.C}>;
@group(0) @binding(1) var<storage, read> labels: array<u32, ${p.N}>;
@group(0) @binding(2) var<storage, read> others: array<u32, ${p.N}>;
@group(0) @binding(3) var<storage, read> own: array<f32, ${p.N}>;
@group(0) @binding(4) var<storage, read_write> loss: array<f32, ${p.N}>;

@compute @workgroup_size(${LANES}, 1, 1)
fn mixedCrossEntropyRows(@builtin(global_invocation_id) id: vec3u) {
  let n = id.x;
  if (n >= ${p.N}u) { return; }
  ${rowSums(p)}
  let label = labels[n];
  let other = others[n];
  let first = logits[n * ${p.C}u + min(label, ${p.C - 1}u)] - most;
  let second = logits[n * ${p.C}u + min(other, ${p.C - 1}u)] - most;
  var value = log(total) - own[n] * first - (1.0 - own[n]) * second;
  if (max(label, other) >= ${p.C}u) { value = bitcast<f32>(0x7fc00000u | (label & 1u)); }
  loss[n] = value;
}`;

export const mixedCrossEntropyRowsGrad = (p: RowsParams) => wgsl`
@group(0) @binding(0) var<storage, read> dy: array<f32, ${p.N}>;
@group(0) @binding(1) var<storage, read> logits: array<f32, ${p.N * p.C}>;
@group(0) @binding(2) var<storage, read> labels: array<u32, ${p.N}>;
@group(0) @binding(3) var<storage, read> others: array<u32, ${p.N}>;
@group(0) @binding(4) var<storage, read> own: array<f32, ${p.N}>;
@group(0) @binding(5) var<storage, read_write> dx: array<f32, ${p.N * p.C}>;

@compute @workgroup_size(${LANES}, 1, 1)
fn mixedCrossEntropyRowsGrad(@builtin(global_invocation_id) id: vec3u) {
  let n = id.x;
  if (n >= ${p.N}u) { return; }
  ${rowSums(p)}
  for (var c = 0u; c < ${p.C}u; c++) {
    let mine = select(0.0, own[n], c == labels[n]);
    let theirs = select(0.0, 1.0 - own[n], c == others[n]);
    dx[n * ${p.C}u + c] = dy[n] * (exp(logits[n * ${p.C}u + c] - most) / total - (mine + theirs));
  }
}`;

export const argmaxRows = ({ N, C }: RowsParams) => wgsl`
@group(0) @binding(0) var<storage, read> logits: array<f32, ${N * C}>;
@group(0) @binding(1) var<storage, read_write> y: array<u32, ${N}>;

@compute @workgroup_size(${LANES}, 1, 1)
fn argmaxRows(@builtin(global_invocation_id) id: vec3u) {
  let n = id.x;
  if (n >= ${N}u) { return; }
  var best = 0u;
  var most = logits[n * ${C}u];
  for (var c = 1u; c < ${C}u; c++) {
    let value = logits[n * ${C}u + c];
    if (value > most) { best = c; most = value; }
  }
  y[n] = best;
}`;

/** Workgroups of a row-wise kernel. */
export const rowGroups = (N: number): readonly [number, number, number] => [Math.ceil(N / LANES), 1, 1];
