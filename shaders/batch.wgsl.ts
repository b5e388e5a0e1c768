import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { byteAt, wordsOf } from './lib/bytes.js';
import { LINEAR_LANES, LINEAR_ROW } from './lib/linear.js';
import { pcg, permutation } from './lib/random.wgsl.js';
import { f32 } from './lib/number.js';

// indices[b], live                       batchOf: which images step `step` has
// y[n,·] = (images[indices[n],·]/255 − mean)/std    gatherImages
// y[n] = labels[indices[n]]              gatherLabels
// target[step·N + b] = rows[b], b < live scatterRows
// y = Σ_{n<live} rows[n] / live          liveMean, and its gradient
// y = |{n < live : a[n] = b[n]}|         countEqual
// y[i,j] += |{n < live : a[n] = i, b[n] = j}|    countPairs

export interface BatchParams {
  readonly count: number;
  readonly batch: number;
  readonly seed: number;
  readonly shuffle: boolean;
  /** Their labels in the same dispatch. */
  readonly labelled?: boolean;
}

export const batchOf = ({ count, batch, seed, shuffle, labelled = false }: BatchParams) => wgsl`
@group(0) @binding(0) var<storage, read> step: array<u32, 1>;
@group(0) @binding(1) var<storage, read_write> indices: array<u32, ${batch}>;
@group(0) @binding(2) var<storage, read_write> live: array<u32, 1>;
#if ${labelled}
@group(0) @binding(3) var<storage, read> labels: array<u32, ${wordsOf(count)}>;
@group(0) @binding(4) var<storage, read_write> y: array<u32, ${batch}>;
#endif
#if ${shuffle}
${pcg}
${permutation(count)}
#endif

@compute @workgroup_size(${LINEAR_LANES}, 1, 1)
fn batchOf(@builtin(global_invocation_id) id: vec3u) {
  let b = id.x;
  if (b >= ${batch}u) { return; }
  let epoch = step[0] / ${Math.ceil(count / batch)}u;
  let first = (step[0] % ${Math.ceil(count / batch)}u) * ${batch}u;
  if (b == 0u) { live[0] = min(${batch}u, ${count}u - first); }
  let place = first + b;
  var index = 0u;
#if ${shuffle}
  if (place < ${count}u) { index = permutation(${seed}u, epoch, place); }
#else
  if (place < ${count}u) { index = place; }
#endif
  indices[b] = index;
#if ${labelled}
  y[b] = ${byteAt('labels', 'index')};
#endif
}`;

export interface GatherParams {
  /** Images in the set. */
  readonly count: number;
  /** Images in the batch. */
  readonly batch: number;
  /** Pixels of an image. */
  readonly pixels: number;
  readonly mean: number;
  readonly std: number;
}

/** Four pixels an invocation where an image is whole words, else one: every load brings four. */
export const gatherImages = ({ count, batch, pixels, mean, std }: GatherParams) => wgsl`
@group(0) @binding(0) var<storage, read> images: array<u32, ${wordsOf(count * pixels)}>;
@group(0) @binding(1) var<storage, read> indices: array<u32, ${batch}>;
@group(0) @binding(2) var<storage, read_write> y: array<f32, ${batch * pixels}>;

fn normalised(byte: u32, unit: f32) -> f32 { return fma(f32(byte), unit * ${f32(1 / (255 * std))}, ${f32(-mean / std)}); }

@compute @workgroup_size(${LINEAR_LANES}, 1, 1)
fn gatherImages(@builtin(global_invocation_id) id: vec3u) {
  let i = id.y * ${LINEAR_ROW}u + id.x;
  if (i >= ${gatherInvocations({ batch, pixels })}u) { return; }
#if ${pixels % 4 === 0}
  let word = images[indices[i / ${pixels / 4}u] * ${pixels / 4}u + i % ${pixels / 4}u];
  // The bytes stay where they are, and a power of two brings them down: software adapters shift one lane at a time.
  y[4u * i] = normalised(word & 0xffu, 1.0);
  y[4u * i + 1u] = normalised(word & 0xff00u, ${2 ** -8});
  y[4u * i + 2u] = normalised(word & 0xff0000u, ${2 ** -16});
  y[4u * i + 3u] = normalised(word & 0xff000000u, ${2 ** -24});
#else
  let at = indices[i / ${pixels}u] * ${pixels}u + i % ${pixels}u;
  y[i] = normalised(${byteAt('images', 'at')}, 1.0);
#endif
}`;

