import type { Store } from '../engine/store.js';
import type { Optimizer } from '../optim/optimizer.js';
import { RATE_ROWS } from './graphs.js';

/** Every row of a run that keeps the rate it starts with. */
export function rowsOf(optimizer: Optimizer): Float32Array<ArrayBuffer> {
  const rows = new Float32Array(RATE_ROWS * 4);
  for (let i = 0; i < RATE_ROWS; i++) rows.set(optimizer.row(i + 1, optimizer.rate), i * 4);
  return rows;
}

/** Keeps the GPU's rows of learning rates ahead of its step counter: at most one upload a submit, and mostly none. */
export class Rates {
  readonly #store: Pick<Store, 'writePart'>;
  readonly #optimizer: Optimizer;
  #rate: number;
  #filled = 0;

  constructor(store: Pick<Store, 'writePart'>, optimizer: Optimizer) {
    this.#store = store;
    this.#optimizer = optimizer;
    this.#rate = optimizer.rate;
  }

  get rate(): number {
    return this.#rate;
  }

  /** The rate of every step from `submitted` on. */
  change(rate: number, submitted: number): void {
    this.#rate = rate;
    this.#filled = Math.min(this.#filled, submitted);
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
    for (let i = 0; i < count; i++) rows.set(this.#optimizer.row(submitted + i + 1, this.#rate), i * 4);
    this.#store.writePart('rates', first * 4, rows);
    this.#filled = submitted + count;
    return Math.min(steps, count);
  }
}
