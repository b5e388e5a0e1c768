import { erf } from '../core/erf.js';
import { EngineError } from '../core/errors.js';
import type { Tensor } from '../graph/graph.js';
import { defineMap, exact, expError, TINY, u, type MapOp } from './map.js';
import { mustBeFinite } from './operands.js';

// What an activation does to one number, its gradient, and how far f32 may be from either. Errors of functions that WGSL
// lacks are derived in shaders/lib/functions.ts. An exponential's argument is at most 200 in a bound: from 105 on it is 0.

const { abs, exp, log1p, min, PI, sqrt, tanh: tanhOf } = Math;

const sigmoidOf = (x: number): number => 1 / (1 + exp(-x));
const SLOPE_OF_0 = 1 / sqrt(2 * PI);
/** The density of the normal distribution, and what lies below x. */
const density = (x: number): number => SLOPE_OF_0 * exp((-x * x) / 2);
const below = (x: number): number => (1 + erf(x / sqrt(2))) / 2;

/** The tanh form of gelu is x·σ(w): w and its slope (Hendrycks and Gimpel, arXiv 1606.08415, §2). */
const CUBIC = 0.044715;
const widened = (x: number): number => 4 * SLOPE_OF_0 * (x + CUBIC * x ** 3);
const widenedSlope = (x: number): number => 4 * SLOPE_OF_0 * (1 + 3 * CUBIC * x * x);

/** σ(x)·|x| is 0 where σ is, even for −∞. */
const cut = (x: number): number => min(abs(x), 200);

/** The error of σ(x) relative to it, in u, where the argument is `off` u of itself off. */
const sigmoidError = (x: number, off = 0): number => (expError(cut(x)) + off * cut(x)) * sigmoidOf(-x) + 6;

/** The slope of x·σ(w), where w has this slope, and its error in u for one of dy; w is `off` u of itself off. */
const gateSlope = (x: number, w: number, wSlope: number): number =>
  sigmoidOf(w) + x * wSlope * sigmoidOf(w) * sigmoidOf(-w);
function gateSlopeError(x: number, w: number, wSlope: number, off: number): number {
  const curved = abs(min(abs(x), 1e19) * wSlope * sigmoidOf(w) * sigmoidOf(-w));
  const whole = sigmoidOf(w) * (sigmoidError(w, off) + 2);
  return whole + curved * (expError(cut(w)) + off * cut(w) + 18 + off) + (TINY * abs(x * wSlope)) / u;
}

export type LeakyRelu = { readonly slope: number };
export type Elu = { readonly alpha: number };
export type Softplus = { readonly beta: number; readonly threshold: number };

/** softplus and its slope are those of the identity above the threshold. */
const isLinear = (x: number, { beta, threshold }: Softplus): boolean => x * beta > threshold;

function softplusError(x: number, { beta }: Softplus, y: number): number {
  const z = cut(x * beta);
  const e = exp(-z);
  return (u * (2 * z + expError(z) * e + 12 * log1p(e))) / beta + 7 * u * abs(y);
}

/** A family's member whose results may be stored in f16. */
const activation: typeof defineMap = (name, operands, formula, options) =>
  defineMap(name, operands, formula, { ...options, half: true });

