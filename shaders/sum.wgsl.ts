import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { LINEAR_LANES, LINEAR_ROW } from './lib/linear.js';
import { lines } from './lib/tile.js';

// y[kept axes] = Σ over the reduced axes of x. Every sum has one order, whatever the adapter schedules.

export interface SumParams {
  readonly shape: readonly number[];
  /** Rising. */
  readonly axes: readonly number[];
}

/** Terms that are added in one expression, which costs a software adapter less than one variable each. */
const CHUNK = 4;

/** One output an invocation, its terms in row-major order. */
export const sum = (p: SumParams) => wgsl`
@group(0) @binding(0) var<storage, read> x: array<f32, ${product(p.shape)}>;
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

/** Invocations that share an output of `sumLanes`. */
const LANES = 64;
/** Outputs along a row of workgroups. */
const ROW = 65_535;

/** One output a workgroup: its invocations take every 64th term each, and a tree of fixed form adds up what they have. */
export const sumLanes = (p: SumParams) => wgsl`
@group(0) @binding(0) var<storage, read> x: array<f32, ${product(p.shape)}>;
@group(0) @binding(1) var<storage, read_write> y: array<f32, ${outputsOf(p)}>;

var<workgroup> lanes: array<f32, ${LANES}>;

@compute @workgroup_size(${LANES}, 1, 1)
fn sumLanes(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = group.y * ${ROW}u + group.x;
  if (i >= ${outputsOf(p)}u) { return; }
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

/** Workgroups of `sumLanes`. */
export const laneGroups = (p: SumParams): [number, number, number] => {
  const outputs = outputsOf(p);
  return outputs <= ROW ? [outputs, 1, 1] : [ROW, Math.ceil(outputs / ROW), 1];
};

/** How many elements a sum has. */
export const outputsOf = (p: SumParams): number => product(keptOf(p).map(({ size }) => size));

/** How many terms an element of a sum has. */
export const termsOf = (p: SumParams): number => product(reducedOf(p).map(({ size }) => size));

const product = (sizes: readonly number[]): number => sizes.reduce((total, size) => total * size, 1);

/** Neighbouring axes as one: how many steps of which length through x. */
interface Run {
  readonly size: number;
  readonly stride: number;
}

const keptOf = (p: SumParams): readonly Run[] => runsOf(p.shape, (axis) => !p.axes.includes(axis));
const reducedOf = (p: SumParams): readonly Run[] => runsOf(p.shape, (axis) => p.axes.includes(axis));

function runsOf(shape: readonly number[], wanted: (axis: number) => boolean): readonly Run[] {
  const runs: Run[] = [];
  shape.forEach((size, axis) => {
    if (size === 1 || !wanted(axis)) return;
    const stride = product(shape.slice(axis + 1));
    const last = runs.at(-1);
    if (last !== undefined && last.stride === size * stride) runs[runs.length - 1] = { size: last.size * size, stride };
    else runs.push({ size, stride });
  });
  return runs;
}

/** The position in x of element i of the runs, counted row by row. */
function positionOf(i: string, runs: readonly Run[]): string {
  const terms = runs.map(({ size, stride }, place) => {
    const after = product(runs.slice(place + 1).map((later) => later.size));
    const quotient = after === 1 ? i : `${i} / ${after}u`;
    const digit = place === 0 ? quotient : `${quotient} % ${size}u`;
    return stride === 1 ? `(${digit})` : `(${digit}) * ${stride}u`;
  });
  return terms.length === 0 ? '0u' : terms.join(' + ');
}

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
