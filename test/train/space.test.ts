import { describe, expect, it } from 'vitest';
import { draws, grid } from '../../src/train/space.js';

describe('grid', () => {
  it('is every combination once, the last setting changing fastest', () => {
    expect(grid({ rate: [0.1, 0.01], batch: [32, 64] })).toEqual([
      { rate: 0.1, batch: 32 },
      { rate: 0.1, batch: 64 },
      { rate: 0.01, batch: 32 },
      { rate: 0.01, batch: 64 },
    ]);
    expect(grid({ net: ['a'], flag: [true, false], n: [1, 2, 3] })).toHaveLength(6);
  });

  it('of nothing is one run of no settings, and needs a value for each setting', () => {
    expect(grid({})).toEqual([{}]);
    expect(() => grid({ rate: [] })).toThrow(expect.objectContaining({ code: 'usage', place: 'grid.rate' }));
  });
});

describe('draws', () => {
  const axes = { rate: { from: 1e-4, to: 1e-1 }, momentum: { from: 0.5, to: 0.9 }, net: ['a', 'b', 'c'] };

  it('are the same for the same seed, begin alike however many they are, and are others for another seed', () => {
    const twenty = draws(axes, 20, 7);
    expect(draws(axes, 20, 7)).toEqual(twenty);
    expect(draws(axes, 5, 7)).toEqual(twenty.slice(0, 5));
    expect(draws(axes, 20, 8)).not.toEqual(twenty);
  });

  it('lie in their ranges, in three digits, and take every value of a list', () => {
    const many = draws(axes, 500);
    for (const { rate, momentum } of many) {
      expect(rate).toBeGreaterThanOrEqual(1e-4);
      expect(rate).toBeLessThanOrEqual(1e-1);
      expect(momentum).toBeGreaterThanOrEqual(0.5);
      expect(momentum).toBeLessThanOrEqual(0.9);
      expect(Number(rate.toPrecision(3))).toBe(rate);
    }
    expect(new Set(many.map(({ net }) => net))).toEqual(new Set(['a', 'b', 'c']));
  });

  // A share of 500 draws is right to four standard deviations, √(p·(1 − p)/500).
  const within = (share: number, p: number): void =>
    expect(Math.abs(share - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / 500));
  const shareBelow = (axis: Parameters<typeof draws>[0][string], bound: number): number =>
    draws({ x: axis }, 500).filter(({ x }) => x < bound).length / 500;

  it('are even in the logarithm over more than a factor of ten, else even, unless one is asked for', () => {
    within(shareBelow({ from: 1e-4, to: 1e-1 }, 1e-3), 1 / 3);
    within(shareBelow({ from: 1, to: 10 }, 5.5), 1 / 2);
    within(shareBelow({ from: 0, to: 100 }, 50), 1 / 2);
    within(shareBelow({ from: 1e-4, to: 1e-1, log: false }, 5e-2), 1 / 2);
    within(shareBelow({ from: 1, to: 4, log: true }, 2), 1 / 2);
  });

  it('of whole numbers take each alike, the ends too', () => {
    const found = draws({ n: { from: 1, to: 4, whole: true } }, 500).map(({ n }) => n);
    for (const n of [1, 2, 3, 4]) within(found.filter((other) => other === n).length / 500, 1 / 4);
    const wide = draws({ n: { from: 1, to: 256, whole: true } }, 500).map(({ n }) => n);
    expect(wide.every((n) => Number.isInteger(n) && n >= 1 && n <= 256)).toBe(true);
    expect(wide.filter((n) => n <= 16).length).toBeGreaterThan(150);
  });

  it('from what is no range, or of a number that is none, are refused', () => {
    for (const x of [{ from: 1, to: 1 }, { from: 2, to: 1 }, { from: NaN, to: 1 }, { from: 0, to: Infinity }, []]) {
      expect(() => draws({ x }, 1)).toThrow(expect.objectContaining({ code: 'usage', place: 'draws.x' }));
    }
    expect(() => draws({ x: { from: 0, to: 1, log: true } }, 1)).toThrow(/the logarithm of 0 to 1; wanted positive/);
    expect(() => draws({ x: { from: 0.5, to: 2, whole: true } }, 1)).toThrow(/wanted whole numbers/);
    for (const count of [0, 1.5]) expect(() => draws(axes, count)).toThrow(/draws.count/);
  });
});