/** Activations and their gradients, each of dy and the operand, or the result where that says more. */
export const activationOps = {
  leakyRelu: activation<LeakyRelu>('leakyRelu', ['x'], ([x], { slope }) => (x > 0 ? x : slope * x), {
    check: ({ slope }) => mustBeFinite('leakyRelu', 'slope', slope),
    error: (_, __, y) => 2 * u * abs(y),
    gradient: (dy, [x], attrs) => [() => slope('leakyReluGrad', dy, x, attrs)],
  }),
  /** dx = dy where x > 0, else slope·dy. */
  leakyReluGrad: activation<LeakyRelu>(
    'leakyReluGrad',
    ['dy', 'x'],
    ([dy, x], { slope }) => (x > 0 ? dy : slope * dy),
    {
      error: (_, __, y) => 2 * u * abs(y),
      gradient: (ddx, [, x], attrs) => [() => slope('leakyReluGrad', ddx, x, attrs), undefined],
    },
  ),

  elu: activation<Elu>('elu', ['x'], ([x], { alpha }) => (x > 0 ? x : alpha * Math.expm1(x)), {
    check: ({ alpha }) => mustBeFinite('elu', 'alpha', alpha),
    error: (_, __, y) => 12 * u * abs(y),
    gradient: (dy, [x], attrs) => [() => slope('eluGrad', dy, x, attrs)],
  }),
  /** dx = dy where x > 0, else alpha·eˣ·dy. */
  eluGrad: activation<Elu>('eluGrad', ['dy', 'x'], ([dy, x], { alpha }) => (x <= 0 ? dy * alpha * exp(x) : dy), {
    error: ([, x], _, y) => (x <= 0 ? (expError(cut(x)) + 3) * u * abs(y) : 0),
  }),

  gelu: activation('gelu', ['x'], ([x]) => x * below(x), {
    // erf is 7u off, and 1u where its argument is 2u of itself off; the sum is at most 2.
    error: ([x], _, y) => 5 * u * abs(x) + 2 * u * abs(y),
    gradient: (dy, [x]) => [() => slope('geluGrad', dy, x, {})],
  }),
  /** dx = dy·(Φ(x) + x·φ(x)), with the normal distribution Φ and its density φ. */
  geluGrad: activation('geluGrad', ['dy', 'x'], ([dy, x]) => dy * (below(x) + x * density(x)), {
    error: ([dy, x]) => {
      const curved = abs(x * density(x));
      return abs(dy) * u * (5 + 2 * below(x) + curved * (12 + 6 * cut((x * x) / 2)));
    },
  }),
  geluTanh: activation('geluTanh', ['x'], ([x]) => x * sigmoidOf(widened(x)), {
    error: ([x], _, y) => u * abs(y) * (sigmoidError(widened(x), 7) + 1) + TINY * abs(x),
    gradient: (dy, [x]) => [() => slope('geluTanhGrad', dy, x, {})],
  }),
  /** dx = dy·(σ(w) + x·w'(x)·σ(w)·σ(−w)), with w = √(8/π)·(x + 0.044715·x³). */
  geluTanhGrad: activation('geluTanhGrad', ['dy', 'x'], ([dy, x]) => dy * gateSlope(x, widened(x), widenedSlope(x)), {
    error: ([dy, x]) => abs(dy) * u * gateSlopeError(x, widened(x), widenedSlope(min(abs(x), 20)), 7),
  }),

  silu: activation('silu', ['x'], ([x]) => x * sigmoidOf(x), {
    error: ([x], _, y) => u * abs(y) * (sigmoidError(x) + 1) + TINY * abs(x),
    gradient: (dy, [x]) => [() => slope('siluGrad', dy, x, {})],
  }),
  /** dx = dy·(σ(x) + x·σ(x)·σ(−x)). */
  siluGrad: activation('siluGrad', ['dy', 'x'], ([dy, x]) => dy * gateSlope(x, x, 1), {
    error: ([dy, x]) => abs(dy) * u * gateSlopeError(x, x, 1, 0),
  }),

  sigmoid: activation('sigmoid', ['x'], ([x]) => sigmoidOf(x), {
    error: ([x], _, y) => u * y * sigmoidError(x),
    gradient: (dy, _, __, [y]) => [() => slope('sigmoidGrad', dy, y, {})],
  }),
  /** dx = dy·y·(1 − y). */
  sigmoidGrad: activation('sigmoidGrad', ['dy', 'y'], ([dy, y]) => dy * y * (1 - y), {
    error: (_, __, dx) => 4 * u * abs(dx),
  }),

  tanh: activation('tanh', ['x'], ([x]) => tanhOf(x), {
    // e/(2 + e) with e = exp(−2·|x|) − 1, which is 10u off: a quotient's own 5u, a sum's 1u, and 2/(2 + e) times e's.
    error: ([x], _, y) => u * abs(y) * (6 + 20 / (2 + Math.expm1(-2 * abs(x)))),
    gradient: (dy, _, __, [y]) => [() => slope('tanhGrad', dy, y, {})],
  }),
  /** dx = dy·(1 − y)·(1 + y). */
  tanhGrad: activation('tanhGrad', ['dy', 'y'], ([dy, y]) => dy * (1 - y) * (1 + y), {
    error: (_, __, dx) => 4 * u * abs(dx),
  }),

  softplus: activation<Softplus>(
    'softplus',
    ['x'],
    ([x], attrs) => {
      const z = x * attrs.beta;
      return isLinear(x, attrs) ? x : (log1p(exp(-abs(z))) + (z < 0 ? 0 : z)) / attrs.beta;
    },
    {
      check: ({ beta, threshold }) => {
        mustBeFinite('softplus', 'threshold', threshold);
        if (beta > 0 && Number.isFinite(1 / Math.fround(beta)) && Number.isFinite(beta)) return;
        throw new EngineError('usage', { place: 'softplus', given: `beta ${beta}`, wanted: 'a number above 0' });
      },
      error: ([x], attrs, y) => (isLinear(x, attrs) ? exact() : softplusError(x, attrs, y)),
      gradient: (dy, [x], attrs) => [() => slope('softplusGrad', dy, x, attrs)],
    },
  ),
  /** dx = dy·σ(beta·x), and dy above the threshold. */
  softplusGrad: activation<Softplus>(
    'softplusGrad',
    ['dy', 'x'],
    ([dy, x], attrs) => (isLinear(x, attrs) ? dy : dy * sigmoidOf(x * attrs.beta)),
    { error: ([, x], attrs, dx) => (isLinear(x, attrs) ? 0 : u * abs(dx) * (sigmoidError(x * attrs.beta, 2) + 1)) },
  ),
};

