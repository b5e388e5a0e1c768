import { EngineError } from '../core/errors.js';
import type { StateData, Store } from '../engine/store.js';
import type { Optimizer } from '../optim/optimizer.js';
import { Plateau, type PlateauOptions, type PlateauProgress } from '../optim/plateau.js';
import { constant, type Schedule } from '../optim/schedules.js';
import { RATE_ROWS } from './graphs.js';
import { BASES } from './lossScale.js';
import { RowRing, type Row } from './rowRing.js';

/**
 * Every row of a run that keeps the rate it starts with.
 * @param scaled whether steps may be skipped: rates and the rows of updates then come apart
 */
export function rowsOf(optimizer: Optimizer, scaled = false): Readonly<Record<string, StateData>> {
  const all = (row: (at: number) => Row): StateData => {
    const rows = new Float32Array(RATE_ROWS * 4);
    for (let i = 0; i < RATE_ROWS; i++) rows.set(row(i), i * 4);
    return rows;
  };
  if (!scaled) return { rates: all((step) => optimizer.row(step + 1, optimizer.rate)) };
  const rates = rateRow(optimizer);
  return { rates: all(() => rates(optimizer.rate)), [BASES]: all((updates) => optimizer.row(updates + 1, 1)) };
}

/**
 * The rate where an optimizer's row is proportional to it, and 1 where it does not depend on it: times the row of rate 1,
 * that is the row.
 * @throws EngineError 'usage' for a row that is neither
 */
function rateRow(optimizer: Optimizer): (rate: number) => Row {
  const [one, two] = [optimizer.row(1, 1), optimizer.row(1, 2)];
  const isRate = one.map((value, column) => two[column] === 2 * value && value !== 0);
  if (one.some((value, column) => isRate[column] !== true && two[column] !== value)) {
    throw new EngineError('usage', {
      place: `optimizer ${optimizer.name}`,
      given: `a row ${one.join(', ')} for rate 1 and ${two.join(', ')} for rate 2`,
      wanted: 'numbers that are proportional to the rate, or do not depend on it, where a loss scale may skip steps',
    });
  }
  return (rate) => isRate.map((proportional) => (proportional ? rate : 1)) as unknown as Row;
}

/** How rates change by themselves. */
export interface RateSettings {
  /** A factor for each step; the rate as it is by default. */
  readonly schedule?: Schedule | undefined;
  readonly plateau?: PlateauOptions | undefined;
  /** What the plateau has counted in an earlier run. */
  readonly plateauFrom?: PlateauProgress | undefined;
  readonly stepsPerEpoch?: number;
  /** Whether steps may be skipped. */
  readonly scaled?: boolean;
}

/** Whether f32 holds it as a rate. */
const isRate = (rate: number): boolean => Math.fround(rate) >= 0 && Math.fround(rate) < Infinity;

/** Keeps the GPU's rows of learning rates ahead of its step counter: at most one upload a submit, and mostly none. */
export class Rates {
  readonly #stepsPerEpoch: number;
  readonly #plateau: Plateau | undefined;
  readonly #rates: RowRing;
  readonly #rowAt: (step: number, rate: number) => Row;
  readonly #baseAt: (updates: number) => Row;
  /** Rows by updates, where they are not by steps. */
  readonly #bases: RowRing | undefined;
  #schedule: Schedule;
  #rate: number;
  /** What the GPU was known to have done, and to have skipped, when it was last heard of. */
  #done = 0;
  #skipped = 0;

  constructor(store: Pick<Store, 'writePart'>, optimizer: Optimizer, settings: RateSettings = {}) {
    const { schedule = constant(), plateau, plateauFrom, stepsPerEpoch = 1, scaled = false } = settings;
    this.#stepsPerEpoch = stepsPerEpoch;
    this.#plateau = plateau && new Plateau(plateau, plateauFrom);
    this.#schedule = schedule;
    this.#rate = optimizer.rate;
    const rates = scaled ? rateRow(optimizer) : undefined;
    this.#rowAt = (step, rate) => rates?.(rate) ?? optimizer.row(step + 1, rate);
    this.#baseAt = (updates) => optimizer.row(updates + 1, 1);
    this.#rates = new RowRing(store, 'rates', RATE_ROWS);
    this.#bases = scaled ? new RowRing(store, BASES, RATE_ROWS) : undefined;
  }

  /** Before the schedule's factor. */
  get rate(): number {
    return this.#rate;
  }

  /** The schedule of the steps not yet submitted. */
  get schedule(): Schedule {
    return this.#schedule;
  }

  /** What the plateau has counted; undefined if there is none. */
  get plateau(): PlateauProgress | undefined {
    return this.#plateau?.progress;
  }

  /**
   * The rate of a step, 0 for the first, if nothing changes until then.
   * @throws EngineError 'usage' if the schedule makes it no rate
   */
  at(step: number): number {
    const rate = this.#rateAt(step);
    if (isRate(rate)) return rate;
    throw new EngineError('usage', {
      place: 'schedule',
      given: `a rate of ${rate} for step ${step}`,
      wanted: 'a number of at least 0',
    });
  }

  /** The rate of every step from `submitted` on. */
  change(rate: number, submitted: number): void {
    this.#rate = rate;
    this.#rates.forget(submitted);
  }

  /** The schedule of every step from `submitted` on. */
  follow(schedule: Schedule, submitted: number): void {
    this.#schedule = schedule;
    this.#rates.forget(submitted);
  }

  /** Takes note of an epoch's numbers: a plateau reduces the rate. */
  hear(epoch: Readonly<Record<Plateau['watch'], number>>, submitted: number): void {
    if (this.#plateau === undefined) return;
    const rate = this.#plateau.next(this.#rate, epoch[this.#plateau.watch]);
    if (rate !== this.#rate) this.change(rate, submitted);
  }

  /** Takes note of what the GPU has done: so many steps, some of them without an update. */
  know({ done, skipped }: { readonly done: number; readonly skipped: number }): void {
    this.#done = done;
    this.#skipped = skipped;
  }

  /**
   * Makes sure that the rows of the steps up to `submitted + steps` are there. A row is free as soon as its step is
   * submitted: the queue keeps the order of uploads and submits.
   * @returns steps whose rows are there, at most `steps`: one upload cannot pass the end of the ring
   */
  fill(submitted: number, steps: number): number {
    // A schedule may make no rate beyond the steps that are ever wanted.
    const rowAt = (step: number): Row | undefined =>
      step === submitted || isRate(this.#rateAt(step)) ? this.#rowAt(step, this.at(step)) : undefined;
    const ready = this.#rates.fill(submitted, steps, rowAt);
    // What is in flight may all be skipped, so that the next update is as early as the first that is not known of.
    const unknown = submitted - this.#done;
    return this.#bases?.fill(submitted - this.#skipped, ready, this.#baseAt, unknown) ?? ready;
  }

  #rateAt(step: number): number {
    return this.#rate * this.#schedule(step, this.#stepsPerEpoch);
  }
}
