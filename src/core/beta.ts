// The distribution Beta(α, α), by its quantiles.

/** Γ's logarithm for x > 0, by Lanczos with g = 7 and nine terms, to some 15 digits. */
function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const y = x - 1;
  const sum = LANCZOS.reduce((total, term, k) => total + term / (y + k + 1), 0.99999999999980993);
  const t = y + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (y + 0.5) * Math.log(t) - t + Math.log(sum);
}

const LANCZOS = [
  676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
  -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/**
 * I_x(α, α), the chance of a number of Beta(α, α) to be at most x.
 * Source: the continued fraction of Abramowitz & Stegun 26.5.8, which converges fast for x up to ½, by Lentz's method.
 */
export function betaChance(alpha: number, x: number): number {
  if (x > 0.5) return 1 - betaChance(alpha, 1 - x);
  if (x <= 0) return 0;
  const log = alpha * (Math.log(x) + Math.log1p(-x)) + logGamma(2 * alpha) - 2 * logGamma(alpha);
  let [c, d] = [1, 1 / (1 - (2 * alpha * x) / (alpha + 1))];
  let fraction = d;
  for (let m = 1; m <= 1000; m++) {
    const even = (m * (alpha - m) * x) / ((alpha + 2 * m - 1) * (alpha + 2 * m));
    const odd = (-(alpha + m) * (2 * alpha + m) * x) / ((alpha + 2 * m) * (alpha + 2 * m + 1));
    const before = fraction;
    for (const term of [even, odd]) {
      d = 1 / (1 + term * d);
      c = 1 + term / c;
      fraction *= c * d;
    }
    if (Math.abs(fraction - before) <= 1e-15 * fraction) break;
  }
  return (Math.exp(log) * fraction) / alpha;
}

/** Where x in [0, ½] has that chance, at most ½. */
function quantile(alpha: number, chance: number): number {
  let [low, high] = [0, 0.5];
  // More halvings leave f64 as it is.
  for (let k = 0; k < 54; k++) {
    const middle = (low + high) / 2;
    if (betaChance(alpha, middle) < chance) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

const known = new Map<number, readonly number[]>();

/**
 * The larger of λ and 1 − λ for λ of Beta(α, α), at so many equally likely cells: `cells + 1` numbers from ½ to 1, so that
 * a cell drawn by chance and a place in it drawn by chance are its distribution to within half a cell.
 */
export function largerPartQuantiles(alpha: number, cells: number): readonly number[] {
  const key = alpha * 2 ** 16 + cells;
  const found =
    known.get(key) ??
    Array.from({ length: cells + 1 }, (_, i) => (i === cells ? 1 : 1 - quantile(alpha, (1 - i / cells) / 2)));
  known.set(key, found);
  return found;
}
