import { describe, expect, it } from 'vitest';
import {
  ACCURACY,
  heightOf,
  LINES,
  linesOf,
  LOSS,
  MOST_POINTS,
  reachOf,
  toldOf,
  type Shown,
} from '../../demo/curveView.js';
import { withEarlier, type EarlierRun } from '../../demo/earlier.js';
import { BINS, type History } from '../../demo/history.js';
import { chosen, EARLIER_RUNS, joined, POINTS_A_FRAME, type ChartData } from '../../demo/lines.js';
import type { EpochRow, Settings } from '../../demo/protocol.js';
import { createState } from '../../demo/state.js';
import type { Told } from '../../demo/state/train.js';
import { en } from '../../demo/text/en.js';
import { historyOf } from './history.js';

const settings = createState(en).settings.peek();
const seeded = (seed: number): Settings => ({ ...settings, seed });

/** One that was better in its third epoch than in any other. */
const rowOf = (epoch: number, step: number): EpochRow => ({
  epoch,
  step,
  trainLoss: 1,
  trainAccuracy: 0.5,
  validationLoss: epoch === 3 ? 0.25 : 0.5,
  validationAccuracy: 0.9,
  testLoss: 0.75,
  testAccuracy: 0.8,
  imagesPerSecond: 100,
  seconds: 1,
});
const rowsOf = (epochs: number, steps: number): EpochRow[] =>
  Array.from({ length: epochs }, (_, i) => rowOf(i + 1, Math.round(((i + 1) * steps) / epochs)));

const shownOf = (history: History, epochs: readonly EpochRow[], stepsPerEpoch = 100): Shown => ({
  curve: history.curve,
  last: history.last,
  epochs,
  stepsPerEpoch,
  steps: 10_000,
});

const drawn = { smoothing: 0.9, across: 'step', log: false } as const;

const pointsOf = ([, ...lines]: ChartData): number =>
  lines.reduce((sum, line) => sum + line.filter((value) => value !== null).length, 0);

