// The arithmetic of each optimizer on one element of its arenas; `defineUpdate` says what they share. λ is the decay.

import { gamma } from '../graph/op.js';
import { defineUpdate, type Element, type Update, type UpdateAttrs } from './updates.js';

/** The smallest normal f32: smaller numbers may become 0. */
const TINY = 2 ** -126;

/** g + λ·p. */
const slopeOf = ({ p, g, decay }: Element): number => g + decay * p;

/** The same of absolute values: what rounding errors are parts of. */
const sizeOf = ({ p, g, decay }: Element): number => Math.abs(g) + decay * Math.abs(p);

/** β·average + (1 − β)·value. */
const blend = (beta: number, average: number, value: number): number => beta * average + (1 - beta) * value;

/**
 * The error of size/(√square + ε) where the square may be off by some error; 20 roundings cover a numerator of four, the
 * root (inherited from 1/inverseSqrt, 2 ULP) and two divisions of 2.5 ULP each.
 */
function quotientBound(size: number, square: number, error: number, epsilon: number): number {
  const most = size / (Math.sqrt(Math.max(0, square - error)) + epsilon);
  const least = size / (Math.sqrt(square + error) + epsilon);
  return gamma(20) * most + (most - least);
}

export interface SgdAttrs extends UpdateAttrs {
  readonly momentum: number;
  readonly nesterov: boolean;
}

/**
 * SGD as in torch.optim.SGD with dampening 0, with row₀ = rate:
 *
 *   g ← g + λ·p      v' = μ·v + g      p' = p − row₀·(nesterov ? g + μ·v' : v')
 */
export const sgdUpdate: Update<SgdAttrs> = defineUpdate('sgd', {
  states: () => ['v'],
  rates: [0],
  next: (element, { momentum, nesterov }) => {
    const { p, states, row } = element;
    const slope = slopeOf(element);
    const speed = momentum * states[0] + slope;
    return [p - row[0] * (nesterov ? slope + momentum * speed : speed), speed];
  },
  bounds: (element, { momentum }) => {
    const { p, states, row } = element;
    const slope = sizeOf(element);
    const speed = momentum * Math.abs(states[0]) + slope;
    return [gamma(10) * (Math.abs(p) + row[0] * (slope + speed)), gamma(10) * speed];
  },
});

export interface AdamAttrs extends UpdateAttrs {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** Decay apart from the gradient: AdamW. */
  readonly decoupled?: boolean;
}

/**
 * Adam and AdamW as in torch.optim, with row₀ = rate, row₁ = rate/(1 − β₁ᵗ), row₂ = √(1 − β₂ᵗ):
 *
 *   g ← g + λ·p, or decoupled: p ← p − row₀·λ·p
 *   m' = β₁·m + (1 − β₁)·g      v' = β₂·v + (1 − β₂)·g²      p' = p − row₁ · m' / (√v'/row₂ + ε)
 */
export const adamUpdate: Update<AdamAttrs> = defineUpdate('adam', {
  states: () => ['m', 'v'],
  rates: [0, 1],
  next: (element, { beta1, beta2, epsilon, decoupled = false }) => {
    const { p, g, states, row, decay } = element;
    const slope = decoupled ? g : slopeOf(element);
    const [first, second] = [blend(beta1, states[0], slope), blend(beta2, states[1], slope * slope)];
    const kept = decoupled ? p - row[0] * decay * p : p;
    return [kept - (row[1] * first) / (Math.sqrt(second) / row[2] + epsilon), first, second];
  },
  bounds: (element, { beta1, beta2, epsilon, decoupled = false }) => {
    const { p, g, states, row, decay } = element;
    const [slope, size] = decoupled ? [g, Math.abs(g)] : [slopeOf(element), sizeOf(element)];
    const first = blend(beta1, Math.abs(states[0]), size);
    const second = gamma(12) * blend(beta2, states[1], size * size) + TINY;
    const square = blend(beta2, states[1], slope * slope);
    const moved = row[1] * quotientBound(first, square / row[2] ** 2, second / row[2] ** 2, epsilon);
    return [gamma(8) * Math.abs(p) * (1 + row[0] * decay) + moved, gamma(10) * first, second];
  },
});

export interface RmspropAttrs extends UpdateAttrs {
  readonly alpha: number;
  readonly epsilon: number;
  readonly momentum: number;
  readonly centered: boolean;
}

/**
 * RMSprop as in torch.optim.RMSprop, with row₀ = rate:
 *
 *   g ← g + λ·p      s' = α·s + (1 − α)·g²      a' = α·a + (1 − α)·g, if centered, else 0
 *   b' = μ·b + g/(√(s' − a'²) + ε)      p' = p − row₀·b'
 *
 * A variance s' − a'² that rounding has put below 0 counts as 0; PyTorch makes it NaN.
 * States s, then b if there is momentum, then a if centered.
 */
