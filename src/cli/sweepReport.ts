// A sweep on a terminal: a row for each run as it ends, and all of them in order at the end.

import { ranked, type Setting, type Settings, type SweepRank, type SweepRun } from '../index.js';
import { duration, loss as lossText, percent } from '../chart/figures.js';
import type { Paint } from './screen.js';

/** Rows of the table at the end. */
const LINES = 15;

/** As a flag takes it; without twenty zeros. */
export const settingText = (value: Setting): string =>
  typeof value === 'number' && !Number.isSafeInteger(value) && Math.abs(value) >= 1e6
    ? value.toExponential()
    : String(value);

/** As they are given on the command line: `--lr 0.1 --no-shuffle`. */
export const asFlags = (settings: Settings): string =>
  Object.entries(settings)
    .map(([name, value]) =>
      typeof value === 'boolean' ? `--${value ? '' : 'no-'}${name}` : `--${name} ${settingText(value)}`,
    )
    .join(' ');

export class SweepTable {
  readonly #names: readonly string[];
  readonly #widths: readonly number[];
  readonly #runs: number;

  /** @param runs all of them, before the first is done: columns are as wide as they will have to be */
  constructor(runs: readonly Settings[]) {
    this.#names = Object.keys(runs[0] ?? {});
    this.#runs = Math.max(3, String(runs.length).length);
    this.#widths = this.#names.map((name) =>
      Math.max(name.length, ...runs.map((run) => settingText(run[name] ?? '').length)),
    );
  }

  get head(): string {
    return this.#line('run', this.#names, ['valid loss', 'valid acc', 'epoch', 'time']);
  }

  row({ index, settings, loss, accuracy, epoch, failed, seconds }: SweepRun): string {
    const ended =
      failed === undefined
        ? [lossText(loss ?? NaN), percent(accuracy ?? NaN), epoch === undefined ? '–' : String(epoch)]
        : [failed.code === 'diverged' ? 'diverged' : 'too large', '', ''];
    return this.#line(
      String(index + 1),
      this.#names.map((name) => settingText(settings[name] ?? '')),
      [...ended, duration(seconds)],
    );
  }

  /** Best first. */
  ranking(runs: readonly SweepRun[], rank: SweepRank, paint: Paint): string[] {
    const [best, ...others] = ranked(runs, rank);
    if (best === undefined) return [];
    const rows = others.slice(0, LINES - 1).map((run) => this.row(run));
    const left = others.length - rows.length;
    return [
      paint('dim', this.head),
      best.failed === undefined ? paint('bold', this.row(best)) : this.row(best),
      ...rows,
      ...(left > 0 ? [paint('dim', `and ${left} more`)] : []),
    ];
  }

  #line(run: string, settings: readonly string[], numbers: readonly string[]): string {
    const widths = [10, 9, 5, 7];
    return [
      run.padStart(this.#runs),
      ...settings.map((text, i) => text.padEnd(this.#widths[i] ?? 0)),
      ...numbers.map((text, i) => text.padStart(widths[i] ?? 0)),
    ].join('  ');
  }
}
