import { describe, expect, it } from 'vitest';
import { betaChance, largerPartQuantiles } from '../../src/core/beta.js';

/** Distributions with a formula of their own. */
const known: readonly (readonly [alpha: number, chance: (x: number) => number])[] = [
  [0.5, (x) => (2 / Math.PI) * Math.asin(Math.sqrt(x))],
  [1, (x) => x],
  [2, (x) => 3 * x ** 2 - 2 * x ** 3],
  [3, (x) => 10 * x ** 3 - 15 * x ** 4 + 6 * x ** 5],
];

describe('Beta(α, α)', () => {
  it.each(known)('of α %d has the chances of its formula', (alpha, chance) => {
    for (const x of [0, 1e-9, 0.01, 0.3, 0.5, 0.7, 0.999, 1]) {
      expect(Math.abs(betaChance(alpha, x) - chance(x)), `x ${x}`).toBeLessThanOrEqual(1e-13);
    }
  });

  // By Simpson's rule. Below 1 the density has a pole at 0, which x = tᵖ with p = 1/α takes away.
  it.each([0.01, 0.2, 0.4, 1.5, 8, 100])('of α %d has the chances of its density', (alpha) => {
    const p = alpha < 1 ? 1 / alpha : 1;
    const density = (t: number): number => p * t ** (p * alpha - 1) * (1 - t ** p) ** (alpha - 1);
    const integral = (from: number, to: number): number => {
      const [parts, width] = [20_000, (to - from) / 20_000];
      let sum = density(from) + density(to);
      for (let k = 1; k < parts; k++) sum += (k % 2 === 0 ? 2 : 4) * density(from + k * width);
      return (sum * width) / 3;
    };
    const half = integral(0, 0.5 ** (1 / p));
    for (const x of [0.3, 0.45]) {
      const wanted = 0.5 - integral(x ** (1 / p), 0.5 ** (1 / p)) / (2 * half);
      expect(Math.abs(betaChance(alpha, x) - wanted), `x ${x}`).toBeLessThanOrEqual(1e-7);
    }
  });

  it.each([0.01, 0.2, 1, 2.5, 100])('of α %d has quantiles of its larger part that rise from ½ to 1', (alpha) => {
    const quantiles = largerPartQuantiles(alpha, 256);
    expect([quantiles.length, quantiles[256]]).toEqual([257, 1]);
    quantiles.forEach((x, i) => {
      expect(x).toBeGreaterThanOrEqual(quantiles[i - 1] ?? 0.5);
      // Where the density is large a rounding of x is more than one of the chance.
      if (x < 0.999) expect(Math.abs(betaChance(alpha, x) - (1 + i / 256) / 2)).toBeLessThanOrEqual(1e-10);
    });
  });
});
