import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { LINEAR_LANES, spread } from './lib/linear.js';
import { f32 } from './lib/number.js';
import { perSegment } from './lib/segments.js';
import { lines } from './lib/tile.js';

// One dispatch over a whole arena of parameters, in place. The step's row of `rates` holds what does not depend on the
// weights; with the guard set nothing is written.

export interface UpdateParams {
  readonly size: number;
  /** Rows of rates. */
  readonly rows: number;
  /** λ where there are no segments. */
  readonly weightDecay: number;
  readonly segments?: readonly {
    readonly start: number;
    readonly rateFactor: number;
    readonly weightDecay: number;
    readonly trained: boolean;
  }[];
  /** Gradients are moved into [−most, most]; absent: they are not. */
  readonly most?: number;
  /** Whether a factor for all gradients is bound. */
  readonly scaled?: boolean;
}

/** What an optimizer fills in. */
interface Rule {
  readonly name: string;
  /** Bindings of its states. */
  readonly states: readonly string[];
  /** Columns of the step's row that it reads, as `row0` to `row3`. */
  readonly columns: readonly number[];
  /** `fn follow(i: u32)`: writes p[i] and the states, by gradientAt or slopeAt, decayAt and rateAt. */
  readonly follow: string;
}

/** The frame of every update. */
function update({ size, rows, weightDecay, segments, most, scaled = false }: UpdateParams, rule: Rule): string {
  const all = segments ?? [{ start: 0, rateFactor: 1, weightDecay, trained: true }];
  const values = (name: string, type: string, of: (segment: (typeof all)[number]) => string): string =>
    perSegment(
      name,
      type,
      all.map(({ start }) => start),
      all.map(of),
    );
  return wgsl`
@group(0) @binding(0) var<storage, read> g: array<f32, ${size}>;
@group(0) @binding(1) var<storage, read> rates: array<f32, ${4 * rows}>;
@group(0) @binding(2) var<storage, read> step: array<u32, 1>;
@group(0) @binding(3) var<storage, read> guard: array<u32, 1>;
@group(0) @binding(4) var<storage, read_write> p: array<f32, ${size}>;
${lines(rule.states.length, (k) => `@group(0) @binding(${5 + k}) var<storage, read_write> ${rule.states[k]}: array<f32, ${size}>;`)}
#if ${scaled}
@group(0) @binding(${5 + rule.states.length}) var<storage, read> factor: array<f32, 1>;
var<private> scale: f32;
#endif

${lines(rule.columns.length, (k) => `var<private> row${rule.columns[k]}: f32;`)}

${values('isTrained', 'bool', ({ trained }) => `${trained}`)}
${values('factorAt', 'f32', ({ rateFactor }) => f32(rateFactor))}
${values('decayAt', 'f32', (segment) => f32(segment.weightDecay))}

// A rate of the step's row, as this element's segment has it.
fn rateAt(i: u32, rate: f32) -> f32 {
#if ${all.every(({ rateFactor }) => rateFactor === 1)}
  return rate;
#else
  return rate * factorAt(i);
#endif
}

// Clipped. The guard has seen to it that no NaN comes here, which clamp might swallow.
fn gradientAt(i: u32) -> f32 {
#if ${scaled}
  let value = g[i] * scale;
#else
  let value = g[i];
#endif
#if ${most !== undefined}
  return clamp(value, ${f32(-(most ?? 0))}, ${f32(most ?? 0)});
#else
  return value;
#endif
}

// With its decay.
fn slopeAt(i: u32) -> f32 {
#if ${all.every((segment) => segment.weightDecay === 0)}
  return gradientAt(i);
#else
  return gradientAt(i) + decayAt(i) * p[i];
#endif
}

${rule.follow}

fn element(i: u32) {
#if ${all.every(({ trained }) => trained)}
  follow(i);
#else
  if (isTrained(i)) { follow(i); }
#endif
}

@compute @workgroup_size(${LINEAR_LANES}, 1, 1)
fn ${rule.name}(@builtin(global_invocation_id) id: vec3u) {
  if (guard[0] != 0xffffffffu) { return; }
  let row = 4u * (step[0] % ${rows}u);
  ${lines(rule.columns.length, (k) => `row${rule.columns[k]} = rates[row + ${rule.columns[k]}u];`)}
#if ${scaled}
  scale = factor[0];
#endif
  ${spread(size)}
}`;
}

export interface SgdParams extends UpdateParams {
  readonly momentum: number;
  readonly nesterov: boolean;
}

