import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { declared } from './lib/bindings.js';
import { LINEAR_LANES, spread } from './lib/linear.js';
import { f32 } from './lib/number.js';
import { lines } from './lib/tile.js';

// Every norm: groups of elements, their statistics, and what is done with those. Element i belongs to group
// ⌊i/run⌋ mod count, so a group is one run of each block of count·run elements.
//
//   mean = Σ x/n, v = Σ (x − mean)²/n, 1/√(v + ε)                         moments: two passes, nothing cancels
//   y = x̂·w + b with x̂ = (x − mean)·(1/√(v + ε))                          normalise
//   s₀ = Σ dy·w, s₁ = Σ dy·w·x̂                                            normSums
//   dx = (1/√(v + ε))·(dy·w − (s₀ + x̂·s₁)/n)                              normaliseGrad
//   running' = (1 − m)·running + m·batch                                  trackStatistics
//
// One invocation walks a group alone, or a workgroup does together: then every lane takes the terms that lie as far apart
// as there are lanes, and a tree of fixed form adds up what they have.

export interface Groups {
  readonly count: number;
  readonly run: number;
}

/** Invocations that share a group; 1 for a walk alone, in workgroups of `size`. */
export interface Walk {
  readonly lanes: number;
  readonly size: number;
  /** What a lane takes in its turn: an element, so that lanes read neighbours, or a block, so that no address is divided. */
  readonly each?: 'element' | 'block';
}

/** Groups along a row of workgroups. */
const ROW = 65_535;

/** Workgroups of a walk over so many groups. */
export function walkGroups(count: number, { lanes, size }: Walk): [number, number, number] {
  const workgroups = lanes > 1 ? count : Math.ceil(count / size);
  return [Math.min(workgroups, ROW), Math.ceil(workgroups / ROW), 1];
}

/** WGSL: the head of a walk, with `g` the group and, where lanes share it, `lane`. */
const walkHead = (name: string, count: number, { lanes, size }: Walk): string =>
  lanes > 1
    ? `@compute @workgroup_size(${lanes}, 1, 1)
fn ${name}(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let g = group.y * ${ROW}u + group.x;
  if (g >= ${count}u) { return; }`
    : `@compute @workgroup_size(${size}, 1, 1)
fn ${name}(@builtin(global_invocation_id) id: vec3u) {
  let g = id.y * ${ROW * size}u + id.x;
  if (g >= ${count}u) { return; }`;

/** Terms side by side in one expression, where a walk is alone: software adapters pay for each variable of a loop. */
const CHUNK = 4;

/** WGSL: calls `term` with the place of each element of group g in the first `blocks` blocks. */
function walked({ count, run }: Groups, { lanes, each }: Walk, term: (i: string) => string): string {
  if (lanes > 1 && each !== 'block') {
    const place = run === 1 ? `t * ${count}u + g` : `(t / ${run}u * ${count}u + g) * ${run}u + t % ${run}u`;
    return `for (var t = lane; t < blocks * ${run}u; t += ${lanes}u) { let i = ${place}; ${term('i')} }`;
  }
  const whole = Math.floor(run / CHUNK);
  const chunk = lines(CHUNK, (q) => `{ let i = start + ${CHUNK}u * q + ${q}u; ${term('i')} }`);
  const rest = lines(run - whole * CHUNK, (r) => `{ let i = start + ${whole * CHUNK + r}u; ${term('i')} }`);
  return `for (var b = ${lanes > 1 ? 'lane' : '0u'}; b < blocks; b += ${lanes}u) {
    let start = (b * ${count}u + g) * ${run}u;
    ${whole === 0 ? '' : `for (var q = 0u; q < ${whole}u; q++) { ${chunk} }`}
    ${rest}
  }`;
}

/** WGSL: the sum of what every lane has, in `lanes…[0]` for all of them to read. */
const tree = (names: readonly string[], { lanes }: Walk): string => `
  ${names.map((name) => `lanes_${name}[lane] = ${name};`).join(' ')}
  for (var half = ${lanes / 2}u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (lane < half) { ${names.map((name) => `lanes_${name}[lane] += lanes_${name}[lane + half];`).join(' ')} }
  }
  workgroupBarrier();
  ${names.map((name) => `${name} = lanes_${name}[0];`).join(' ')}`;

