import { describe, expect, it } from 'vitest';
import { BINS, secondsAt, smoothed, thinned } from '../../demo/history.js';
import { historyOf } from './history.js';

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

describe('the history of a run', () => {
  it('is every step of a short run, as it was', () => {
    const { curve, first, last } = historyOf(BINS - 1, (step) => step);
    expect(curve.stride).toBe(1);
    expect(curve.steps).toEqual(upTo(BINS - 1));
    expect(curve.losses).toEqual(curve.steps);
    expect(curve.seconds).toEqual(curve.steps.map((step) => step / 2));
    expect([first?.step, last?.step]).toEqual([1, BINS - 1]);
  });

  it('has its room however long the run is, and keeps the mean of what it merges', () => {
    for (const steps of [BINS, BINS + 1, 12_345, 50_000]) {
      const { curve } = historyOf(steps, (step) => step % 2);
      expect(curve.steps.length).toBeLessThan(BINS);
      expect(curve.steps.length).toBeGreaterThanOrEqual(BINS / 2);
      expect(curve.steps).toEqual(curve.steps.map((_, i) => (i + 1) * curve.stride));
      expect(new Set(curve.losses)).toEqual(new Set([0.5]));
      expect(steps - (curve.steps.at(-1) ?? 0)).toBeLessThan(curve.stride);
    }
  });

  it('is the same in whatever pieces it comes', () => {
    const loss = (step: number): number => Math.sin(step);
    const wanted = historyOf(3000, loss, 1).curve;
    for (const piece of [7, 440, 3000]) {
      const { curve } = historyOf(3000, loss, piece);
      expect(curve.steps).toEqual(wanted.steps);
      expect(curve.losses).toEqual(wanted.losses);
    }
  });

  it('begins anew when it is cleared', () => {
    const history = historyOf(900, () => 1);
    history.clear();
    expect([history.last, history.first, history.curve.steps.length]).toEqual([undefined, undefined, 0]);
    history.add({ first: 1, losses: [4], accuracies: [0], seconds: 1 });
    expect(history.curve.losses).toEqual([4]);
  });

  it('can be had in less room', () => {
    const { curve } = historyOf(400, (step) => step);
    const less = thinned(curve, 140);
    expect(less.steps).toEqual(Array.from({ length: 133 }, (_, i) => 3 * (i + 1)));
    expect(less.losses[0]).toBe(2);
    expect(thinned(less, 140)).toBe(less);
  });

  it('says when a step was, on the line between two bins', () => {
    const { curve } = historyOf(2000, () => 1);
    for (const step of [1, 5, 333, 1234]) expect(secondsAt(curve, step)).toBeCloseTo(step / 2, 6);
    expect(secondsAt(curve, 5000)).toBe(curve.seconds.at(-1));
  });
});

describe('smoothing', () => {
  it('of nothing is the curve itself, and of a constant that constant from the first step on', () => {
    const values = [3, 1, 4, 1, 5];
    expect(smoothed(values, 1, 0)).toEqual(values);
    for (const value of smoothed([2, 2, 2], 1, 0.99)) expect(value).toBeCloseTo(2, 12);
  });

  it('keeps β of the past at each step, whatever a bin holds', () => {
    const [, second] = smoothed([1, 0], 1, 0.5);
    // (β·1·(1 − β) + 0)/(1 − β²)
    expect(second).toBeCloseTo(0.25 / 0.75, 12);
    const steps = smoothed([1, 1, 1, 1, 0, 0, 0, 0], 1, 0.9);
    expect(smoothed([1, 0], 4, 0.9)[1]).toBeCloseTo(steps.at(-1) ?? NaN, 12);
  });

  it('leaves out what is no number', () => {
    const values = smoothed([1, NaN, 1], 1, 0.9);
    expect(values[1]).toBeNaN();
    expect(values[2]).toBeCloseTo(1, 12);
  });
});
