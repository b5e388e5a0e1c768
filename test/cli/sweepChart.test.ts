import { describe, expect, it } from 'vitest';
import { sweepChart } from '../../src/cli/sweepChart.js';
import { asFlags, SweepTable } from '../../src/cli/sweepReport.js';
import type { Setting } from '../../src/train/space.js';
import type { SweepRun } from '../../src/train/sweep.js';

const plain = (_: string, text: string) => text;

/** Runs of these settings; the loss of the last is lost. */
const runsOf = (name: string, values: readonly Setting[]): SweepRun[] =>
  values.map((value, index) => ({
    index,
    settings: { [name]: value, net: 'a&b' },
    ...(index === values.length - 1
      ? { failed: { code: 'diverged', message: 'step 1: the loss is NaN' } as const }
      : { loss: 1 / (index + 1), accuracy: 0.9 + index / 100, epoch: 2 }),
    steps: 10,
    seconds: 2,
  }));

const sets = {
  rates: runsOf('lr', [0.001, 0.01, 0.1, 1]),
  words: runsOf('optimizer', ['sgd', 'adam', 'lion']),
  far: runsOf('lr', [0.001, 0.1, 1e20]).map((run) => (run.index === 1 ? { ...run, loss: 1e30 } : run)),
  one: runsOf('lr', [0.1, 1]).slice(0, 1),
  none: runsOf('lr', [0.1]),
};

describe('the chart of a sweep', () => {
  for (const [name, runs] of Object.entries(sets)) {
    for (const names of [Object.keys(runs[0]!.settings).slice(0, 1), Object.keys(runs[0]!.settings)]) {
      it.each(['loss', 'accuracy'] as const)(`of ${name} by ${names.length} settings has no hole, by %s`, (rank) => {
        const chart = sweepChart('mnist & more', runs, names, rank);
        expect(chart).toContain('mnist &#38; more');
        expect(chart).not.toMatch(/NaN|Infinity|undefined|a&b/);
        expect(chart.includes('diverged')).toBe(runs.some(({ failed }) => failed !== undefined));
        expect(chart.match(/<title>/g)?.length).toBeGreaterThanOrEqual(runs.length);
      });
    }
  }
});

describe('the table of a sweep', () => {
  const table = new SweepTable(sets.rates.map(({ settings }) => settings));

  it('has a row as soon as a run ends, whose columns stand under their heads', () => {
    const rows = [table.head, ...sets.rates.map((run) => table.row(run))];
    expect(new Set(rows.map((row) => row.length)).size).toBe(1);
    expect(rows[2]).toBe('  2  0.01   a&b      0.5000    91.00 %      2   2.00 s');
    expect(rows[4]).toMatch(/^ {2}4 {2}1 .* diverged .* 2\.00 s$/);
  });

  it('ends with the best first, what failed last, and no more rows than a screen has', () => {
    expect(table.ranking(sets.rates, 'loss', plain).map((row) => row.trim()[0])).toEqual(['r', '3', '2', '1', '4']);
    const many = runsOf(
      'lr',
      Array.from({ length: 40 }, (_, i) => i + 1),
    );
    const rows = new SweepTable(many.map(({ settings }) => settings)).ranking(many, 'accuracy', plain);
    expect(rows).toHaveLength(17);
    expect(rows.at(-1)).toBe('and 25 more');
  });

  it('says settings as flags', () => {
    expect(asFlags({ lr: 0.1, nesterov: true, shuffle: false, net: 'wide' })).toBe(
      '--lr 0.1 --nesterov --no-shuffle --net wide',
    );
    expect(asFlags({ lr: 1e20, seed: 4294967295, decay: 0.0005 })).toBe('--lr 1e+20 --seed 4294967295 --decay 0.0005');
  });
});