const memory = (names: readonly string[], { lanes }: Walk): string =>
  lanes > 1 ? names.map((name) => `var<workgroup> lanes_${name}: array<f32, ${lanes}>;`).join('\n') : '';

/** WGSL: the group of element i. */
export const groupAt = ({ count, run }: Groups, size: number): string => {
  const quotient = run === 1 ? 'i' : `i / ${run}u`;
  return count * run === size ? `(${quotient})` : `(${quotient} % ${count}u)`;
};

const product = (groups: Groups): number => groups.count * groups.run;

export interface MomentsParams {
  readonly size: number;
  readonly groups: Groups;
  readonly epsilon: number;
  readonly centred: boolean;
  readonly live: boolean;
}

export const moments = (p: MomentsParams, walk: Walk) => wgsl`
@group(0) @binding(0) var<storage, read> x: array<f32, ${p.size}>;
#if ${p.live}
@group(0) @binding(1) var<storage, read> live: array<u32, 1>;
#endif
@group(0) @binding(2) var<storage, read_write> statistics: array<f32, ${2 * p.groups.count}>;
@group(0) @binding(3) var<storage, read_write> variance: array<f32, ${p.groups.count}>;
${memory(['sum', 'squares'], walk)}

${walkHead('moments', p.groups.count, walk)}
#if ${p.live}
  let blocks = min(live[0], ${p.size / product(p.groups)}u);
#else
  let blocks = ${p.size / product(p.groups)}u;
#endif
  let n = f32(blocks * ${p.groups.run}u);
#if ${p.centred}
  var sum = 0.0;
  ${walked(p.groups, walk, (i) => `sum += x[${i}];`)}
#if ${walk.lanes > 1}
  ${tree(['sum'], walk)}
#endif
  let mean = sum / n;
#else
  let mean = 0.0;
#endif
  var squares = 0.0;
  ${walked(p.groups, walk, (i) => `let d = x[${i}] - mean; squares = fma(d, d, squares);`)}
#if ${walk.lanes > 1}
  ${tree(['squares'], walk)}
  if (lane > 0u) { return; }
#endif
  let v = squares / n;
  statistics[g] = mean;
  statistics[${p.groups.count}u + g] = inverseSqrt(v + ${f32(p.epsilon)});
  variance[g] = v;
}`;

export interface NormSumsParams {
  readonly size: number;
  readonly groups: Groups;
  readonly by: Groups;
  readonly channels?: Groups | undefined;
}

export const normSums = (p: NormSumsParams, walk: Walk) => {
  const { groups, by, size } = p;
  // Where sums and statistics have the same groups, those are loaded once.
  const alike = groups.count === by.count && groups.run === by.run;
  const loads = (at: string): string =>
    `let mean = statistics[${at}]; let inverse = statistics[${groups.count}u + ${at}];`;
  const term = (i: string): string => {
    const slope = p.channels === undefined ? `dy[${i}]` : `dy[${i}] * weight[${groupAt(p.channels, size)}]`;
    const own = alike ? '' : `let s = ${groupAt(groups, size)}; ${loads('s')}`;
    return `${own} let slope = ${slope}; first += slope; second = fma(slope, (x[${i}] - mean) * inverse, second);`;
  };
  return wgsl`
@group(0) @binding(0) var<storage, read> dy: array<f32, ${size}>;
@group(0) @binding(1) var<storage, read> x: array<f32, ${size}>;
@group(0) @binding(2) var<storage, read> statistics: array<f32, ${2 * groups.count}>;
#if ${p.channels !== undefined}
@group(0) @binding(3) var<storage, read> weight: array<f32, ${p.channels?.count ?? 1}>;
#endif
@group(0) @binding(4) var<storage, read_write> s0: array<f32, ${by.count}>;
@group(0) @binding(5) var<storage, read_write> s1: array<f32, ${by.count}>;
${memory(['first', 'second'], walk)}

${walkHead('normSums', by.count, walk)}
  let blocks = ${size / product(by)}u;
  ${alike ? loads('g') : ''}
  var first = 0.0;
  var second = 0.0;
  ${walked(by, walk, term)}
#if ${walk.lanes > 1}
  ${tree(['first', 'second'], walk)}
  if (lane > 0u) { return; }
#endif
  s0[g] = first;
  s1[g] = second;
}`;
};

