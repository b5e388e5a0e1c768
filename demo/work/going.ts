// A fit that takes on what a person changes while it goes.

import type { FitOptions } from '../../src/index.js';
import type { Hot } from '../protocol.js';
import { scheduleOf } from './optimizing.js';

/** As much of a trainer as is asked for here. */
export interface Fitting<Event> {
  rate: number;
  readonly steps: number;
  fit(options: FitOptions): AsyncGenerator<Event, void, void>;
}

export class Going {
  #hot: Hot;
  readonly #stepsPerEpoch: number;
  #changed = new AbortController();
  /** While it goes. */
  #trainer: Pick<Fitting<unknown>, 'rate'> | undefined;

  constructor(hot: Hot, stepsPerEpoch: number) {
    this.#hot = hot;
    this.#stepsPerEpoch = stepsPerEpoch;
  }

  /** Steps that the run is to have. */
  get last(): number {
    return this.#hot.epochs * this.#stepsPerEpoch;
  }

  /** From the next submit on. */
  take(hot: Hot): void {
    const { epochs, schedule } = this.#hot;
    this.#hot = hot;
    if (this.#trainer !== undefined) this.#trainer.rate = hot.rate;
    if (hot.epochs !== epochs || hot.schedule !== schedule) this.#changed.abort();
  }

  /**
   * Trains to the last step. Where something changes, the fit ends after the steps that are submitted, and another goes on
   * from there.
   * @param most steps at the most, instead; beyond the last of the run too
   */
  async *fit<Event>(trainer: Fitting<Event>, signal: AbortSignal, most?: number): AsyncGenerator<Event> {
    const end = most === undefined ? undefined : trainer.steps + most;
    this.#trainer = trainer;
    if (trainer.rate !== this.#hot.rate) trainer.rate = this.#hot.rate;
    try {
      for (;;) {
        this.#changed = new AbortController();
        const { epochs, schedule } = this.#hot;
        yield* trainer.fit({
          ...(end === undefined ? { epochs } : { steps: end }),
          schedule: scheduleOf(schedule, this.last),
          signal: AbortSignal.any([signal, this.#changed.signal]),
        });
        if (!this.#changed.signal.aborted || signal.aborted) return;
      }
    } finally {
      this.#trainer = undefined;
    }
  }
}
