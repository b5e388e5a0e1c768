import { describe, expect, it } from 'vitest';
import { curveChart } from '../../bench/curve/chart.js';
import type { MeasuredPlan } from '../../bench/curve/plan.js';
import { bestFor, pointsOf, secondsOf } from '../../bench/curve/points.js';
import { curveText } from '../../bench/curve/report.js';
import { placedLabels } from '../../bench/labels.js';

/** A start in which a plan took so long to its first step, and then trained at that rate. */
const started = (expectedSteps: number, firstStepS: number, rate: number): MeasuredPlan =>
  ({
    expectedSteps,
    firstStepS,
    rate: {
      stepsPerSecond: { median: rate, min: rate - 1, max: rate + 1 },
      dispatches: 14,
      encodeMs: { median: 0.1, min: 0.1, max: 0.1 },
    },
  }) as MeasuredPlan;

describe('the points of a curve', () => {
  const points = pointsOf([started(1000, 6, 100), started(1, 2, 50), started(1, 3, 52), started(1, 4, 48)]);

  it('are one for each length, the shortest first, over all starts', () => {
    expect(points.map(({ expectedSteps }) => expectedSteps)).toEqual([1, 1000]);
    expect(points[0]).toMatchObject({
      firstStepS: { median: 3, min: 2, max: 4 },
      stepsPerSecond: { median: 50, min: 47, max: 53 },
    });
  });

  it('say what a run takes: its first step, and the others at the speed of the plan', () => {
    expect(points.map((point) => secondsOf(point, 1))).toEqual([3, 6]);
    expect(points.map((point) => secondsOf(point, 501))).toEqual([13, 11]);
  });

  it('the best plan of a run is the one that ends it first, and of two alike that of the shorter', () => {
    expect(bestFor(points, 1)?.expectedSteps).toBe(1);
    expect(bestFor(points, 301)?.expectedSteps).toBe(1);
    expect(bestFor(points, 302)?.expectedSteps).toBe(1000);
    expect(bestFor([], 1)).toBeUndefined();
  });

  it('are told with a star for each length', () => {
    const stars = curveText('t', points)
      .split('\n')
      .filter((line) => line.includes('* '));
    expect(stars[0]).toMatch(/\* the plan/);
    expect(stars.slice(1)).toEqual([expect.stringMatching(/^1 step +\* 3.00/), expect.stringMatching(/\* 16.0$/)]);
  });

  it('are drawn from left to right, higher where faster, with their lengths', () => {
    const svg = curveChart('a & b', points);
    const [first, second] = [...svg.matchAll(/<circle[^>]* cx="([\d.]+)" cy="([\d.]+)"/g)].map(([, x, y]) => [
      Number(x),
      Number(y),
    ]);
    expect(first![0]).toBeLessThan(second![0]!);
    expect(first![1]).toBeGreaterThan(second![1]!);
    for (const label of ['1 step', '1,000 steps', 'a &#38; b']) expect(svg).toContain(`>${label}<`);
    expect(curveChart('none', [])).toContain('</svg>');
  });
});

describe('labels', () => {
  const label = (x: number, y: number) => ({ label: 'abc', x, y });
  it('lie beside their points, around each other, inside; and what has no room is left out', () => {
    expect(placedLabels([label(100, 50)], 0, 500)).toEqual([expect.stringContaining('x="109" y="54"')]);
    expect(placedLabels([label(490, 50)], 0, 500)).toEqual([expect.stringMatching(/x="459\.4" y="54"/)]);
    expect(
      placedLabels(
        Array.from({ length: 6 }, () => label(100, 50)),
        0,
        500,
      ),
    ).toHaveLength(4);
  });
});
