import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import {
  keptOf,
  LANES,
  outputOfGroup,
  outputsOf,
  positionOf,
  reducedOf,
  termsOf,
  wordsOf,
  type ReduceParams,
} from './lib/axes.js';
import { isNan } from './lib/functions.js';
import { LINEAR_LANES, LINEAR_ROW } from './lib/linear.js';

// y[kept axes] = the largest or smallest of x over the reduced axes    amax, amin
// y[kept axes] = the first place, along one axis, of the largest        argmax
//
// A candidate is an element and its place among the terms. One that is seen twice does no harm, so lanes that have no term
// of their own take the last.

export interface ExtremeParams extends ReduceParams {
  readonly op: 'amax' | 'amin' | 'argmax';
}

/** What both forms share: the operand, the result, and which of two candidates stays. */
const head = (p: ExtremeParams): string => wgsl`
@group(0) @binding(0) var<storage, read> x: array<f32, ${wordsOf(p)}>;
@group(0) @binding(1) var<storage, read_write> y: array<${p.op === 'argmax' ? 'u32' : 'f32'}, ${outputsOf(p)}>;

struct Candidate { value: f32, place: u32 }

${isNan.join('\n')}

fn further(a: Candidate, b: Candidate) -> Candidate {
  // NaN goes before any number; among equals, and among NaNs, the first.
  let isBoth = isNan(a.value) == isNan(b.value);
  let isBeyond = b.value ${p.op === 'amin' ? '<' : '>'} a.value;
  let isTie = (b.value == a.value || isNan(a.value)) && b.place < a.place;
  if (select(isNan(b.value), isBeyond || isTie, isBoth)) { return b; }
  return a;
}

fn term(base: u32, t: u32) -> Candidate { return Candidate(x[base + ${positionOf('t', reducedOf(p))}], t); }`;

const result = ({ op }: ExtremeParams): string => (op === 'argmax' ? 'place' : 'value');

/** One output an invocation. */
export const extreme = (p: ExtremeParams) => wgsl`
${head(p)}

@compute @workgroup_size(${LINEAR_LANES}, 1, 1)
fn ${p.op}(@builtin(global_invocation_id) id: vec3u) {
  let i = id.y * ${LINEAR_ROW}u + id.x;
  if (i >= ${outputsOf(p)}u) { return; }
  let base = ${positionOf('i', keptOf(p))};
  var best = term(base, 0u);
  for (var t = 1u; t < ${termsOf(p)}u; t++) { best = further(best, term(base, t)); }
  y[i] = best.${result(p)};
}`;

/** One output a workgroup: its invocations take every 64th term each, and a tree of fixed form compares what they have. */
export const extremeLanes = (p: ExtremeParams) => wgsl`
${head(p)}

var<workgroup> values: array<f32, ${LANES}>;
var<workgroup> places: array<u32, ${LANES}>;

@compute @workgroup_size(${LANES}, 1, 1)
fn ${p.op}Lanes(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  ${outputOfGroup(p)}
  let base = ${positionOf('i', keptOf(p))};
  var best = term(base, min(lane, ${termsOf(p) - 1}u));
  for (var t = lane + ${LANES}u; t < ${termsOf(p)}u; t += ${LANES}u) { best = further(best, term(base, t)); }
  values[lane] = best.value;
  places[lane] = best.place;
  for (var half = ${LANES / 2}u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (lane < half) {
      best = further(best, Candidate(values[lane + half], places[lane + half]));
      values[lane] = best.value;
      places[lane] = best.place;
    }
  }
  if (lane == 0u) { y[i] = best.${result(p)}; }
}`;
