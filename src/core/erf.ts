/** Terms of the series at |x| = 6, where the last is below 2⁻⁵³ of the sum. */
const TERMS = 140;

/**
 * The error function 2/√π·∫₀ˣ exp(−t²) dt in f64, to 2⁻⁴⁹:
 * 2/√π·exp(−x²)·Σₙ 2ⁿ·x²ⁿ⁺¹/(1·3·…·(2n+1)), whose terms have one sign (Abramowitz and Stegun, 7.1.6).
 */
export function erf(x: number): number {
  // From 6 on, 1 − erf is below 2⁻⁵³.
  if (Math.abs(x) > 6) return Math.sign(x);
  let term = x;
  let total = x;
  for (let n = 1; n < TERMS; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    total += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * total;
}
