// What a sweep was asked for, on stdout: a table that grows, or JSON lines; and how it goes, on stderr.

import { ranked, type Settings, type Splits, type StepMetrics, type SweepRank, type SweepRun } from '../index.js';
import { count, loss, percent, plural } from '../chart/figures.js';
import { Follower, progressLine } from '../chart/progress.js';
import type { Screen } from './screen.js';
import type { SweepTest } from './sweepFolder.js';
import { asFlags, SweepTable } from './sweepReport.js';

export interface SweepBeginning {
  readonly data: Splits;
  /** Images that rank the runs. */
  readonly validation: number;
  /** Runs of an earlier call. */
  readonly done: readonly SweepRun[];
}

/** Follows a sweep on the line that changes; what comes out is its subclasses' matter. */
export abstract class SweepResults {
  protected readonly screen: Screen;
  protected readonly runs: readonly Settings[];
  protected readonly rank: SweepRank;
  #follower: Follower | undefined;
  #at = 0;

  constructor(screen: Screen, runs: readonly Settings[], rank: SweepRank) {
    this.screen = screen;
    this.runs = runs;
    this.rank = rank;
  }

  abstract begin(beginning: SweepBeginning): void;
  abstract run(run: SweepRun): void;
  /** Every run is done; the best has seen the test set, if any run has a result. */
  abstract done(runs: readonly SweepRun[], test: SweepTest | undefined, weights: string | undefined): void;

  /** A run begins. */
  follow(index: number, steps: number, stepsPerEpoch: number): void {
    this.#at = index;
    this.#follower = steps > 0 ? new Follower(steps, stepsPerEpoch) : undefined;
  }

  steps(steps: readonly StepMetrics[], imagesPerSecond: number): void {
    this.#follower?.follow(steps, imagesPerSecond);
    const state = this.#follower?.state;
    if (state === undefined) return;
    const head = `run ${this.#at + 1}/${this.runs.length}  ${asFlags(this.runs[this.#at] ?? {})}  `;
    this.screen.progress((columns) =>
      // Where both do not fit, how far it is says more than what it is.
      columns > head.length + 30 ? head + progressLine(state, columns - head.length) : progressLine(state, columns),
    );
  }

  stopped(done: number, kept: boolean): void {
    const way = kept ? 'the same command goes on with the rest' : 'nothing was saved: there is no --out';
    this.screen.complain(`stopped after ${done} of ${plural(this.runs.length, 'run')}; ${way}`);
  }

  protected best(runs: readonly SweepRun[]): SweepRun | undefined {
    return ranked(runs, this.rank).find(({ failed }) => failed === undefined);
  }
}

/** A row for each run, then the order of all, then what the best does on the test images. */
export class TextSweep extends SweepResults {
  readonly #table: SweepTable;
  readonly #quiet: boolean;
  #images = { validation: 0, test: 0 };

  constructor(screen: Screen, runs: readonly Settings[], rank: SweepRank, quiet: boolean) {
    super(screen, runs, rank);
    this.#table = new SweepTable(runs);
    this.#quiet = quiet;
  }

  begin({ data, validation, done }: SweepBeginning): void {
    this.#images = { validation, test: data.test.count };
    const kept = done.length === 0 ? '' : `, ${count(done.length)} done before`;
    this.screen.note(`${plural(this.runs.length, 'run')}${kept}, ranked on ${plural(validation, 'validation image')}`);
    if (this.#quiet) return;
    this.screen.result(this.screen.paintResult('dim', this.#table.head));
    for (const run of done) this.run(run);
  }

  run(run: SweepRun): void {
    if (!this.#quiet) this.screen.result(this.#table.row(run));
  }

  done(runs: readonly SweepRun[], test: SweepTest | undefined, weights: string | undefined): void {
    const { screen } = this;
    if (!this.#quiet && runs.length > 1) {
      screen.result('');
      for (const line of this.#table.ranking(runs, this.rank, screen.paintResult)) screen.result(line);
      screen.result('');
    }
    const best = this.best(runs);
    if (best === undefined || test === undefined) {
      screen.result('No run has a result: every one diverged or was too large. Try smaller rates.');
      return;
    }
    const { validation, test: images } = this.#images;
    const bold = (text: string) => screen.paintResult('bold', text);
    screen.result(`Best: run ${best.index + 1} of ${this.runs.length}, ${bold(asFlags(best.settings))}`);
    screen.result(
      `  ${percent(best.accuracy ?? NaN)} of ${plural(validation, 'validation image')} right, loss ${loss(best.loss ?? NaN)}`,
    );
    screen.result(
      `  ${bold(percent(test.accuracy))} of ${plural(images, 'test image')} right, which no other run has seen`,
    );
    if (weights !== undefined) screen.note(`saved ${weights}`);
  }
}

/** One JSON object a line, each with its `event`. */
export class JsonSweep extends SweepResults {
  begin({ data, validation, done }: SweepBeginning): void {
    const { name, source, train, test } = data;
    this.#line({ event: 'data', name, source, train: train.count - validation, validation, test: test.count });
    this.#line({ event: 'sweep', runs: this.runs.length, done: done.length, rank: this.rank });
    for (const run of done) this.run(run);
  }

  run(run: SweepRun): void {
    const { weights: _, ...told } = run;
    this.#line({ event: 'run', ...told });
  }

  done(runs: readonly SweepRun[], test: SweepTest | undefined, weights: string | undefined): void {
    const best = this.best(runs);
    this.#line({
      event: 'done',
      runs: runs.length,
      ...(best && { best: best.index, settings: best.settings, loss: best.loss, accuracy: best.accuracy }),
      ...(test && { testLoss: test.loss, testAccuracy: test.accuracy, confusion: test.confusion }),
      weights: weights ?? null,
    });
  }

  override stopped(done: number, kept: boolean): void {
    super.stopped(done, kept);
    this.#line({ event: 'interrupted', runs: done });
  }

  #line(event: object): void {
    this.screen.result(JSON.stringify(event));
  }
}
