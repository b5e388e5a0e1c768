import { describe, expect, it } from 'vitest';
import { curveOf } from '../../src/train/findRate.js';

const rateAt = (step: number): number => 10 ** (step - 5);

describe('the curve of a rate finder', () => {
  it('suggests the rate at which the loss falls fastest', () => {
    const losses = [2, 2, 1.9, 1.6, 0.8, 0.6, 0.7, 1.2];
    const { points, suggestion } = curveOf(losses, rateAt, 0);
    expect(points.map(({ smoothed }) => smoothed)).toEqual(losses);
    // The loss of step 2 to 4 falls by 1.1, of 3 to 5 by 1.
    expect(suggestion).toBe(rateAt(3));
  });
  it('suggests no rate at which the loss only comes back from where a higher one has led', () => {
    expect(curveOf([2, 2, 1.9, 1.6, 1.5, 5, 3, 2, 1.8], rateAt, 0).suggestion).toBe(rateAt(2));
  });
  it('is smoothed by an average that begins at the first loss', () => {
    const { points } = curveOf([4, 1, 1], rateAt, 0.5);
    expect(points.map(({ smoothed }) => smoothed)).toEqual([4, (0.5 * 4 + 1) / 1.5, (0.25 * 4 + 0.5 + 1) / 1.75]);
  });
  it('ends where the loss is four times its least, and before it is no number', () => {
    expect(curveOf([2, 1, 3, 5, 1], rateAt, 0).points).toHaveLength(4);
    expect(curveOf([2, 1, NaN, 1], rateAt, 0).points).toHaveLength(2);
    expect(curveOf([2, 1.5, 1, NaN, 1], rateAt, 0).suggestion).toBe(rateAt(1));
  });
  it('suggests nothing where the loss does not fall', () => {
    expect(curveOf([1, 1, 1.5, 2, 3], rateAt, 0)).not.toHaveProperty('suggestion');
    expect(curveOf([1], rateAt, 0)).not.toHaveProperty('suggestion');
    expect(curveOf([], rateAt, 0)).toEqual({ points: [] });
  });
});