type Gradient = Extract<keyof typeof activationOps, `${string}Grad`>;

/** The op of a gradient, of dy and the operand, or the result. */
const slope = (name: `${string}Grad`, dy: Tensor, x: Tensor, attrs: object): Tensor =>
  (activationOps[name as Gradient] as MapOp<object>).one([dy, x], attrs);

/** x where x > 0, else slope·x, with a slope of 0.01 unless given; any shape (torch.nn.functional.leaky_relu). */
export const leakyRelu = (x: Tensor, slope = 0.01): Tensor => activationOps.leakyRelu.one([x], { slope });

/** x where x > 0, else alpha·(eˣ − 1), with an alpha of 1 unless given; any shape (Clevert et al., arXiv 1511.07289, eq. 15). */
export const elu = (x: Tensor, alpha = 1): Tensor => activationOps.elu.one([x], { alpha });

export interface GeluOptions {
  /** `tanh`: x/2·(1 + tanh(√(2/π)·(x + 0.044715·x³))), as GPT-2 has it; `none` by default. */
  readonly approximate?: 'none' | 'tanh';
}

/**
 * x·Φ(x) with the normal distribution Φ(x) = (1 + erf(x/√2))/2; any shape (Hendrycks and Gimpel, arXiv 1606.08415;
 * torch.nn.functional.gelu). −∞ gives NaN, as in PyTorch.
 */
export const gelu = (x: Tensor, { approximate = 'none' }: GeluOptions = {}): Tensor =>
  (approximate === 'tanh' ? activationOps.geluTanh : activationOps.gelu).one([x], {});

/** x·σ(x); any shape (torch.nn.functional.silu). −∞ gives NaN, as in PyTorch. */
export const silu = (x: Tensor): Tensor => activationOps.silu.one([x], {});

/** σ(x) = 1/(1 + e⁻ˣ); any shape. */
export const sigmoid = (x: Tensor): Tensor => activationOps.sigmoid.one([x], {});

/** The hyperbolic tangent, to a few units in the last place wherever it is; any shape. */
export const tanh = (x: Tensor): Tensor => activationOps.tanh.one([x], {});

export interface SoftplusOptions {
  /** Above 0; 1 by default. */
  readonly beta?: number;
  /** Where beta·x is above it, the result is x; 20 by default. */
  readonly threshold?: number;
}

/**
 * log(1 + exp(beta·x))/beta, without overflow; any shape (torch.nn.functional.softplus).
 * Throws EngineError 'usage' unless beta is above 0 and both are finite.
 */
export const softplus = (x: Tensor, { beta = 1, threshold = 20 }: SoftplusOptions = {}): Tensor =>
  activationOps.softplus.one([x], { beta, threshold });
