import { erf, exponential, isNan, logarithm } from './lib/functions.js';
import { expression } from './lib/map.js';
import { f32 } from './lib/number.js';

// The formula of each member of `elementwiseOps`, as WGSL of its operands' elements. Comparisons, not max() and min(): WGSL
// lets these return a number where one operand is NaN.

/** A power by squarings. */
function product(exponent: number): string {
  if (exponent === 1) return 'x';
  const half = product(Math.floor(exponent / 2));
  return `(${half}) * (${half})${exponent % 2 === 1 ? ' * x' : ''}`;
}

/** Whole exponents up to 32 are multiplied out. Elsewhere exp2(p·log2 |x|), with the sign or the NaN of a negative x. */
function power({ exponent }: { exponent: number }): string {
  const size = Math.abs(exponent);
  const isWhole = Number.isInteger(exponent);
  if (exponent === 0) return '1.0';
  if (exponent === 0.5) return 'sqrt(x)';
  if (isWhole && size <= 32) return exponent > 0 ? product(size) : `1.0 / (${product(size)})`;
  const absolute = `select(exp2(${f32(exponent)} * logarithm(abs(x))), x, isNan(x))`;
  if (isWhole) return size % 2 === 0 ? absolute : `select(${absolute}, -${absolute}, x < 0.0)`;
  return `select(${absolute}, notANumber(x), x < 0.0 && x >= -3.4028234e38)`;
}

interface Bounds {
  readonly min?: number;
  readonly max?: number;
}

const clamped = ({ min, max }: Bounds): string => {
  const raised = min === undefined ? 'x' : `select(x, ${f32(min)}, x < ${f32(min)})`;
  return max === undefined ? raised : `select(${raised}, ${f32(max)}, ${raised} > ${f32(max)})`;
};

const isWithin = ({ min, max }: Bounds): string =>
  [...(min === undefined ? [] : [`x >= ${f32(min)}`]), ...(max === undefined ? [] : [`x <= ${f32(max)}`])].join(' && ');

export const arithmetic = {
  sub: expression('a - b'),
  div: expression('a / b'),
  maximum: expression('select(b, a, a >= b || isNan(a))', isNan),
  minimum: expression('select(b, a, a <= b || isNan(a))', isNan),
  neg: expression('-x'),
  abs: expression('abs(x)'),
  sign: expression('select(select(0.0, -1.0, x < 0.0), 1.0, x > 0.0)'),
  exp: expression('exponential(x)', exponential),
  log: expression('logarithm(x)', logarithm('log')),
  sqrt: expression('sqrt(x)'),
  square: expression('x * x'),
  erf: expression('erf(x)', erf),
  pow: expression(power, logarithm('log2')),
  xlogx: expression('select(x * logarithm(x), 0.0, x == 0.0)', logarithm('log')),
  smoothAbs: expression(
    ({ beta }: { beta: number }) =>
      `select(abs(x) - ${f32(beta / 2)}, x * x * ${f32(0.5 / beta)}, abs(x) < ${f32(beta)})`,
  ),
  shift: expression(({ amount }: { amount: number }) => `x + ${f32(amount)}`),
  clamp: expression(clamped),
  clampGrad: expression((bounds: Bounds) => `select(0.0, dy, ${isWithin(bounds)})`),
  larger: expression('select(select(dy, 0.5 * dy, a == b), 0.0, a < b)'),
  equal: expression('select(0.0, 1.0, a == b)'),
};
