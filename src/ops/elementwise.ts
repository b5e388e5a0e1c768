import { erf as erfOf } from '../core/erf.js';
import type { Tensor } from '../graph/graph.js';
import { fill } from '../graph/tape.js';
import { mul } from './arithmetic.js';
import { defineMap, exact, expError, u } from './map.js';
import { mustBeFinite } from './operands.js';
import { scale } from './scale.js';

/** Bounds of `clamp`; one that is absent bounds nothing. */
export type ClampBounds = { readonly min?: number; readonly max?: number };

/** 3 ULP of a logarithm; where it is nearly 0, between 0.5 and 2, an absolute 2⁻²¹ (WGSL specification, §15.7.4.1). */
const logError = (x: number, log: number): number => (x >= 0.5 && x <= 2 ? 2 ** -21 : 6 * u * Math.abs(log));

/** An exponent that the kernel multiplies out: a whole number up to 32, or the root. */
const isProduct = (exponent: number): boolean => Number.isInteger(exponent) && Math.abs(exponent) <= 32;

/** Products and a quotient; a root by 1/inverseSqrt; else exp2(p·log2 x), whose argument is p times off as its logarithm. */
function powError(x: number, exponent: number, y: number): number {
  if (isProduct(exponent)) return (Math.abs(exponent) + 5) * u * Math.abs(y);
  if (exponent === 0.5) return 10 * u * Math.abs(y);
  const size = Math.abs(x);
  const argument = Math.abs(exponent * Math.log2(size));
  const log = logError(size, Math.log2(size));
  return Math.abs(y) * (Math.abs(exponent) * log + 2 * u * argument + expError(argument) * u);
}

const smoothed = (size: number, beta: number): number => (size < beta ? (size * size) / (2 * beta) : size - beta / 2);

/** A comparison with NaN is false, so NaN passes. */
function clamped(x: number, { min = -Infinity, max = Infinity }: ClampBounds): number {
  const y = x < min ? min : x;
  return y > max ? max : y;
}

