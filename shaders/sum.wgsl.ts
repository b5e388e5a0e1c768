import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import {
  keptOf,
  LANES,
  outputsOf,
  outputOfGroup,
  positionOf,
  reducedOf,
  termsOf,
  wordsOf,
  type ReduceParams,
  type Run,
} from './lib/axes.js';
import { LINEAR_LANES, LINEAR_ROW } from './lib/linear.js';
import { lines } from './lib/tile.js';

// y[kept axes] = Σ over the reduced axes of x. Every sum has one order, whatever the adapter schedules.

/** Terms that are added in one expression, which costs a software adapter less than one variable each. */
const CHUNK = 4;

/** One output an invocation, its terms in row-major order. */
export const sum = (p: ReduceParams) => wgsl`
@group(0) @binding(0) var<storage, read> x: array<f32, ${wordsOf(p)}>;
@group(0) @binding(1) var<storage, read_write> y: array<f32, ${outputsOf(p)}>;

@compute @workgroup_size(${LINEAR_LANES}, 1, 1)
fn sum(@builtin(global_invocation_id) id: vec3u) {
  let linear = id.y * ${LINEAR_ROW}u + id.x;
  if (linear >= ${outputsOf(p)}u) { return; }
  // The comparison above proves nothing to Tint; this does, so that it clamps no index below.
  let i = min(linear, ${outputsOf(p) - 1}u);
  let base = ${positionOf('i', keptOf(p))};
  var total = 0.0;
  ${loops(reducedOf(p))}
  y[i] = total;
}`;

/** One output a workgroup: its invocations take every 64th term each, and a tree of fixed form adds up what they have. */
export const sumLanes = (p: ReduceParams) => wgsl`
@group(0) @binding(0) var<storage, read> x: array<f32, ${wordsOf(p)}>;
@group(0) @binding(1) var<storage, read_write> y: array<f32, ${outputsOf(p)}>;

var<workgroup> lanes: array<f32, ${LANES}>;

@compute @workgroup_size(${LANES}, 1, 1)
fn sumLanes(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  ${outputOfGroup(p)}
  let base = ${positionOf('i', keptOf(p))};
  var total = 0.0;
  for (var t = lane; t < ${termsOf(p)}u; t += ${LANES}u) { total += x[base + ${positionOf('t', reducedOf(p))}]; }
  lanes[lane] = total;
  for (var half = ${LANES / 2}u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (lane < half) { lanes[lane] += lanes[lane + half]; }
  }
  if (lane == 0u) { y[i] = lanes[0]; }
}`;

/** Nested loops over the runs, the last in chunks. */
function loops(runs: readonly Run[]): string {
  const outer = runs.slice(0, -1);
  const last = runs.at(-1);
  const start = ['base', ...outer.map(({ stride }, depth) => `r${depth} * ${stride}u`)].join(' + ');
  const inner = last === undefined ? `total += x[base];` : chunks(last, start);
  return outer.reduceRight(
    (body, { size }, depth) => `for (var r${depth} = 0u; r${depth} < ${size}u; r${depth}++) {\n  ${body}\n  }`,
    inner,
  );
}

function chunks({ size, stride }: Run, start: string): string {
  const whole = Math.floor(size / CHUNK);
  const term = (k: string): string => `x[${start} + ${k} * ${stride}u]`;
  const chunk = Array.from({ length: CHUNK }, (_, q) => term(`(chunk * ${CHUNK}u + ${q}u)`)).join(' + ');
  return [
    ...(whole === 0 ? [] : [`for (var chunk = 0u; chunk < ${whole}u; chunk++) { total += ${chunk}; }`]),
    lines(size - whole * CHUNK, (q) => `total += ${term(`${whole * CHUNK + q}u`)};`),
  ].join('\n  ');
}
