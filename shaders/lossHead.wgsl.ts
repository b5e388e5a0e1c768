import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { rowSums, type RowsParams } from './softmax.wgsl.js';
import { LINEAR_LANES } from './lib/linear.js';
import { f32 } from './lib/number.js';

// What stands between a net and its gradient, over logits [N, C], labels [N] and the live count:
//
//   loss = Σ_{n<live} (log Σ_c exp(x[n,c] − max) − (x[n,label] − max)) / live
//   correct = |{n < live : label = first c with the largest x[n,c]}|
//   dx[n,c] = seed/live · (softmax(x)[n,c] − (c = label)) for n < live, else 0

export interface HeadParams extends RowsParams {
  /** The gradient of the loss itself; absent where it is bound as `seed`. */
  readonly seed: number | undefined;
}

/** `fn row(n: u32) -> Row` writes the gradient of one row; its loss and hit count only where it is live. */
export const headRow = ({ N, C, seed }: HeadParams): string => wgsl`
struct Row { loss: f32, hit: u32 }

fn row(n: u32) -> Row {
  ${rowSums({ N, C })}
  let label = labels[n];
  let slope = select(0.0, ${seed === undefined ? 'seed[0]' : f32(seed)} / f32(live[0]), n < live[0]);
  var best = 0u;
  var highest = logits[n * ${C}u];
  for (var c = 0u; c < ${C}u; c++) {
    let value = logits[n * ${C}u + c];
    let probability = exp(value - most) / total;
    // A row that is not live has no slope, even where its logits are no numbers: 0·NaN would be NaN.
    dx[n * ${C}u + c] = select(0.0, slope * (probability - select(0.0, 1.0, c == label)), n < live[0]);
    if (value > highest) { best = c; highest = value; }
  }
  let own = logits[n * ${C}u + min(label, ${C - 1}u)];
  var loss = log(total) - (own - most);
  // A label that names no class has no loss: NaN by its bits, because WGSL has no literal for it.
  if (label >= ${C}u) { loss = bitcast<f32>(0x7fc00000u | (label & 1u)); }
  return Row(select(0.0, loss, n < live[0]), select(0u, 1u, best == label && n < live[0]));
}`;

const operands = ({ N, C, seed }: HeadParams): string => wgsl`
@group(0) @binding(0) var<storage, read> logits: array<f32, ${N * C}>;
@group(0) @binding(1) var<storage, read> labels: array<u32, ${N}>;
@group(0) @binding(2) var<storage, read> live: array<u32, 1>;
@group(0) @binding(3) var<storage, read_write> dx: array<f32, ${N * C}>;
#if ${seed === undefined}
@group(0) @binding(6) var<storage, read> seed: array<f32, 1>;
#endif`;

/** Invocations that share the rows of `lossHead`. */
const LANES = 64;

/** All rows in one workgroup; a tree of fixed form adds up what its invocations have. */
export const lossHead = (p: HeadParams) => wgsl`
${operands(p)}
@group(0) @binding(4) var<storage, read_write> loss: array<f32, 1>;
@group(0) @binding(5) var<storage, read_write> correct: array<u32, 1>;

var<workgroup> losses: array<f32, ${LANES}>;
var<workgroup> hits: array<u32, ${LANES}>;
${headRow(p)}

@compute @workgroup_size(${LANES}, 1, 1)
fn lossHead(@builtin(local_invocation_index) lane: u32) {
  var own = Row(0.0, 0u);
  for (var n = lane; n < ${p.N}u; n += ${LANES}u) {
    let next = row(n);
    own = Row(own.loss + next.loss, own.hit + next.hit);
  }
  losses[lane] = own.loss;
  hits[lane] = own.hit;
  for (var half = ${LANES / 2}u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (lane < half) {
      losses[lane] += losses[lane + half];
      hits[lane] += hits[lane + half];
    }
  }
  if (lane == 0u) {
    loss[0] = losses[0] / f32(live[0]);
    correct[0] = hits[0];
  }
}`;

/** Invocations of a workgroup of `lossHeadRows`. */
const ROWS = 4;

/** One invocation a row; what the rows have is added up by `lossHeadSum`. */
export const lossHeadRows = (p: HeadParams) => wgsl`
${operands(p)}
@group(0) @binding(4) var<storage, read_write> rows: array<f32, ${2 * p.N}>;
${headRow(p)}

@compute @workgroup_size(${ROWS}, 1, 1)
fn lossHeadRows(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= ${p.N}u) { return; }
  let own = row(id.x);
  rows[id.x] = own.loss;
  rows[${p.N}u + id.x] = f32(own.hit);
}`;

/** Workgroups of `lossHeadRows`. */
export const headGroups = (N: number): readonly [number, number, number] => [Math.ceil(N / ROWS), 1, 1];

/** The losses of all rows, then their hits as 0 or 1: both are words of one kind, and few enough to be exact. */
export const lossHeadSum = ({ N }: Pick<RowsParams, 'N'>) => wgsl`
@group(0) @binding(0) var<storage, read> rows: array<f32, ${2 * N}>;
@group(0) @binding(1) var<storage, read> live: array<u32, 1>;
@group(0) @binding(2) var<storage, read_write> loss: array<f32, 1>;
@group(0) @binding(3) var<storage, read_write> correct: array<u32, 1>;

@compute @workgroup_size(${LINEAR_LANES}, 1, 1)
fn lossHeadSum(@builtin(global_invocation_id) id: vec3u) {
  if (id.x > 0u) { return; }
  var total = 0.0;
  var count = 0.0;
  for (var n = 0u; n < ${N}u; n++) {
    total += rows[n];
    count += rows[${N}u + n];
  }
  loss[0] = total / f32(live[0]);
  correct[0] = u32(count);
}`;
