import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { LANES, laneGroups, outputOfGroup, type ReduceParams } from './lib/axes.js';
import { exponential } from './lib/functions.js';
import { LINEAR_LANES, LINEAR_ROW, linearGroups } from './lib/linear.js';

// Along axis 1 of [N, C, M], with Σ over that axis:
//
//   y = exp(x − most) / Σ exp(x − most)          softmax
//   y = x − most − log Σ exp(x − most)           logSoftmax
//   dx = y·(dy − Σ dy·y)                         softmaxGrad
//   dx = dy − exp(y)·Σ dy                        logSoftmaxGrad

export interface AlongParams {
  readonly op: 'softmax' | 'logSoftmax' | 'softmaxGrad' | 'logSoftmaxGrad';
  readonly N: number;
  readonly C: number;
  readonly M: number;
}

const isGradient = ({ op }: AlongParams): boolean => op === 'softmaxGrad' || op === 'logSoftmaxGrad';

const termOf = {
  softmax: 'exponential(x[at] - most)',
  logSoftmax: 'exponential(x[at] - most)',
  softmaxGrad: 'dy[at] * y[at]',
  logSoftmaxGrad: 'dy[at]',
};

const resultOf = {
  softmax: 'exponential(x[at] - most) / total',
  logSoftmax: 'x[at] - most - select(log(total), total, isNan(total))',
  softmaxGrad: 'y[at] * (dy[at] - total)',
  logSoftmaxGrad: 'dy[at] - exponential(y[at]) * total',
};

/** The operands, and what a row has: `term` to add up and `result` of the sum; only logits have a `most`. */
const head = (p: AlongParams): string => wgsl`
#if ${isGradient(p)}
@group(0) @binding(0) var<storage, read> dy: array<f32, ${p.N * p.C * p.M}>;
@group(0) @binding(1) var<storage, read> y: array<f32, ${p.N * p.C * p.M}>;
#else
@group(0) @binding(0) var<storage, read> x: array<f32, ${p.N * p.C * p.M}>;
#endif
@group(0) @binding(2) var<storage, read_write> result: array<f32, ${p.N * p.C * p.M}>;

${exponential.join('\n')}

fn term(at: u32, most: f32) -> f32 { return ${termOf[p.op]}; }

fn resultOf(at: u32, most: f32, total: f32) -> f32 { return ${resultOf[p.op]}; }`;

/** The first word of row i. */
const base = ({ C, M }: AlongParams): string => (M === 1 ? `i * ${C}u` : `i / ${M}u * ${C * M}u + i % ${M}u`);

const rowsOf = ({ N, C, M }: AlongParams): ReduceParams => ({ shape: [N, C, M], axes: [1] });

/** One row an invocation. A comparison lets a NaN through to the sum. */
export const along = (p: AlongParams) => wgsl`
${head(p)}

@compute @workgroup_size(${LINEAR_LANES}, 1, 1)
fn ${p.op}(@builtin(global_invocation_id) id: vec3u) {
  let i = id.y * ${LINEAR_ROW}u + id.x;
  if (i >= ${p.N * p.M}u) { return; }
  let first = ${base(p)};
  var most = 0.0;
#if ${!isGradient(p)}
  most = x[first];
  for (var c = 1u; c < ${p.C}u; c++) {
    let value = x[first + c * ${p.M}u];
    most = select(value, most, value <= most);
  }
#endif
  var total = 0.0;
  for (var c = 0u; c < ${p.C}u; c++) { total += term(first + c * ${p.M}u, most); }
  for (var c = 0u; c < ${p.C}u; c++) {
    let at = first + c * ${p.M}u;
    result[at] = resultOf(at, most, total);
  }
}`;

/** A tree of fixed form over what the invocations of a workgroup have in `lanes`; all of them know the end of it. */
const tree = (join: string): string => `for (var half = ${LANES / 2}u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (lane < half) {
      let a = lanes[lane];
      let b = lanes[lane + half];
      lanes[lane] = ${join};
    }
  }
  workgroupBarrier();`;

/** One row a workgroup. */
export const alongLanes = (p: AlongParams) => wgsl`
${head(p)}

var<workgroup> lanes: array<f32, ${LANES}>;

@compute @workgroup_size(${LANES}, 1, 1)
fn ${p.op}Lanes(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  ${outputOfGroup(rowsOf(p))}
  let first = ${base(p)};
  var most = 0.0;
#if ${!isGradient(p)}
  most = x[first + min(lane, ${p.C - 1}u) * ${p.M}u];
  for (var c = lane + ${LANES}u; c < ${p.C}u; c += ${LANES}u) {
    let value = x[first + c * ${p.M}u];
    most = select(value, most, value <= most);
  }
  lanes[lane] = most;
  ${tree('select(b, a, b <= a)')}
  most = lanes[0];
  workgroupBarrier();
#endif
  var own = 0.0;
  for (var c = lane; c < ${p.C}u; c += ${LANES}u) { own += term(first + c * ${p.M}u, most); }
  lanes[lane] = own;
  ${tree('a + b')}
  let total = lanes[0];
  for (var c = lane; c < ${p.C}u; c += ${LANES}u) {
    let at = first + c * ${p.M}u;
    result[at] = resultOf(at, most, total);
  }
}`;

/** Workgroups of `along`, and of `alongLanes`. */
export const alongGroups = ({ N, M }: AlongParams): readonly [number, number, number] => linearGroups(N * M);
export const alongLaneGroups = (p: AlongParams): readonly [number, number, number] => laneGroups(rowsOf(p));
