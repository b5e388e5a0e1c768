import { describe, expect, it } from 'vitest';
import { curveRows, MOST_ROWS } from '../../demo/curveTable.js';
import { smoothed } from '../../demo/history.js';
import type { EpochRow } from '../../demo/protocol.js';
import { historyOf } from './history.js';

const rowAt = (epoch: number, step: number, testLoss: number): EpochRow => ({
  epoch,
  step,
  trainLoss: 1,
  trainAccuracy: 0.5,
  testLoss,
  testAccuracy: 0.9,
  imagesPerSecond: 1,
  seconds: 1,
});
/** The smallest test loss is that of the third. */
const epochsOf = (count: number, steps: number): EpochRow[] =>
  Array.from({ length: count }, (_, i) => rowAt(i + 1, (i + 1) * steps, 1 + Math.abs(i - 2)));

describe('the curves as a table', () => {
  it('have no row before the first step', () => {
    expect(
      curveRows(
        historyOf(0, () => 1),
        [],
        57,
        0.9,
      ),
    ).toEqual([]);
  });

  it('are every step of a short run', () => {
    const rows = curveRows(
      historyOf(20, (step) => step),
      [],
      57,
      0,
    );
    expect(rows.map(({ step }) => step)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    expect(rows.map(({ training }) => training.loss)).toEqual(rows.map(({ step }) => step));
    expect(rows.map(({ seconds }) => seconds)).toEqual(rows.map(({ step }) => step / 2));
  });

  it('have few rows however long a run is, rising, from its first step to its last', () => {
    for (const [steps, each] of [
      [441, 40],
      [9380, 938],
      [50_001, 250],
    ] as const) {
      const epochs = epochsOf(Math.floor(steps / each), each);
      const rows = curveRows(
        historyOf(steps, () => 1),
        epochs,
        each,
        0.9,
      );
      const at = rows.map(({ step }) => step);
      expect(rows.length).toBeGreaterThan(MOST_ROWS / 2);
      expect(rows.length).toBeLessThanOrEqual(MOST_ROWS);
      expect([at[0], at.at(-1)]).toEqual([1, steps]);
      expect(at).toEqual([...new Set(at)].sort((a, b) => a - b));
      expect(rows.map(({ epoch }) => epoch)).toEqual(at.map((step) => step / each));
      // Nowhere a hole of more than a few rows.
      const gaps = at.slice(1).map((step, i) => step - (at[i] ?? 0));
      expect(Math.max(...gaps)).toBeLessThan(steps / 8);
    }
  });

  it('have the ends of epochs at their steps, the last and the best of them always', () => {
    for (const count of [3, 18, 19, 200]) {
      const epochs = epochsOf(count, 50);
      const rows = curveRows(
        historyOf(50 * count, () => 1),
        epochs,
        50,
        0.9,
      );
      const ended = rows.flatMap(({ step, ended: row }) => (row ? [[step, row.epoch] as const] : []));
      expect(ended.every(([step, epoch]) => step === 50 * epoch)).toBe(true);
      expect(ended.map(([, epoch]) => epoch)).toEqual(expect.arrayContaining([3, count]));
      if (count <= 18) expect(ended).toHaveLength(count);
    }
  });

  it('say what is drawn: smoothed as the curve is, but for the first step', () => {
    const history = historyOf(300, (step) => 1 / step);
    const line = smoothed(history.curve.losses, history.curve.stride, 0.9);
    const rows = curveRows(history, [], 57, 0.9);
    expect(rows[0]?.training.loss).toBe(1);
    for (const { step, training } of rows.slice(1)) expect(training.loss).toBe(line[step - 1]);
  });
});
