import { describe, expect, it } from 'vitest';
import { rateChart, rateTable } from '../../src/cli/rateChart.js';
import type { RateCurve } from '../../src/train/findRate.js';

const losses = [2, 1.5, 1, 0.5, 0.75, 3, NaN];
const points = losses.map((loss, i) => ({ rate: 10 ** (i - 4), loss, smoothed: loss }));
const curves: readonly RateCurve[] = [{ points, suggestion: 0.01 }, { points: points.slice(0, 1) }, { points: [] }];

describe('the loss along rising rates', () => {
  it('is a table with a bar for each loss, and the rate at which it falls fastest is marked', () => {
    const lines = rateTable({ points, suggestion: 0.01 });
    expect(lines).toHaveLength(1 + points.length);
    expect(lines.filter((line) => line.includes('falls fastest'))).toEqual([
      expect.stringMatching(/^1\.00e-2 {2}1\.00/),
    ]);
    expect(lines[4]).not.toContain('█');
    expect(lines[6]).toContain('█'.repeat(20));
  });
  it('is a table of some twenty lines, however many steps there are', () => {
    const many = Array.from({ length: 1000 }, (_, i) => ({ rate: i + 1, loss: 1, smoothed: 1 }));
    expect(rateTable({ points: many }).length).toBeLessThan(30);
  });
  it.each(curves.map((curve) => [curve.points.length, curve] as const))(
    'of %i points is a chart without a hole',
    (_, curve) => {
      const chart = rateChart('a net & more', curve);
      expect(chart).toContain('a net &#38; more');
      expect(chart).not.toMatch(/NaN|Infinity|undefined/);
      expect(chart.includes('falls fastest')).toBe(curve.suggestion !== undefined);
    },
  );
});
