// Looks for a learning rate, on weights, data and counters of its own: the run at hand is none the wiser.

import { findRate, subset, type TrainerOptions } from '../../src/index.js';
import type { Settings } from '../protocol.js';
import type { Desk, Handlers } from './desk.js';

const STEPS = 100;
/** Short submits, so that a run beside it gets its turns. */
const PACE = { submitMs: 16 };

export class Finder {
  readonly #desk: Desk;
  readonly #optionsOf: (settings: Settings) => Promise<TrainerOptions>;
  #search: AbortController | undefined;

  readonly handlers: Handlers<'findRate' | 'stopFinding'> = {
    findRate: ({ settings }) => this.#desk.beside(this.#find(settings)),
    stopFinding: () => this.#search?.abort(),
  };

  /** @param optionsOf what a run of these settings is opened with */
  constructor(desk: Desk, optionsOf: (settings: Settings) => Promise<TrainerOptions>) {
    this.#desk = desk;
    this.#optionsOf = optionsOf;
  }

  async #find(settings: Settings): Promise<void> {
    if (this.#search !== undefined) return;
    const { signal } = (this.#search = new AbortController());
    const { post } = this.#desk;
    post({ type: 'finding', finding: true });
    try {
      const { data, ...options } = await this.#optionsOf(settings);
      const { train } = data;
      // No more images than the steps will see.
      const few = subset(train, Math.min(train.count, STEPS * settings.batch), settings.seed);
      const { points, suggestion } = await findRate({
        ...options,
        data: { ...data, train: few },
        validation: 0,
        steps: STEPS,
        pace: PACE,
        signal,
      });
      if (signal.aborted) return;
      const found = {
        settings,
        rates: points.map(({ rate }) => rate),
        losses: points.map(({ loss }) => loss),
        smoothed: points.map(({ smoothed }) => smoothed),
        suggestion,
      };
      post({ type: 'found', found });
    } finally {
      this.#search = undefined;
      post({ type: 'finding', finding: false });
    }
  }
}
