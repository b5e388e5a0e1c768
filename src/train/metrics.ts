import { EngineError } from '../core/errors.js';
import type { StateReader, Store } from '../engine/store.js';
import { ALL_FINITE } from '../ops/control.js';
import { RING_ROWS } from './graphs.js';
import type { StepMetrics } from './events.js';

/** What the GPU says of a run so far. */
export interface Progress {
  /** Steps that are done. */
  readonly done: number;
  /** Those that were not read before, in order. */
  readonly steps: readonly StepMetrics[];
  /** Set once a loss or gradient was not finite: the step that made it, and the tensor. */
  readonly diverged?: EngineError;
}

/**
 * Reads the ring of losses and accuracies late, through three staging buffers: training never waits for it.
 * The ring is never lapped, because the scheduler asks `room` before it submits.
 */
export class MetricsReader {
  readonly #reader: StateReader;
  readonly #stepsPerEpoch: number;
  readonly #gradientNames: readonly string[];
  #read = 0;

  private constructor(reader: StateReader, stepsPerEpoch: number, gradientNames: readonly string[]) {
    this.#reader = reader;
    this.#stepsPerEpoch = stepsPerEpoch;
    this.#gradientNames = gradientNames;
  }

  static async open(store: Store, stepsPerEpoch: number): Promise<MetricsReader> {
    const reader = await store.reader(['metrics', 'step', 'guard'], 3);
    return new MetricsReader(reader, stepsPerEpoch, store.namesIn('parameters'));
  }

  /** Steps that may be submitted beyond `submitted` before unread rows of the ring would be overwritten. */
  room(submitted: number): number {
    return RING_ROWS - (submitted - this.#read);
  }

  /** Everything that was recorded since the last call and before this one. */
  async read(): Promise<Progress> {
    const states = await this.#reader.read();
    const rows = states.get('metrics') ?? new Float32Array();
    const done = states.get('step')?.[0] ?? 0;
    const word = states.get('guard')?.[0] ?? ALL_FINITE;
    const steps: StepMetrics[] = [];
    for (let position = this.#read; position < done; position++) {
      const at = (position % RING_ROWS) * 3;
      const images = rows[at + 2] ?? 0;
      steps.push({
        step: position + 1,
        epoch: Math.floor(position / this.#stepsPerEpoch) + 1,
        loss: rows[at] ?? NaN,
        accuracy: (rows[at + 1] ?? 0) / images,
        images,
      });
    }
    this.#read = Math.max(this.#read, done);
    return word === ALL_FINITE ? { done, steps } : { done, steps, diverged: this.#divergence(done + 1, word) };
  }

  #divergence(step: number, word: number): EngineError {
    const tensor = word === 0 ? 'the loss' : `the gradient of ${this.#gradientNames[word - 1] ?? `tensor ${word}`}`;
    return new EngineError('diverged', {
      place: `step ${step}`,
      given: `${tensor} is not finite; the weights are those from before this step`,
      wanted: 'finite numbers',
      wayOut: 'Use a smaller learning rate, a tenth of it for a start.',
    });
  }

  [Symbol.dispose](): void {
    this.#reader[Symbol.dispose]();
  }
}

/** Means over the images of an epoch, from its steps. */
export class EpochMeans {
  #images = 0;
  #loss = 0;
  #correct = 0;

  add({ loss, accuracy, images }: StepMetrics): void {
    this.#images += images;
    this.#loss += loss * images;
    this.#correct += accuracy * images;
  }

  /** The means so far, and a fresh start. */
  take(): { readonly loss: number; readonly accuracy: number; readonly images: number } {
    const means = { loss: this.#loss / this.#images, accuracy: this.#correct / this.#images, images: this.#images };
    this.#images = this.#loss = this.#correct = 0;
    return means;
  }
}
