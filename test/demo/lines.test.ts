import { describe, expect, it } from 'vitest';
import { History } from '../../demo/history.js';
import { linesOf, POINTS_A_FRAME, type ChartData, type TestPoint } from '../../demo/lines.js';

const pointsOf = ([, ...lines]: ChartData): number =>
  lines.reduce((sum, line) => sum + line.filter((value) => value !== null).length, 0);

/** A run's history, fed in pieces as the Worker sends them. */
function historyOf(steps: number, loss: (step: number) => number): History {
  const history = new History();
  for (let first = 1; first <= steps; first += 1000) {
    const values = Float32Array.from({ length: Math.min(1000, steps + 1 - first) }, (_, i) => loss(first + i));
    history.add(first, values, values);
  }
  return history;
}

const lossOf = ({ steps, losses, smoothLosses }: History, tests: readonly TestPoint[] = []): ChartData =>
  linesOf({ steps, raw: losses, smooth: smoothLosses }, tests);

describe('the lines of a chart', () => {
  it('have at most 4,096 points on both charts of a frame, for runs of any length', () => {
    for (const steps of [1, 17, 899, 900, 901, 12_345, 50_000]) {
      const history = historyOf(steps, () => 1);
      for (const epochs of [0, 1, 200, 248, 249, 1000]) {
        const tests = Array.from({ length: epochs }, (_, i) => ({ step: ((i + 1) * steps) / epochs, value: i }));
        expect(2 * pointsOf(lossOf(history, tests))).toBeLessThanOrEqual(POINTS_A_FRAME);
      }
    }
  });

  it('are every step of a short run, as it was', () => {
    const [x, raw, smooth] = lossOf(historyOf(500, (step) => step));
    expect(x).toEqual(Array.from({ length: 500 }, (_, i) => i + 1));
    expect(raw).toEqual(x);
    expect(smooth.every((value, i) => value !== null && value <= (raw[i] ?? 0))).toBe(true);
  });

  it('keep the mean of what they merge, and the last step that is whole', () => {
    const steps = 16_000;
    const [x, raw] = lossOf(historyOf(steps, (step) => step % 2));
    expect(x.at(-1)).toBe(steps);
    expect(new Set(raw)).toEqual(new Set([0.5]));
  });

  it('lie in order of the steps, and a test point at a step of its own has no other value there', () => {
    const [x, raw, , test] = lossOf(
      historyOf(3, (step) => step),
      [
        { step: 1.5, value: 9 },
        { step: 3, value: 8 },
        { step: 4, value: 7 },
      ],
    );
    expect(x).toEqual([1, 1.5, 2, 3, 4]);
    expect(raw).toEqual([1, null, 2, 3, null]);
    expect(test).toEqual([null, 9, null, 8, 7]);
  });

  it('always have the newest test point', () => {
    const tests = Array.from({ length: 1001 }, (_, i) => ({ step: i, value: i }));
    expect(linesOf({ steps: [], raw: [], smooth: [] }, tests)[3].at(-1)).toBe(1000);
  });

  it('have a gap where a loss is no number', () => {
    expect(linesOf({ steps: [1, 2], raw: [NaN, 1], smooth: [Infinity, 1] }, [])[1]).toEqual([null, 1]);
  });
});
