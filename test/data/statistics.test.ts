import { describe, expect, it } from 'vitest';
import { statisticsOf } from '../../src/data/statistics.js';
import { tinySet } from '../support/tinyData.js';

describe('statisticsOf', () => {
  it('counts each class, and gives mean and deviation of all pixels in 0…1', () => {
    const images = Uint8Array.of(0, 255, 51, 102);
    const set = { images, labels: Uint8Array.of(2, 0), count: 2, rows: 1, columns: 2, classes: 4 };
    const { perClass, mean, std } = statisticsOf(set);
    expect(perClass).toEqual([1, 0, 1, 0]);
    expect(mean).toBe(0.4);
    expect(std).toBeCloseTo(Math.sqrt((0.16 + 0.36 + 0.04 + 0) / 4), 14);
  });

  it('is what a pass in two steps finds', () => {
    const set = tinySet(50, 0);
    const pixels = [...set.images].map((byte) => byte / 255);
    const wanted = pixels.reduce((sum, x) => sum + x, 0) / pixels.length;
    const spread = Math.sqrt(pixels.reduce((sum, x) => sum + (x - wanted) ** 2, 0) / pixels.length);
    const { perClass, mean, std } = statisticsOf(set);
    expect([mean, std]).toEqual([expect.closeTo(wanted, 12), expect.closeTo(spread, 12)]);
    expect(perClass.reduce((sum, count) => sum + count)).toBe(50);
    expect(statisticsOf({ ...set, images: new Uint8Array(set.images.length).fill(7) }).std).toBe(0);
  });
});