/** Arithmetic, element by element. WGSL states a quotient to 2.5 ULP, which is 5u, and a root to that and 2 ULP more. */
export const elementwiseOps = {
  sub: defineMap('sub', ['a', 'b'], ([a, b]) => a - b, { gradient: (dy) => [() => dy, () => neg(dy)] }),
  div: defineMap('div', ['a', 'b'], ([a, b]) => a / b, {
    error: (_, __, y) => 5 * u * Math.abs(y),
    gradient: (dy, [, b], _, [y]) => [() => div(dy, b), () => neg(mul(dy, div(y, b)))],
  }),
  maximum: defineMap('maximum', ['a', 'b'], ([a, b]) => Math.max(a, b), {
    error: exact,
    gradient: (dy, [a, b]) => [() => larger(dy, a, b), () => larger(dy, b, a)],
  }),
  minimum: defineMap('minimum', ['a', 'b'], ([a, b]) => Math.min(a, b), {
    error: exact,
    gradient: (dy, [a, b]) => [() => larger(dy, b, a), () => larger(dy, a, b)],
  }),
  neg: defineMap('neg', ['x'], ([x]) => -x, { error: exact, gradient: (dy) => [() => neg(dy)] }),
  abs: defineMap('abs', ['x'], ([x]) => Math.abs(x), {
    error: exact,
    gradient: (dy, [x]) => [() => mul(dy, sign(x))],
  }),
  sign: defineMap('sign', ['x'], ([x]) => (x > 0 ? 1 : x < 0 ? -1 : 0), { error: exact }),
  exp: defineMap('exp', ['x'], ([x]) => Math.exp(x), {
    error: ([x], _, y) => expError(x) * u * y,
    gradient: (dy, _, __, [y]) => [() => mul(dy, y)],
  }),
  log: defineMap('log', ['x'], ([x]) => Math.log(x), {
    error: ([x], _, y) => logError(x, y),
    gradient: (dy, [x]) => [() => div(dy, x)],
  }),
  sqrt: defineMap('sqrt', ['x'], ([x]) => Math.sqrt(x), {
    error: (_, __, y) => 10 * u * y,
    gradient: (dy, _, __, [y]) => [() => div(scale(dy, 0.5), y)],
  }),
  square: defineMap('square', ['x'], ([x]) => x * x, { gradient: (dy, [x]) => [() => mul(dy, scale(x, 2))] }),
  erf: defineMap('erf', ['x'], ([x]) => erfOf(x), {
    // As derived in shaders/lib/functions.ts.
    error: (_, __, y) => Math.min(7 * u, 8 * u * Math.abs(y)),
    gradient: (dy, [x]) => [() => mul(dy, scale(exp(neg(square(x))), 2 / Math.sqrt(Math.PI)))],
  }),
  pow: defineMap<{ exponent: number }>('pow', ['x'], ([x], { exponent }) => Math.pow(x, exponent), {
    check: ({ exponent }) => mustBeFinite('pow', 'exponent', exponent),
    error: ([x], { exponent }, y) => powError(x, exponent, y),
    gradient: (dy, [x], { exponent }) => [
      // x⁰ has no slope, even where x⁻¹ is no number.
      () => (exponent === 0 ? fill.one([dy], { value: 0 }) : mul(dy, scale(pow(x, exponent - 1), exponent))),
    ],
  }),
  /** x·log x, 0 at 0. */
  xlogx: defineMap('xlogx', ['x'], ([x]) => (x === 0 ? 0 : x * Math.log(x)), {
    error: ([x], _, y) => (x === 0 ? 0 : Math.abs(x) * logError(x, Math.log(x)) + u * Math.abs(y)),
    gradient: (dy, [x]) => [() => mul(dy, shift(log(x), 1))],
  }),
  /** x²/(2·beta) where |x| < beta, else |x| − beta/2. */
  smoothAbs: defineMap<{ beta: number }>('smoothAbs', ['x'], ([x], { beta }) => smoothed(Math.abs(x), beta), {
    check: ({ beta }) => {
      mustBeFinite('smoothL1', 'beta', beta > 0 ? beta : NaN);
      mustBeFinite('smoothL1', '1/beta', 1 / beta);
    },
    error: (_, { beta }, y) => u * (5 * Math.abs(y) + beta),
    gradient: (dy, [x], { beta }) => [() => mul(dy, clamp(scale(x, 1 / beta), { min: -1, max: 1 }))],
  }),
  shift: defineMap<{ amount: number }>('shift', ['x'], ([x], { amount }) => x + amount, {
    check: ({ amount }) => mustBeFinite('shift', 'amount', amount),
    error: (_, { amount }, y) => Math.abs(amount - Math.fround(amount)) + u * Math.abs(y),
    gradient: (dy) => [() => dy],
  }),
  clamp: defineMap<ClampBounds>('clamp', ['x'], ([x], bounds) => clamped(x, bounds), {
    check: ({ min, max }) => {
      mustBeFinite('clamp', 'min', min ?? max ?? NaN);
      mustBeFinite('clamp', 'max', max ?? min ?? NaN);
    },
    error: exact,
    gradient: (dy, [x], bounds) => [() => clampGrad(dy, x, bounds)],
  }),
  /** dx = dy where min ≤ x ≤ max, else 0. */
  clampGrad: defineMap<ClampBounds>(
    'clampGrad',
    ['dy', 'x'],
    ([dy, x], { min = -Infinity, max = Infinity }) => (x >= min && x <= max ? dy : 0),
    {
      error: exact,
      gradient: (ddx, [, x], bounds) => [() => clampGrad(ddx, x, bounds), undefined],
    },
  ),
  /** dy where a > b, half of it where they are equal, else 0; all of it where they cannot be compared. */
  larger: defineMap('larger', ['dy', 'a', 'b'], ([dy, a, b]) => (a < b ? 0 : a === b ? dy / 2 : dy), {
    error: exact,
    gradient: (ddy, [, a, b]) => [() => larger(ddy, a, b), undefined, undefined],
  }),
  /** 1 where a = b, else 0; NaN equals nothing. */
  equal: defineMap('equal', ['a', 'b'], ([a, b]) => (a === b ? 1 : 0), { error: exact }),
};

