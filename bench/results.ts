// What a run found: told line by line, and kept for the folder of charts and numbers.

import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineError } from '../src/index.js';
import { makeFolder, writeAtomic } from '../src/node.js';
import { barChart, type BarGroup } from './chart.js';
import type { Wanted } from './flags.js';
import type { KernelRow } from './kernels.js';
import type { Output } from './output.js';
import type { PeaksBy } from './peaks.js';
import { paintCharts } from '../src/chart/png.js';
import type { StepRate } from './rates.js';
import { titleOf } from './report.js';
import { rooflineChart } from './roofline.js';
import type { Costs } from './timing.js';

export class Results {
  readonly costs: Costs;
  readonly #wanted: Pick<Wanted, 'json' | 'out' | 'command'>;
  readonly #output: Output;
  readonly #rows: object[] = [];
  readonly #charts = new Map<string, string>();

  constructor(wanted: Pick<Wanted, 'json' | 'out' | 'command'>, output: Output, costs: Costs) {
    this.#wanted = wanted;
    this.#output = output;
    this.costs = costs;
  }

  /** Rows for programs, and the same as text for people. */
  tell(rows: readonly object[], text: () => string): void {
    this.#rows.push(...rows);
    if (this.#wanted.json) for (const row of rows) this.#output.line(JSON.stringify(row));
    else if (text() !== '') this.#output.line(text());
  }

  /** How it goes, for people alone. */
  say(text: string): void {
    this.#output.error(`  ${text}`);
  }

  /** For the folder: an SVG of that name. */
  chart(name: string, svg: string): void {
    this.#charts.set(name, svg);
  }

  bars(name: string, title: string, unit: string, groups: readonly BarGroup[]): void {
    this.chart(name, barChart({ title, unit, groups }));
  }

  roofline(title: string, rows: readonly KernelRow[], peaks: PeaksBy): void {
    const points = rows.flatMap(({ kernel, covers, count, flops, bytes, time }) =>
      time === undefined || flops === 0
        ? []
        : [{ label: kernel, covers, count, flops, bytes, ms: time[this.costs].min }],
    );
    const name = `roofline-${title.replace(/[^a-z0-9]+/gi, '-')}`;
    this.#charts.set(name, rooflineChart({ title: `Kernels of ${title}`, peaks: peaks[this.costs], points }));
  }

  rates(rates: readonly StepRate[]): void {
    const groups = rates.map((rate) => ({
      label: titleOf(rate),
      bars: [{ label: '', ...rate.imagesPerSecond, strong: true }],
    }));
    this.bars(`${this.#wanted.command}-rates`, 'Training', 'images/s', groups);
  }

  /** What broke the run off: a row for who reads the numbers later. */
  breakOff(error: unknown): void {
    if (this.#rows.length > 0)
      this.#rows.push({ type: 'broken off', message: error instanceof Error ? error.message : String(error) });
  }

  /** Writes the rows and the charts, if a folder is wanted and there is a row. */
  async write(): Promise<void> {
    const { out, command } = this.#wanted;
    if (out === undefined || this.#rows.length === 0) return;
    await writeAtomic(join(out, `${command}.json`), `${JSON.stringify(this.#rows, null, 1)}\n`);
    for (const [name, svg] of this.#charts) await writeAtomic(join(out, `${name}.svg`), svg);
    const without = await paintCharts(out, this.#charts);
    if (without !== undefined) this.say(`charts as SVG alone: ${without}`);
  }
}

/**
 * Measures, and then writes what was found: also where it breaks off, so that an hour's rows are not lost with the last.
 * @returns the exit code of `measure`
 * @throws EngineError 'file' before anything is measured, if the folder cannot be written to
 */
export async function withResults(
  wanted: Pick<Wanted, 'json' | 'out' | 'command'>,
  output: Output,
  costs: Costs,
  measure: (results: Results) => Promise<number>,
): Promise<number> {
  await mustBeWritable(wanted.out);
  const results = new Results(wanted, output, costs);
  try {
    return await measure(results);
  } catch (error) {
    results.breakOff(error);
    throw error;
  } finally {
    await results.write();
  }
}

/** Makes the folder of `--out`, if one is wanted. */
export async function mustBeWritable(out: string | undefined): Promise<void> {
  if (out === undefined) return;
  try {
    await makeFolder(out);
    await access(out, constants.W_OK);
  } catch (cause) {
    throw new EngineError('file', {
      place: '--out',
      given: `${out} (${cause instanceof Error ? cause.message : String(cause)})`,
      wanted: 'a folder that can be made and written to',
      cause,
    });
  }
}
