import { describe, expect, it } from 'vitest';
import { evenTicks, powerTicks } from '../../demo/ticks.js';

describe('even ticks', () => {
  it('are round numbers between the ends, and never too many', () => {
    expect(evenTicks(0, 2.4, 6)).toEqual([0, 0.5, 1, 1.5, 2]);
    expect(evenTicks(0, 100, 5)).toEqual([0, 20, 40, 60, 80, 100]);
    expect(evenTicks(3, 17, 4)).toEqual([5, 10, 15]);
    for (const to of [0.013, 0.7, 1, 9, 12_345]) expect(evenTicks(0, to, 6).length).toBeLessThanOrEqual(7);
    expect(evenTicks(1, 1, 5)).toEqual([1]);
  });
});

describe('ticks of powers', () => {
  const numbers = (from: number, to: number): number[] =>
    powerTicks(from, to, 7).map((tick) => Number((10 ** tick).toPrecision(3)));

  it('are 1, 2 and 5 of each power where there is room, and fewer where there is not', () => {
    expect(numbers(-1, 0.4)).toEqual([0.1, 0.2, 0.5, 1, 2]);
    expect(numbers(-3, 0.2)).toEqual([0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1]);
    expect(numbers(-5, 0)).toEqual([1e-5, 1e-4, 0.001, 0.01, 0.1, 1]);
    expect(numbers(-20, 0).length).toBeLessThanOrEqual(8);
  });
});
