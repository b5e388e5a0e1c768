// IEEE 754 binary16: 1 sign, 5 exponent and 10 fraction bits.

/** Relative error of rounding to the nearest f16, where the result is normal: 2⁻¹¹. */
export const HALF_ROUNDOFF = 2 ** -11;
/** Absolute error of rounding to the nearest f16 where the result is subnormal, below 2⁻¹⁴. */
export const HALF_LEAST_ERROR = 2 ** -25;
/** What rounds to infinity: from here on, half a unit past the largest f16, 65,504. */
export const HALF_OVERFLOW = 65_520;

/** The word of the f16 nearest to a number, a tie to the even one; every NaN is 0x7e00. */
export function toHalfBits(value: number): number {
  if (Number.isNaN(value)) return 0x7e00;
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (size >= HALF_OVERFLOW) return sign | 0x7c00;
  // Steps between neighbours: 2⁻²⁴ below 2⁻¹⁴, and then doubling with every power of two.
  const exponent = Math.max(-14, Math.floor(Math.log2(Math.max(size, 2 ** -14))));
  // A carry into the next power of two is the carry that the words want.
  return sign + toEven(size * 2 ** (10 - exponent)) + (exponent + 14) * 0x400;
}

function toEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return below + (rest > 0.5 ? 1 : 0);
  return below + (below % 2);
}

/** The number that a word of an f16 stands for. */
export function fromHalfBits(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}

/** The f16 nearest to a number, as a number. */
export const roundToHalf = (value: number): number => fromHalfBits(toHalfBits(value));
