import { describe, expect, it } from 'vitest';
import { halfBits, permutation } from '../../src/core/permutation.js';

const orderOf = (seed: number, epoch: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => permutation(seed, epoch, count, i));

describe('permutation', () => {
  it.each([1, 2, 3, 5, 64, 1000, 60_000])('of %i images has each of them once', (count) => {
    const seen = new Uint8Array(count);
    for (const image of orderOf(7, 3, count)) seen[image] = (seen[image] ?? 9) + 1;
    expect(seen.every((times) => times === 1)).toBe(true);
  });

  it('is another one in another epoch and for another seed', () => {
    const orders = [orderOf(1, 0, 1000), orderOf(1, 1, 1000), orderOf(2, 0, 1000), orderOf(2, 1, 1000)];
    expect(new Set(orders.map((order) => order.join())).size).toBe(4);
    // Two orders drawn apart agree in one place on average, and in 8 or more once in 10⁵ draws.
    const [first = [], ...others] = orders;
    for (const other of others) expect(other.filter((image, i) => image === first[i]).length).toBeLessThan(8);
  });

  it('leaves no image near its place: over 50 epochs each place sees images from everywhere', () => {
    const mean =
      Array.from({ length: 50 }, (_, epoch) => permutation(9, epoch, 60_000, 0)).reduce((a, b) => a + b) / 50;
    // Five standard errors of the mean of 50 equal chances.
    expect(Math.abs(mean - 30_000)).toBeLessThan((5 * 60_000) / Math.sqrt(12 * 50));
  });

  it('takes any whole seed and epoch of 32 bits', () => {
    for (const [seed, epoch] of [
      [0, 0],
      [2 ** 32 - 1, 0],
      [0, 2 ** 32 - 1],
      [2 ** 32 - 1, 2 ** 32 - 1],
    ] as const) {
      expect(new Set(orderOf(seed, epoch, 100)).size).toBe(100);
    }
  });

  it('has given these orders since the first release', () => {
    expect(orderOf(1, 0, 10)).toEqual([6, 8, 4, 2, 9, 5, 3, 0, 7, 1]);
    expect(orderOf(1, 1, 10)).toEqual([2, 9, 1, 7, 0, 8, 6, 4, 3, 5]);
    expect([0, 1, 59_999].map((i) => permutation(42, 7, 60_000, i))).toEqual([743, 2024, 8833]);
  });
});

describe('halfBits', () => {
  it('is half of the bits of the smallest even width that holds the count', () => {
    expect([1, 2, 4, 5, 16, 17, 60_000, 65_536, 65_537].map(halfBits)).toEqual([1, 1, 1, 2, 2, 3, 8, 8, 9]);
  });
});