const clampGrad = (dy: Tensor, x: Tensor, bounds: ClampBounds): Tensor => elementwiseOps.clampGrad.one([dy, x], bounds);

/** Where the gradient of the larger of two operands goes: that of `a`; see `elementwiseOps.larger`. */
const larger = (dy: Tensor, a: Tensor, b: Tensor): Tensor => elementwiseOps.larger.one([dy, a, b], {});

/** a − b, element by element, with NumPy's broadcasting; f32. Throws EngineError 'shape' where sizes differ and neither is 1. */
export const sub = (a: Tensor, b: Tensor): Tensor => elementwiseOps.sub.one([a, b], {});

/** a / b, element by element, with NumPy's broadcasting; f32. Throws EngineError 'shape' where sizes differ and neither is 1. */
export const div = (a: Tensor, b: Tensor): Tensor => elementwiseOps.div.one([a, b], {});

/**
 * The larger of two, element by element, with NumPy's broadcasting; NaN if either is (torch.maximum). Where they are equal
 * each gets half of the gradient.
 */
export const maximum = (a: Tensor, b: Tensor): Tensor => elementwiseOps.maximum.one([a, b], {});

/** The smaller of two, element by element; like `maximum` otherwise (torch.minimum). */
export const minimum = (a: Tensor, b: Tensor): Tensor => elementwiseOps.minimum.one([a, b], {});

/** 1 where a = b, else 0, element by element, with NumPy's broadcasting; f32, and no gradient (torch.eq). */
export const equal = (a: Tensor, b: Tensor): Tensor => elementwiseOps.equal.one([a, b], {});

/** −x; any shape. */
export const neg = (x: Tensor): Tensor => elementwiseOps.neg.one([x], {});

/** |x|; any shape. The gradient at 0 is 0, as in PyTorch. */
export const abs = (x: Tensor): Tensor => elementwiseOps.abs.one([x], {});

/** 1 above 0, −1 below, 0 at 0 and for NaN (torch.sign); no gradient. */
export const sign = (x: Tensor): Tensor => elementwiseOps.sign.one([x], {});

/** eˣ; any shape. */
export const exp = (x: Tensor): Tensor => elementwiseOps.exp.one([x], {});

/** The natural logarithm; −∞ at 0, NaN below; any shape. */
export const log = (x: Tensor): Tensor => elementwiseOps.log.one([x], {});

/** √x; NaN below 0; any shape. The gradient at 0 is infinite. */
export const sqrt = (x: Tensor): Tensor => elementwiseOps.sqrt.one([x], {});

/** x²; any shape. */
export const square = (x: Tensor): Tensor => elementwiseOps.square.one([x], {});

/** The error function 2/√π·∫₀ˣ exp(−t²) dt, to 7·2⁻²⁴ (torch.erf); any shape. */
export const erf = (x: Tensor): Tensor => elementwiseOps.erf.one([x], {});

/**
 * x to the power of a constant; any shape (torch.pow). Where x is negative the exponent must be whole, else NaN; x⁰ is 1.
 * Throws EngineError 'usage' unless the exponent is finite.
 */
export const pow = (x: Tensor, exponent: number): Tensor => elementwiseOps.pow.one([x], { exponent });

/** x + amount, with a constant; any shape. Throws EngineError 'usage' unless the amount is finite. */
export const shift = (x: Tensor, amount: number): Tensor => elementwiseOps.shift.one([x], { amount });

/**
 * x, but min where it is smaller and max where it is larger; NaN stays; any shape (torch.clamp). The gradient passes where
 * min ≤ x ≤ max. If min is above max, all is max. Throws EngineError 'usage' for a bound that is not
 * finite, and where there is none.
 */
export const clamp = (x: Tensor, bounds: ClampBounds): Tensor => elementwiseOps.clamp.one([x], bounds);
