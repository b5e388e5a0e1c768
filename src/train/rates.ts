import { EngineError } from '../core/errors.js';
import type { Store } from '../engine/store.js';
import type { Optimizer } from '../optim/optimizer.js';
import { Plateau, type PlateauOptions, type PlateauProgress } from '../optim/plateau.js';
import { constant, type Schedule } from '../optim/schedules.js';
import { RATE_ROWS } from './graphs.js';

/** Every row of a run that keeps the rate it starts with. */
export function rowsOf(optimizer: Optimizer): Float32Array<ArrayBuffer> {
  const rows = new Float32Array(RATE_ROWS * 4);
  for (let i = 0; i < RATE_ROWS; i++) rows.set(optimizer.row(i + 1, optimizer.rate), i * 4);
  return rows;
}

/** How rates change by themselves. */
export interface RateSettings {
  /** A factor for each step; the rate as it is by default. */
  readonly schedule?: Schedule | undefined;
  readonly plateau?: PlateauOptions | undefined;
  /** What the plateau has counted in an earlier run. */
  readonly plateauFrom?: PlateauProgress | undefined;
  readonly stepsPerEpoch?: number;
}

/** Whether f32 holds it as a rate. */
const isRate = (rate: number): boolean => Math.fround(rate) >= 0 && Math.fround(rate) < Infinity;

/** Keeps the GPU's rows of learning rates ahead of its step counter: at most one upload a submit, and mostly none. */
export class Rates {
  readonly #store: Pick<Store, 'writePart'>;
  readonly #optimizer: Optimizer;
  readonly #stepsPerEpoch: number;
  readonly #plateau: Plateau | undefined;
  #schedule: Schedule;
  #rate: number;
  #filled = 0;

  constructor(store: Pick<Store, 'writePart'>, optimizer: Optimizer, settings: RateSettings = {}) {
    const { schedule = constant(), plateau, plateauFrom, stepsPerEpoch = 1 } = settings;
    this.#store = store;
    this.#optimizer = optimizer;
    this.#stepsPerEpoch = stepsPerEpoch;
    this.#plateau = plateau && new Plateau(plateau, plateauFrom);
    this.#schedule = schedule;
    this.#rate = optimizer.rate;
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
    this.#filled = Math.min(this.#filled, submitted);
  }

  /** The schedule of every step from `submitted` on. */
  follow(schedule: Schedule, submitted: number): void {
    this.#schedule = schedule;
    this.#filled = Math.min(this.#filled, submitted);
  }

  /** Takes note of an epoch's numbers: a plateau reduces the rate. */
  hear(epoch: Readonly<Record<Plateau['watch'], number>>, submitted: number): void {
    if (this.#plateau === undefined) return;
    const rate = this.#plateau.next(this.#rate, epoch[this.#plateau.watch]);
    if (rate !== this.#rate) this.change(rate, submitted);
  }

  /**
   * Makes sure that the rows of the steps up to `submitted + steps` are there. A row is free as soon as its step is
   * submitted: the queue keeps the order of uploads and submits.
   * @returns steps whose rows are there, at most `steps`: one upload cannot pass the end of the ring
   */
  fill(submitted: number, steps: number): number {
    const ready = this.#filled - submitted;
    if (ready >= steps) return steps;
    if (ready > 0) return ready;
    const first = submitted % RATE_ROWS;
    const count = Math.min(RATE_ROWS - first, Math.max(steps, RATE_ROWS / 4));
    const rows = new Float32Array(count * 4);
    let filled = 0;
    // A schedule may make no rate beyond the steps that are ever wanted.
    while (filled < count && (filled === 0 || isRate(this.#rateAt(submitted + filled)))) {
      rows.set(this.#optimizer.row(submitted + filled + 1, this.at(submitted + filled)), filled * 4);
      filled++;
    }
    this.#store.writePart('rates', first * 4, rows.subarray(0, filled * 4));
    this.#filled = submitted + filled;
    return Math.min(steps, filled);
  }

  #rateAt(step: number): number {
    return this.#rate * this.#schedule(step, this.#stepsPerEpoch);
  }
}
