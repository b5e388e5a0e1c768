// Functions that WGSL lacks, or whose accuracy it leaves open, as WGSL. Each has a bound on its error on exact arguments,
// counted in u = 2⁻²⁴: half an ULP of 1. It follows from the accuracy that WGSL states for exp (3 + 2·|x| ULP) and
// for quotients (2.5 ULP; WGSL specification, §15.7.4.1), from one rounding of every sum and product, Horner's scheme taken
// step by step, and the truncation of a series or the largest difference of a fit.

/** Whole WGSL functions, those that one calls before it. */
export type Functions = readonly string[];

/** Horner's scheme: c₀ + x·(c₁ + x·(…)). */
const polynomial = (x: string, coefficients: readonly number[]): string =>
  coefficients.reduceRight((inner, c) => (inner === '' ? `${c}` : `${c} + ${x} * (${inner})`), '');

/** Whether x is NaN, by its bits: a compiler may take x ≠ x for false. */
export const isNan: Functions = [`fn isNan(x: f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u; }`];

/** ∞ for any x, from bits that no compiler evaluates: WGSL has no literal for it. */
const infinity = `fn infinity(x: f32) -> f32 { return bitcast<f32>(0x7f800000u | (bitcast<u32>(x) & 0u)); }`;

/** NaN, from bits that a compiler cannot know: WGSL has no literal for it. */
const notANumber = `fn notANumber(x: f32) -> f32 { return bitcast<f32>(0x7fc00000u | (bitcast<u32>(x) & 1u)); }`;

/** exp(x) where x may be NaN: some adapters take the exponential of a negative NaN for ∞. */
export const exponential: Functions = [
  ...isNan,
  `fn exponential(x: f32) -> f32 { return select(exp(x), x, isNan(x)); }`,
];

/** `logarithm`: log or log2 where x may be anything: some adapters have finite numbers for 0, ∞ and NaN. */
export const logarithm = (builtIn: 'log' | 'log2'): Functions => [
  ...isNan,
  infinity,
  notANumber,
  `fn logarithm(x: f32) -> f32 {
  let positive = select(${builtIn}(x), x, isNan(x) || x > 3.4028234663852886e38);
  return select(select(positive, notANumber(x), x < 0.0), -infinity(x), x == 0.0);
}`,
];

/**
 * exp(x) − 1 for x ≤ 0, to 10u of its value. From −1 on the series Σ xᵏ/k! to k = 11, cut off at 4·10⁻⁹ of it; there
 * 1 − exp(x) is above 0.63, so that the difference is to 7u below.
 */
export const expm1Below: Functions = [
  ...exponential,
  `fn expm1Below(x: f32) -> f32 {
  let series = x * (${polynomial('x', reciprocalFactorials(11))});
  return select(exponential(x) - 1.0, series, x > -1.0);
}`,
];

/** 1/1!, 1/2!, … 1/n!. */
function reciprocalFactorials(n: number): readonly number[] {
  let factorial = 1;
  return Array.from({ length: n }, (_, k) => 1 / (factorial *= k + 1));
}

/** log(1 + x) for 0 ≤ x ≤ 1, to 12u of its value: 2·artanh(s) with s = x/(2 + x) ≤ 1/3, its series to s¹⁵. */
export const log1pUnit: Functions = [
  `fn log1pUnit(x: f32) -> f32 {
  let s = x / (2.0 + x);
  let t = s * s;
  return 2.0 * s * (${polynomial(
    't',
    Array.from({ length: 8 }, (_, k) => 1 / (2 * k + 1)),
  )});
}`,
];

/**
 * The error function, to 7u, and where |x| ≤ 1 to 8u of its value. There it is x·P(x²), with P fitted to 1.2·10⁻⁹ of
 * its value. Beyond it is 1 − exp(−T(|x|)), where T is fitted so that erf is right to 1.1·10⁻⁹ up to 4; T is 8·T u off,
 * its exponential (6 + 12·T)u of a value below 0.16. At 4, erf is 1 to a quarter of u.
 */
export const erf: Functions = [
  ...exponential,
  `fn erf(x: f32) -> f32 {
  let size = select(abs(x), 4.0, abs(x) > 4.0);
  let square = size * size;
  let near = x * (${polynomial(
    'square',
    [
      1.1283791659, -0.37612627136, 0.11283600176, -0.02685444459, 0.0051895353355, -0.00080208412458,
      0.000078891194181,
    ],
  )});
  let t = ${polynomial(
    'size',
    [0.00035370890947, 1.1270400801, 0.6382256022, 0.10303743564, -0.021805351214, 0.0029396157505, -0.00018557489478],
  )};
  let far = 1.0 - exponential(-t);
  return select(select(far, -far, x < 0.0), near, size <= 1.0);
}`,
];

/** 1/(1 + exp(−x)) without overflow, to (6 + 4·|x|)·σ(−x) + 6 u of its value. */
export const sigmoid: Functions = [
  ...exponential,
  `fn sigmoid(x: f32) -> f32 {
  let e = exponential(-abs(x));
  return select(1.0, e, x < 0.0) / (1.0 + e);
}`,
];