export const rmspropUpdate: Update<RmspropAttrs> = defineUpdate('rmsprop', {
  states: ({ momentum, centered }) => ['s', ...(momentum === 0 ? [] : ['b']), ...(centered ? ['a'] : [])],
  rates: [0],
  next: (element, { alpha, epsilon, momentum, centered }) => {
    const { p, states, row } = element;
    const [speed, mean] = momentum === 0 ? [0, states[1]] : [states[1], states[2]];
    const slope = slopeOf(element);
    const square = blend(alpha, states[0], slope * slope);
    const shift = centered ? blend(alpha, mean, slope) : 0;
    const moved = momentum * speed + slope / (Math.sqrt(Math.max(0, square - shift * shift)) + epsilon);
    return [p - row[0] * moved, square, ...(momentum === 0 ? [] : [moved]), ...(centered ? [shift] : [])];
  },
  bounds: (element, { alpha, epsilon, momentum, centered }) => {
    const { p, states, row } = element;
    const [speed, mean] = momentum === 0 ? [0, states[1]] : [states[1], states[2]];
    const [slope, size] = [slopeOf(element), sizeOf(element)];
    const square = blend(alpha, states[0], slope * slope);
    const squares = blend(alpha, states[0], size * size);
    const [shift, shifts] = centered ? [blend(alpha, mean, slope), blend(alpha, Math.abs(mean), size)] : [0, 0];
    const variance = Math.max(0, square - shift * shift);
    const error = gamma(24) * (squares + shifts * shifts) + TINY;
    const moved = quotientBound(size, variance, error, epsilon);
    const fast = momentum * Math.abs(speed) + size / (Math.sqrt(Math.max(0, variance - error)) + epsilon);
    return [
      gamma(4) * Math.abs(p) + row[0] * (moved + gamma(6) * fast),
      gamma(12) * squares + TINY,
      ...(momentum === 0 ? [] : [moved + gamma(4) * fast]),
      ...(centered ? [gamma(10) * shifts] : []),
    ];
  },
});

export interface AdagradAttrs extends UpdateAttrs {
  readonly epsilon: number;
}

/**
 * Adagrad as in torch.optim.Adagrad, with row₀ = rate/(1 + (t − 1)·η), η the decay of the rate:
 *
 *   g ← g + λ·p      s' = s + g²      p' = p − row₀·g/(√s' + ε)
 */
export const adagradUpdate: Update<AdagradAttrs> = defineUpdate('adagrad', {
  states: () => ['s'],
  rates: [0],
  next: (element, { epsilon }) => {
    const slope = slopeOf(element);
    const square = element.states[0] + slope * slope;
    return [element.p - (element.row[0] * slope) / (Math.sqrt(square) + epsilon), square];
  },
  bounds: (element, { epsilon }) => {
    const { p, states, row } = element;
    const size = sizeOf(element);
    const error = gamma(10) * (states[0] + size * size) + TINY;
    const square = states[0] + slopeOf(element) ** 2;
    return [gamma(6) * Math.abs(p) + row[0] * quotientBound(size, square, error, epsilon), error];
  },
});

export interface LionAttrs extends UpdateAttrs {
  readonly beta1: number;
  readonly beta2: number;
}

/**
 * Lion, with row₀ = rate:
 *
 *   c = β₁·m + (1 − β₁)·g      p' = p − row₀·(sign(c) + λ·p)      m' = β₂·m + (1 − β₂)·g
 *
 * Source: Chen et al. 2023, arXiv 2302.06675, algorithm 2.
 */
export const lionUpdate: Update<LionAttrs> = defineUpdate('lion', {
  states: () => ['m'],
  rates: [0],
  next: ({ p, g, states: [m], row, decay }, { beta1, beta2 }) => [
    p - row[0] * (Math.sign(blend(beta1, m, g)) + decay * p),
    blend(beta2, m, g),
  ],
  bounds: ({ p, g, states: [m], row, decay }, { beta1, beta2 }) => {
    // Where f32 cannot tell c from 0, its sign may be any.
    const doubt = gamma(8) * blend(beta1, Math.abs(m), Math.abs(g)) + TINY;
    const unsure = Math.abs(blend(beta1, m, g)) <= doubt && (m !== 0 || g !== 0);
    const rounded = gamma(8) * (Math.abs(p) + row[0] * (1 + decay * Math.abs(p)));
    return [rounded + (unsure ? 2 * row[0] : 0), gamma(8) * blend(beta2, Math.abs(m), Math.abs(g)) + TINY];
  },
});
