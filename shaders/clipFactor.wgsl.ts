import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { f32 } from './lib/number.js';

// factor = min(1, most/(‖slopes‖ + ε)). Each part sums squares into two numbers, `low` for slopes whose squares f32 holds
// and `high` for larger ones, scaled; two, because one square of 1e20 is infinite where the norm is not.

/** Invocations of a workgroup. */
const LANES = 64;

/** Slopes above LARGE are multiplied with SCALE first: both sums stay below 2¹²⁸ for 2²⁸ slopes of any size. */
const LARGE = 2 ** 48;
const SCALE = 2 ** -80;

export interface PartsParams {
  readonly size: number;
  /** Parts that the slopes are dealt to, one by one: [low…, high…]. */
  readonly parts: number;
}

const part = ({ size }: PartsParams, first: string, stride: string): string => wgsl`
  var low = 0.0;
  var high = 0.0;
  for (var i = ${first}; i < ${size}u; i += ${stride}) {
    let slope = abs(slopes[i]);
    if (slope <= ${f32(LARGE)}) {
      low += slope * slope;
    } else {
      let scaled = slope * ${f32(SCALE)};
      high += scaled * scaled;
    }
  }`;

/** One part an invocation. */
export const clipParts = (p: PartsParams): string => wgsl`
@group(0) @binding(0) var<storage, read> slopes: array<f32, ${p.size}>;
@group(0) @binding(1) var<storage, read_write> squares: array<f32, ${2 * p.parts}>;

@compute @workgroup_size(${LANES}, 1, 1)
fn clipParts(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= ${p.parts}u) { return; }
  ${part(p, 'id.x', `${p.parts}u`)}
  squares[id.x] = low;
  squares[${p.parts}u + id.x] = high;
}`;

/** WGSL: adds up the two numbers of a workgroup's lanes, by a tree of one form. */
const TREE = wgsl`
var<workgroup> lows: array<f32, ${LANES}>;
var<workgroup> highs: array<f32, ${LANES}>;

fn addUp(lane: u32, low: f32, high: f32) {
  lows[lane] = low;
  highs[lane] = high;
  for (var half = ${LANES / 2}u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (lane < half) {
      lows[lane] += lows[lane + half];
      highs[lane] += highs[lane + half];
    }
  }
}`;

/** One part a workgroup. */
export const clipPartsLanes = (p: PartsParams): string => wgsl`
@group(0) @binding(0) var<storage, read> slopes: array<f32, ${p.size}>;
@group(0) @binding(1) var<storage, read_write> squares: array<f32, ${2 * p.parts}>;
${TREE}

@compute @workgroup_size(${LANES}, 1, 1)
fn clipPartsLanes(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  ${part(p, `group.x * ${LANES}u + lane`, `${LANES * p.parts}u`)}
  addUp(lane, low, high);
  if (lane == 0u) {
    squares[group.x] = lows[0];
    squares[${p.parts}u + group.x] = highs[0];
  }
}`;

/** Workgroups of the two: one invocation, or one workgroup, a part. */
export const partGroups = (parts: number, each: 'invocation' | 'workgroup'): [number, number, number] => [
  each === 'workgroup' ? parts : Math.ceil(parts / LANES),
  1,
  1,
];

export interface FactorParams {
  readonly parts: number;
  readonly most: number;
  readonly epsilon: number;
}

/** The factor, by one workgroup. */
export const clipFactor = ({ parts, most, epsilon }: FactorParams): string => wgsl`
@group(0) @binding(0) var<storage, read> squares: array<f32, ${2 * parts}>;
@group(0) @binding(1) var<storage, read_write> factor: array<f32, 1>;
${TREE}

@compute @workgroup_size(${LANES}, 1, 1)
fn clipFactor(@builtin(local_invocation_index) lane: u32) {
  var low = 0.0;
  var high = 0.0;
  for (var i = lane; i < ${parts}u; i += ${LANES}u) {
    low += squares[i];
    high += squares[${parts}u + i];
  }
  addUp(lane, low, high);
  if (lane != 0u) { return; }
  // Beside a large slope the epsilon is nothing.
  var quotient = ${f32(most)} / (sqrt(lows[0]) + ${f32(epsilon)});
  if (highs[0] > 0.0) { quotient = ${f32(most)} / sqrt(highs[0] + lows[0] * ${f32(SCALE ** 2)}) * ${f32(SCALE)}; }
  factor[0] = select(quotient, 1.0, quotient > 1.0);
}`;
