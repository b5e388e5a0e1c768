import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normal, pcg, uniform } from '../../src/core/random.js';

const WORD = 2n ** 32n;

/** `pcg` as its authors print it, in whole numbers without end, cut to 32 bits after every step. */
function pcgInWholeNumbers(v: number): number {
  const state = (((BigInt(v) % WORD) + WORD) * 747796405n + 2891336453n) % WORD;
  const word = (((state >> ((state >> 28n) + 4n)) ^ state) * 277803737n) % WORD;
  return Number((word >> 22n) ^ word);
}

describe('pcg', () => {
  it('is what its authors print, for any whole number', () => {
    for (const v of [0, 1, 2, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 40 + 7, -1])
      expect(pcg(v)).toBe(pcgInWholeNumbers(v));
    fc.assert(fc.property(fc.nat(2 ** 32 - 1), (v) => pcg(v) === pcgInWholeNumbers(v)));
  });

  it('gives no word twice', () => {
    const words = new Set(Array.from({ length: 100_000 }, (_, v) => pcg(v)));
    expect(words.size).toBe(100_000);
  });

  it('has given these words since the first release', () => {
    expect([0, 1, 2, 0xffff_ffff].map(pcg)).toEqual([129708002, 2831084092, 2055130248, 3861530882]);
  });
});

describe('uniform', () => {
  const many = Array.from({ length: 20_000 }, (_, i) => uniform(3, 5, i));

  it('lies in [0, 1) in steps of 2⁻²⁴, so that f32 holds it exactly', () => {
    for (const value of many) {
      expect(value >= 0 && value < 1 && Number.isInteger(value * 2 ** 24) && Math.fround(value) === value).toBe(true);
    }
  });

  it('has the mean and the variance of equal chances', () => {
    const mean = many.reduce((sum, value) => sum + value, 0) / many.length;
    const variance = many.reduce((sum, value) => sum + (value - mean) ** 2, 0) / many.length;
    // Five standard errors: of the mean √(1/12n), of the variance √(1/180n).
    expect(Math.abs(mean - 1 / 2)).toBeLessThan(5 * Math.sqrt(1 / 12 / many.length));
    expect(Math.abs(variance - 1 / 12)).toBeLessThan(5 * Math.sqrt(1 / 180 / many.length));
  });

  it('shows no line from one number to the next, from stream to stream or from seed to seed', () => {
    const correlation = (other: (i: number) => number): number =>
      many.reduce((sum, value, i) => sum + (value - 1 / 2) * (other(i) - 1 / 2), 0) / many.length / (1 / 12);
    const others = [
      (i: number) => uniform(3, 5, i + 1),
      (i: number) => uniform(3, 6, i),
      (i: number) => uniform(4, 5, i),
    ];
    for (const other of others) expect(Math.abs(correlation(other))).toBeLessThan(5 / Math.sqrt(many.length));
  });
});

describe('normal', () => {
  const many = Array.from({ length: 20_000 }, (_, i) => normal(3, 5, i));
  const mean = (of: (x: number) => number) => many.reduce((sum, x) => sum + of(x), 0) / many.length;

  it('has the moments of N(0, 1), and its tails', () => {
    // Four standard deviations of each mean: those of 1, 2, 15 and 96 are what x, x², x³ and x⁴ vary by.
    const within = (variance: number) => 4 * Math.sqrt(variance / many.length);
    for (const [power, moment, variance] of [
      [1, 0, 1],
      [2, 1, 2],
      [3, 0, 15],
      [4, 3, 96],
    ] as const)
      expect(Math.abs(mean((x) => x ** power) - moment)).toBeLessThan(within(variance));
    expect(many.every(Number.isFinite)).toBe(true);
    expect(many.filter((x) => Math.abs(x) > 3).length / many.length).toBeCloseTo(0.0027, 2);
  });

  it('has no part of one in the next', () => {
    const products = many.slice(1).map((x, i) => x * (many[i] ?? 0));
    expect(Math.abs(products.reduce((sum, x) => sum + x, 0) / products.length)).toBeLessThan(4 / Math.sqrt(20_000));
  });
});