/** Invocations of `gatherImages`. */
export const gatherInvocations = ({ batch, pixels }: Pick<GatherParams, 'batch' | 'pixels'>): number =>
  (batch * pixels) / (pixels % 4 === 0 ? 4 : 1);

export const gatherLabels = ({ count, batch }: { count: number; batch: number }) => wgsl`
@group(0) @binding(0) var<storage, read> labels: array<u32, ${wordsOf(count)}>;
@group(0) @binding(1) var<storage, read> indices: array<u32, ${batch}>;
@group(0) @binding(2) var<storage, read_write> y: array<u32, ${batch}>;

@compute @workgroup_size(${LINEAR_LANES}, 1, 1)
fn gatherLabels(@builtin(global_invocation_id) id: vec3u) {
  let n = id.x;
  if (n >= ${batch}u) { return; }
  let at = indices[n];
  y[n] = ${byteAt('labels', 'at')};
}`;

/** Words pass unchanged, so one kernel serves every type. */
export const scatterRows = ({ target, rows }: { target: number; rows: number }) => wgsl`
@group(0) @binding(0) var<storage, read> rows: array<u32, ${rows}>;
@group(0) @binding(1) var<storage, read> step: array<u32, 1>;
@group(0) @binding(2) var<storage, read> live: array<u32, 1>;
@group(0) @binding(3) var<storage, read_write> y: array<u32, ${target}>;

@compute @workgroup_size(${LINEAR_LANES}, 1, 1)
fn scatterRows(@builtin(global_invocation_id) id: vec3u) {
  let b = id.x;
  let at = step[0] * ${rows}u + b;
  if (b >= ${rows}u || b >= live[0] || at >= ${target}u) { return; }
  y[at] = rows[b];
}`;

export const liveMean = ({ rows }: { rows: number }) => wgsl`
@group(0) @binding(0) var<storage, read> rows: array<f32, ${rows}>;
@group(0) @binding(1) var<storage, read> live: array<u32, 1>;
@group(0) @binding(2) var<storage, read_write> y: array<f32, 1>;

@compute @workgroup_size(1, 1, 1)
fn liveMean() {
  var total = 0.0;
  let count = min(live[0], ${rows}u);
  for (var n = 0u; n < count; n++) { total += rows[n]; }
  y[0] = total / f32(live[0]);
}`;

export const liveMeanGrad = ({ rows }: { rows: number }) => wgsl`
@group(0) @binding(0) var<storage, read> dy: array<f32, 1>;
@group(0) @binding(1) var<storage, read> live: array<u32, 1>;
@group(0) @binding(2) var<storage, read_write> dx: array<f32, ${rows}>;

@compute @workgroup_size(${LINEAR_LANES}, 1, 1)
fn liveMeanGrad(@builtin(global_invocation_id) id: vec3u) {
  let n = id.x;
  if (n >= ${rows}u) { return; }
  dx[n] = select(0.0, dy[0] / f32(live[0]), n < live[0]);
}`;

export const countEqual = ({ rows }: { rows: number }) => wgsl`
@group(0) @binding(0) var<storage, read> a: array<u32, ${rows}>;
@group(0) @binding(1) var<storage, read> b: array<u32, ${rows}>;
@group(0) @binding(2) var<storage, read> live: array<u32, 1>;
@group(0) @binding(3) var<storage, read_write> y: array<u32, 1>;

@compute @workgroup_size(1, 1, 1)
fn countEqual() {
  var total = 0u;
  let count = min(live[0], ${rows}u);
  for (var n = 0u; n < count; n++) { total += select(0u, 1u, a[n] == b[n]); }
  y[0] = total;
}`;

/** Sums of whole numbers are the same in any order. */
export const countPairs = ({ rows, classes }: { rows: number; classes: number }) => wgsl`
@group(0) @binding(0) var<storage, read> a: array<u32, ${rows}>;
@group(0) @binding(1) var<storage, read> b: array<u32, ${rows}>;
@group(0) @binding(2) var<storage, read> live: array<u32, 1>;
@group(0) @binding(3) var<storage, read_write> y: array<atomic<u32>, ${classes * classes}>;

@compute @workgroup_size(${LINEAR_LANES}, 1, 1)
fn countPairs(@builtin(global_invocation_id) id: vec3u) {
  let n = id.x;
  if (n >= ${rows}u || n >= live[0] || a[n] >= ${classes}u || b[n] >= ${classes}u) { return; }
  atomicAdd(&y[a[n] * ${classes}u + b[n]], 1u);
}`;