/** v ← μ·v + g, p ← p − rate·v, or Nesterov's g + μ·v in its place. */
export const sgd = ({ momentum, nesterov, ...shared }: SgdParams): string =>
  update(shared, {
    name: 'sgd',
    states: ['v'],
    columns: [0],
    follow: wgsl`
fn follow(i: u32) {
  let slope = slopeAt(i);
  let speed = ${f32(momentum)} * v[i] + slope;
#if ${nesterov}
  p[i] -= rateAt(i, row0) * (slope + ${f32(momentum)} * speed);
#else
  p[i] -= rateAt(i, row0) * speed;
#endif
  v[i] = speed;
}`,
  });

export interface AdamParams extends UpdateParams {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly decoupled?: boolean;
}

/** Moments, then p ← p − rate·m/(√v/root + ε), with rate and root from columns 1 and 2 of the row. */
export const adam = ({ beta1, beta2, epsilon, decoupled = false, ...shared }: AdamParams): string =>
  update(shared, {
    name: 'adam',
    states: ['m', 'v'],
    columns: decoupled ? [0, 1, 2] : [1, 2],
    follow: wgsl`
fn follow(i: u32) {
#if ${decoupled}
  let slope = gradientAt(i);
  let kept = p[i] - rateAt(i, row0) * decayAt(i) * p[i];
#else
  let slope = slopeAt(i);
  let kept = p[i];
#endif
  let first = ${f32(beta1)} * m[i] + ${f32(1 - beta1)} * slope;
  let second = ${f32(beta2)} * v[i] + ${f32(1 - beta2)} * slope * slope;
  p[i] = kept - rateAt(i, row1) * first / (sqrt(second) / row2 + ${f32(epsilon)});
  m[i] = first;
  v[i] = second;
}`,
  });

export interface RmspropParams extends UpdateParams {
  readonly alpha: number;
  readonly epsilon: number;
  readonly momentum: number;
  readonly centered: boolean;
}

/** s ← mean of g², a ← mean of g, b ← μ·b + g/(√(s − a²) + ε), p ← p − rate·b. */
export const rmsprop = ({ alpha, epsilon, momentum, centered, ...shared }: RmspropParams): string =>
  update(shared, {
    name: 'rmsprop',
    states: ['s', ...(momentum === 0 ? [] : ['b']), ...(centered ? ['a'] : [])],
    columns: [0],
    follow: wgsl`
fn follow(i: u32) {
  let slope = slopeAt(i);
  let square = ${f32(alpha)} * s[i] + ${f32(1 - alpha)} * slope * slope;
  s[i] = square;
#if ${centered}
  let mean = ${f32(alpha)} * a[i] + ${f32(1 - alpha)} * slope;
  a[i] = mean;
  let variance = max(0.0, square - mean * mean);
#else
  let variance = square;
#endif
#if ${momentum !== 0}
  let speed = ${f32(momentum)} * b[i] + slope / (sqrt(variance) + ${f32(epsilon)});
  b[i] = speed;
#else
  let speed = slope / (sqrt(variance) + ${f32(epsilon)});
#endif
  p[i] -= rateAt(i, row0) * speed;
}`,
  });

export interface AdagradParams extends UpdateParams {
  readonly epsilon: number;
}

/** s ← s + g², p ← p − rate·g/(√s + ε). */
export const adagrad = ({ epsilon, ...shared }: AdagradParams): string =>
  update(shared, {
    name: 'adagrad',
    states: ['s'],
    columns: [0],
    follow: wgsl`
fn follow(i: u32) {
  let slope = slopeAt(i);
  let square = s[i] + slope * slope;
  p[i] -= rateAt(i, row0) * slope / (sqrt(square) + ${f32(epsilon)});
  s[i] = square;
}`,
  });

export interface LionParams extends UpdateParams {
  readonly beta1: number;
  readonly beta2: number;
}

/** p ← p − rate·(sign(β₁·m + (1 − β₁)·g) + λ·p), m ← β₂·m + (1 − β₂)·g. */
export const lion = ({ beta1, beta2, ...shared }: LionParams): string =>
  update(shared, {
    name: 'lion',
    states: ['m'],
    columns: [0],
    follow: wgsl`
fn follow(i: u32) {
  let slope = gradientAt(i);
  let way = sign(${f32(beta1)} * m[i] + ${f32(1 - beta1)} * slope);
  p[i] -= rateAt(i, row0) * (way + decayAt(i) * p[i]);
  m[i] = ${f32(beta2)} * m[i] + ${f32(1 - beta2)} * slope;
}`,
  });
