import { defineOp, gamma, type Op, type Several } from '../graph/op.js';
import type { Spec, Values } from '../graph/graph.js';
import { ALL_FINITE } from './control.js';
import { mustBe, mustBeWord, mustMatch } from './operands.js';

export interface SgdAttrs {
  readonly momentum: number;
  readonly nesterov: boolean;
  readonly weightDecay: number;
}

/** Checks the operands of an update: arenas of one size, p first, then its gradients; all but these are outputs too. */
function specsOf(
  place: string,
  arenas: Readonly<Record<string, Spec>> & { readonly p: Spec },
  rates: Spec,
  step: Spec,
  guard: Spec,
): readonly Spec[] {
  mustBe(place, 'p', arenas.p, 'f32', ['P']);
  for (const [name, arena] of Object.entries(arenas)) mustMatch(place, name, arena, arenas.p.shape);
  mustBe(place, 'rates', rates, 'f32', ['rows', 4]);
  mustBeWord(place, 'step', step);
  mustBeWord(place, 'guard', guard);
  return Object.keys(arenas)
    .slice(1)
    .map(() => ({ shape: arenas.p.shape, dtype: 'f32' as const }));
}

/** One number of this step's row of rates [rows, 4]. */
const rateOf = (rates: Values, step: Values, column: number): number =>
  rates.at(step.flat(0) % (rates.shape[0] ?? 1), column);

/**
 * SGD as in torch.optim.SGD with dampening 0, over whole arenas:
 *
 *   g ← g + λ·p      v' = μ·v + g      p' = p − rate·(nesterov ? g + μ·v' : v')
 *
 * Operands p, g, v [P], rates [rows, 4] with column 0 the rate, step and guard u32 [1]; outputs p' and v', in place.
 * With the guard set nothing changes.
 */
export const sgdUpdate: Op<SgdAttrs> = defineOp('sgd', {
  arity: 6,
  infer: ([p, g, v, rates, step, guard]) => specsOf('sgd', { p, g, v }, rates, step, guard),
  at: ([p, g, v, rates, step, guard], [i], { momentum, nesterov, weightDecay }, output) => {
    if (guard.flat(0) !== ALL_FINITE) return output === 0 ? p.at(i) : v.at(i);
    const slope = g.at(i) + weightDecay * p.at(i);
    const speed = momentum * v.at(i) + slope;
    if (output === 1) return speed;
    return p.at(i) - rateOf(rates, step, 0) * (nesterov ? slope + momentum * speed : speed);
  },
  errorBound: ([p, g, v, rates, step], [i], { momentum, weightDecay }, output) => {
    const slope = Math.abs(g.at(i)) + weightDecay * Math.abs(p.at(i));
    const speed = momentum * Math.abs(v.at(i)) + slope;
    return gamma(8) * (output === 1 ? speed : Math.abs(p.at(i)) + rateOf(rates, step, 0) * (slope + speed));
  },
  inPlace: [
    [0, 0],
    [1, 2],
  ],
});

export interface AdamAttrs {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
}

/** The moments after a step, from the operands of `adamUpdate`. */
function moments([p, g, m, v]: Several<Values>, i: number, { beta1, beta2, weightDecay }: AdamAttrs): [number, number] {
  const slope = g.at(i) + weightDecay * p.at(i);
  return [beta1 * m.at(i) + (1 - beta1) * slope, beta2 * v.at(i) + (1 - beta2) * slope * slope];
}

/**
 * Adam as in torch.optim.Adam, over whole arenas:
 *
 *   g ← g + λ·p      m' = β₁·m + (1 − β₁)·g      v' = β₂·v + (1 − β₂)·g²
 *   p' = p − row₁ · m' / (√v'/row₂ + ε)      with row₁ = rate/(1 − β₁ᵗ), row₂ = √(1 − β₂ᵗ)
 *
 * Operands p, g, m, v [P], rates [rows, 4], step and guard u32 [1]; outputs p', m', v', in place. With the guard set
 * nothing changes.
 */
export const adamUpdate: Op<AdamAttrs> = defineOp('adam', {
  arity: 7,
  infer: ([p, g, m, v, rates, step, guard]) => specsOf('adam', { p, g, m, v }, rates, step, guard),
  at: (operands, [i], attrs, output) => {
    const [p, , m, v, rates, step, guard] = operands;
    if (guard.flat(0) !== ALL_FINITE) return [p, m, v][output]?.at(i) ?? NaN;
    const [first, second] = moments(operands, i, attrs);
    if (output > 0) return output === 1 ? first : second;
    const root = Math.sqrt(second) / rateOf(rates, step, 2) + attrs.epsilon;
    return p.at(i) - (rateOf(rates, step, 1) * first) / root;
  },
  errorBound: (operands, [i], attrs, output) => {
    const [p, g, m, v, rates, step] = operands;
    const { beta1, beta2, epsilon, weightDecay } = attrs;
    const slope = Math.abs(g.at(i)) + weightDecay * Math.abs(p.at(i));
    const first = beta1 * Math.abs(m.at(i)) + (1 - beta1) * slope;
    const second = beta2 * v.at(i) + (1 - beta2) * slope * slope;
    if (output === 1) return gamma(8) * first;
    if (output === 2) return gamma(10) * second + 2 ** -126;
    // sqrt is inherited from 1/inverseSqrt (2 ULP), the divisions are 2.5 ULP each; 32 roundings cover them all.
    const root = Math.sqrt(second) / rateOf(rates, step, 2) + epsilon;
    return gamma(32) * (Math.abs(p.at(i)) + (rateOf(rates, step, 1) * first) / root);
  },
  inPlace: [
    [0, 0],
    [1, 2],
    [2, 3],
  ],
});