describe('the lines of a curve', () => {
  const four = Array.from({ length: EARLIER_RUNS + 2 }, (_, i) => historyOf(300 + 90 * i, () => 1));
  const earlier = four.reduce<readonly EarlierRun[]>(
    (runs, history, i) => withEarlier(runs, { settings: seeded(i), stepsPerEpoch: 100 }, history, []),
    [],
  );

  it('are at most 4,096 points on both charts of a frame, for runs of any length and five earlier ones', () => {
    expect(2 * MOST_POINTS).toBeLessThanOrEqual(POINTS_A_FRAME);
    for (const steps of [1, 17, BINS - 1, BINS, BINS + 1, 12_345, 50_000]) {
      const history = historyOf(steps, () => 1);
      for (const epochs of [0, 1, 99, 100, 101, 1000]) {
        const lines = linesOf(LOSS, shownOf(history, rowsOf(epochs, steps)), earlier, drawn);
        expect(pointsOf(joined(lines))).toBeLessThanOrEqual(MOST_POINTS);
      }
    }
  });

  it('lie where steps, epochs and seconds do', () => {
    const history = historyOf(200, (step) => step);
    const rows = rowsOf(2, 200);
    const x = (across: 'step' | 'epoch' | 'seconds') => {
      const lines = linesOf(LOSS, shownOf(history, rows), [], { ...drawn, across });
      return [lines[LINES.raw]?.x.at(-1), lines[LINES.test]?.x];
    };
    expect(x('step')).toEqual([200, [100, 200]]);
    expect(x('epoch')).toEqual([2, [1, 2]]);
    expect(x('seconds')).toEqual([100, [50, 100]]);
  });

  it('are the steps as they were, the same smoothed, and what was held out and tested, the best of it ringed', () => {
    const lines = linesOf(
      ACCURACY,
      shownOf(
        historyOf(3, (step) => step / 4),
        rowsOf(4, 4),
      ),
      [],
      drawn,
    );
    expect(lines[LINES.raw]).toEqual({ x: [1, 2, 3], y: [0.25, 0.5, 0.75] });
    expect(lines[LINES.smooth]?.y.at(-1)).toBeLessThan(0.75);
    expect(lines[LINES.validation]?.y).toEqual([0.9, 0.9, 0.9, 0.9]);
    expect(lines[LINES.test]?.y).toEqual([0.8, 0.8, 0.8, 0.8]);
    expect(lines[LINES.best]).toEqual({ x: [3], y: [0.9] });
  });

  it('are all that is not put away; the ring goes with the line that judges', () => {
    const rows = rowsOf(4, 4);
    const tested = rows.map((row): EpochRow => {
      const { validationLoss, validationAccuracy, ...others } = row;
      expect([validationLoss, validationAccuracy]).not.toContain(undefined);
      return others;
    });
    const left = (epochs: readonly EpochRow[], ...untold: readonly Told[]) => {
      const lines = linesOf(
        ACCURACY,
        shownOf(
          historyOf(3, () => 1),
          epochs,
        ),
        earlier,
        drawn,
      );
      return toldOf(lines, untold, epochs).flatMap(({ y }, place) => (y.some(Number.isFinite) ? [place] : []));
    };
    const { raw, smooth, validation, test, best } = LINES;
    const others = Array.from({ length: EARLIER_RUNS }, (_, slot) => slot);
    expect(left(rows)).toEqual([...others, raw, smooth, validation, test, best]);
    expect(left(rows, 'train')).toEqual([...others, validation, test, best]);
    expect(left(rows, 'validation')).toEqual([...others, raw, smooth, test]);
    expect(left(rows, 'test', 'train')).toEqual([...others, validation, best]);
    expect(left(tested, 'test')).toEqual([...others, raw, smooth]);
    expect(left(tested, 'train', 'validation')).toEqual([...others, test, best]);
  });

  it('are exponents on a scale of powers of ten', () => {
    const lines = linesOf(
      LOSS,
      shownOf(
        historyOf(3, (step) => 10 ** -step),
        rowsOf(1, 3),
      ),
      [],
      { ...drawn, log: true },
    );
    expect(lines[LINES.raw]?.y.map(Math.round)).toEqual([-1, -2, -3]);
    const data = joined(lines);
    const { from, to } = heightOf(LOSS, data, true);
    expect(from).toBeLessThan(-3);
    expect(to).toBeGreaterThan(Math.log10(0.75));
  });

  it('keep each earlier run its own line while others come and go', () => {
    expect(earlier.map(({ settings: { seed } }) => seed)).toEqual([2, 3, 4, 5, 6]);
    expect(new Set(earlier.map(({ slot }) => slot)).size).toBe(EARLIER_RUNS);
    const left = earlier.filter((_, i) => i !== 1);
    const again = withEarlier(
      left,
      { settings: seeded(9), stepsPerEpoch: 100 },
      historyOf(5, () => 2),
      [],
    );
    expect(again.slice(0, 4)).toEqual(left);
    expect(again.at(-1)?.slot).toBe(earlier[1]?.slot);
    // A run of the same settings takes the place of the one before.
    const same = withEarlier(
      again,
      { settings: seeded(4), stepsPerEpoch: 100 },
      historyOf(5, () => 3),
      [],
    );
    expect(same.map(({ settings: { seed } }) => seed)).toEqual([2, 5, 6, 9, 4]);
  });

  it('reach as far as the run in leaps, and never past its end', () => {
    const reach = (steps: number, across: 'step' | 'epoch'): number => {
      const shown = shownOf(
        historyOf(steps, () => 1),
        [],
      );
      return reachOf(shown, across, joined(linesOf(LOSS, shown, [], { ...drawn, across }))).to;
    };
    expect([1, 100, 101, 700].map((steps) => reach(steps, 'step'))).toEqual([100, 100, 200, 800]);
    expect(reach(700, 'epoch')).toBe(8);
    expect(reach(9999, 'step')).toBe(10_000);
  });
});

describe('joined lines', () => {
  it('stand in order of x; where a line has no point it has a gap, and so where its value is no number', () => {
    const data = joined([
      { x: [1, 2, 3], y: [1, NaN, 3] },
      { x: [1.5, 3, 4], y: [9, 8, 7] },
    ]);
    expect(data).toEqual([
      [1, 1.5, 2, 3, 4],
      [1, null, null, 3, null],
      [null, 9, null, 8, 7],
    ]);
  });

  it('keep the last of several points at one place', () => {
    expect(joined([{ x: [1, 1, 2], y: [5, 6, 7] }])).toEqual([
      [1, 2],
      [6, 7],
    ]);
  });

  it('thinned, always have the newest point', () => {
    const all = Array.from({ length: 1001 }, (_, i) => i);
    expect(chosen(all, 100).at(-1)).toBe(1000);
    expect(chosen(all, 100).length).toBeLessThanOrEqual(100);
  });
});