export interface NormaliseParams {
  readonly size: number;
  readonly groups: Groups;
  readonly channels: Groups;
  readonly weight: boolean;
  readonly bias: boolean;
  /** Whether relu follows. */
  readonly relu: boolean;
}

/** WGSL, of both ways to normalise: what is bound. */
export const normaliseBindings = ({ size, groups, channels, weight, bias }: NormaliseParams): string =>
  declared([
    `var<storage, read> x: array<f32, ${size}>`,
    `var<storage, read> statistics: array<f32, ${2 * groups.count}>`,
    ...(weight ? [`var<storage, read> weight: array<f32, ${channels.count}>`] : []),
    ...(bias ? [`var<storage, read> bias: array<f32, ${channels.count}>`] : []),
    `var<storage, read_write> y: array<f32, ${size}>`,
  ]);

export const normalise = (p: NormaliseParams) => wgsl`
${normaliseBindings(p)}

fn element(i: u32) {
  let g = ${groupAt(p.groups, p.size)};
  var value = (x[i] - statistics[g]) * statistics[${p.groups.count}u + g];
#if ${p.weight}
  let c = ${groupAt(p.channels, p.size)};
  value *= weight[c];
#endif
#if ${p.bias}
  value += bias[c];
#endif
#if ${p.relu}
  // A comparison, not max(): see relu.
  value = select(value, 0.0, value <= 0.0);
#endif
  y[i] = value;
}

@compute @workgroup_size(${LINEAR_LANES}, 1, 1)
fn normalise(@builtin(global_invocation_id) id: vec3u) {
  ${spread(p.size)}
}`;

export interface NormaliseGradParams extends Omit<NormaliseParams, 'bias' | 'relu'> {
  readonly live: boolean;
  readonly centred: boolean;
  readonly inside: boolean;
}

/** WGSL, of both ways back: what is bound. */
export const normaliseGradBindings = ({ size, groups, channels, ...has }: NormaliseGradParams): string =>
  declared([
    `var<storage, read> dy: array<f32, ${size}>`,
    `var<storage, read> x: array<f32, ${size}>`,
    `var<storage, read> statistics: array<f32, ${2 * groups.count}>`,
    ...(has.centred ? [`var<storage, read> s0: array<f32, ${groups.count}>`] : []),
    `var<storage, read> s1: array<f32, ${groups.count}>`,
    ...(has.weight ? [`var<storage, read> weight: array<f32, ${channels.count}>`] : []),
    ...(has.live ? ['var<storage, read> live: array<u32, 1>'] : []),
    `var<storage, read_write> dx: array<f32, ${size}>`,
  ]);

export const normaliseGrad = (p: NormaliseGradParams) => wgsl`
${normaliseGradBindings(p)}

fn element(i: u32) {
  let g = ${groupAt(p.groups, p.size)};
  let inverse = statistics[${p.groups.count}u + g];
#if ${p.live}
  let blocks = min(live[0], ${p.size / product(p.groups)}u);
#else
  let blocks = ${p.size / product(p.groups)}u;
#endif
  var slope = dy[i];
  var factor = inverse;
#if ${p.weight}
  let w = weight[${groupAt(p.channels, p.size)}];
#if ${p.inside}
  slope *= w;
#else
  factor *= w;
#endif
#endif
  var through = (x[i] - statistics[g]) * inverse * s1[g];
#if ${p.centred}
  through += s0[g];
#endif
  let value = factor * (slope - through / f32(blocks * ${p.groups.run}u));
#if ${p.live}
  dx[i] = select(0.0, value, i < blocks * ${product(p.groups)}u);
#else
  dx[i] = value;
#endif
}

@compute @workgroup_size(${LINEAR_LANES}, 1, 1)
fn normaliseGrad(@builtin(global_invocation_id) id: vec3u) {
  ${spread(p.size)}
}`;
