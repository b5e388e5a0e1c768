import { describe, expect, it } from 'vitest';
import { DEFAULT_PACE, stepsPerSubmit, updatedStepMs, type PaceLimits } from '../../src/train/pace.js';

const limits: PaceLimits = { submitMs: 16, mostInFlight: 3, mostSteps: 256 };

/** Submits one after the other, each step of which takes what `stepMs` says. */
function submits(count: number, stepMs: (submit: number) => number, from = 0, pace = limits): readonly number[] {
  let estimate = from;
  return Array.from({ length: count }, (_, submit) => {
    const steps = stepsPerSubmit(estimate, pace);
    estimate = updatedStepMs(estimate, steps * stepMs(submit), steps);
    return steps;
  });
}

describe('the steps of a submit', () => {
  it('are one while nothing is measured', () => {
    expect(stepsPerSubmit(0, limits)).toBe(1);
  });
  it('are as many as fit the time', () => {
    expect([16, 8, 5, 1, 0.1].map((stepMs) => stepsPerSubmit(stepMs, limits))).toEqual([1, 2, 3, 16, 160]);
  });
  it('are never fewer than one, however slow a step is', () => {
    expect([16.1, 1000, 1e9, Infinity].map((stepMs) => stepsPerSubmit(stepMs, limits))).toEqual([1, 1, 1, 1]);
  });
  it('are never more than the most, however fast a step is', () => {
    expect([0.01, 1e-9, Number.MIN_VALUE].map((stepMs) => stepsPerSubmit(stepMs, limits))).toEqual([256, 256, 256]);
  });
  it('are whole numbers within the budget for any time of a step', () => {
    for (let stepMs = 0.05; stepMs < 40; stepMs *= 1.07) {
      const steps = stepsPerSubmit(stepMs, limits);
      expect(Number.isInteger(steps)).toBe(true);
      expect(steps === 1 || steps * stepMs <= limits.submitMs).toBe(true);
    }
  });
});

describe('over many submits', () => {
  it('steady steps keep the budget from the second submit on', () => {
    expect(submits(6, () => 2)).toEqual([1, 8, 8, 8, 8, 8]);
  });
  it('a hiccup of a thousand times is halved by every submit, and over within sixteen short ones', () => {
    const after = submits(19, (submit) => (submit === 2 ? 2000 : 2));
    expect(after.slice(0, 4)).toEqual([1, 8, 8, 1]);
    expect(after.at(-1)).toBeGreaterThanOrEqual(7);
    expect(after.every((steps, i) => i < 4 || steps >= after[i - 1]!)).toBe(true);
  });
  it('steps that become slower for good are cut to the budget within a few submits', () => {
    const steps = submits(12, (submit) => (submit < 4 ? 0.5 : 8));
    expect(steps.slice(1, 5)).toEqual([32, 32, 32, 32]);
    expect(steps.slice(6).every((count) => count * 8 <= 2 * limits.submitMs)).toBe(true);
    expect(steps.at(-1)).toBe(2);
  });
  it('a slow first step, which warms the GPU up, does not keep the rest slow', () => {
    expect(submits(16, (submit) => (submit === 0 ? 300 : 0.25)).at(-1)).toBeGreaterThanOrEqual(50);
  });
  it('a clock that does not move gives single steps until it moves', () => {
    expect(submits(4, () => 0)).toEqual([1, 1, 1, 1]);
    expect(submits(3, (submit) => (submit === 0 ? 0 : 1))).toEqual([1, 1, 16]);
  });
});

describe('the pace of a trainer that is not told otherwise', () => {
  it('is 100 ms a submit and at most three submits in flight', () => {
    expect(DEFAULT_PACE).toMatchObject({ submitMs: 100, mostInFlight: 3 });
  });
});
