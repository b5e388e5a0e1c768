import { EngineError } from '../core/errors.js';
import type { StateData, StateReader, Store } from '../engine/store.js';
import { ALL_FINITE } from '../ops/control.js';
import { RING_ROWS } from './graphs.js';
import type { StepMetrics } from './events.js';
import { SCALE_STATES } from './lossScale.js';

/** What the GPU says of a run so far. */
export interface Progress {
  /** Steps that are done. */
  readonly done: number;
  /** Those that were not read before, in order. */
  readonly steps: readonly StepMetrics[];
  /** Set once a loss or gradient was not finite: the step that made it, and the tensor. */
  readonly diverged?: EngineError;
  /** Steps without an update, because a gradient overflowed: 0 without a loss scale. */
  readonly skipped: number;
}

/** Staging buffers: reads that may be under way at once. */
const STAGING = 3;

/** One read that is under way, and whether it has come. */
interface Reading {
  readonly states: Promise<ReadonlyMap<string, StateData>>;
  arrived: boolean;
}

/**
 * Reads the ring of losses and accuracies late, through three staging buffers: training never waits for it.
 * The ring is never lapped, because the scheduler asks `room` before it submits.
 */
export class MetricsReader {
  readonly #reader: StateReader;
  readonly #stepsPerEpoch: number;
  readonly #gradientNames: readonly string[];
  readonly #readings: Reading[] = [];
  #read: number;

  private constructor(reader: StateReader, stepsPerEpoch: number, gradientNames: readonly string[], told: number) {
    this.#reader = reader;
    this.#read = told;
    this.#stepsPerEpoch = stepsPerEpoch;
    this.#gradientNames = gradientNames;
  }

  /**
   * @param told steps whose metrics were told before
   * @param scaled whether there is a loss scale
   */
  static async open(
    store: Pick<Store, 'reader' | 'namesIn'>,
    stepsPerEpoch: number,
    { told = 0, scaled = false }: { readonly told?: number | undefined; readonly scaled?: boolean } = {},
  ): Promise<MetricsReader> {
    const names = ['metrics', 'step', 'guard', ...(scaled ? [SCALE_STATES.skipped] : [])];
    const reader = await store.reader(names, STAGING);
    return new MetricsReader(reader, stepsPerEpoch, store.namesIn('parameters'), told);
  }

  /** Steps whose metrics were told. */
  get told(): number {
    return this.#read;
  }

  /** Steps that may be submitted beyond `submitted` before unread rows of the ring would be overwritten. */
  room(submitted: number): number {
    return RING_ROWS - (submitted - this.#read);
  }

  /** Asks for what was recorded by everything submitted so far; unless all staging buffers are under way. */
  ask(): void {
    if (this.#readings.length >= STAGING) return;
    const reading: Reading = { states: this.#reader.read(), arrived: false };
    const arrive = (): void => void (reading.arrived = true);
    // Whoever tells it hears of a failure; one that nobody tells any more must not reject into nowhere.
    reading.states.then(arrive, arrive);
    this.#readings.push(reading);
  }

  /** Whether `tell` has something to say without waiting. */
  get arrived(): boolean {
    return this.#readings[0]?.arrived === true;
  }

  /** Whether something was asked for and not told. */
  get asked(): boolean {
    return this.#readings.length > 0;
  }

  /** What was recorded up to the first question that is not answered, without what was told before. */
  async tell(): Promise<Progress> {
    if (!this.asked) this.ask();
    const states = (await this.#readings.shift()?.states) ?? new Map<string, StateData>();
    const rows = states.get('metrics') ?? new Float32Array();
    const done = states.get('step')?.[0] ?? 0;
    const word = states.get('guard')?.[0] ?? ALL_FINITE;
    const skipped = states.get(SCALE_STATES.skipped)?.[0] ?? 0;
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
    const progress = { done, steps, skipped };
    return word === ALL_FINITE ? progress : { ...progress, diverged: this.#divergence(done + 1, word) };
  }

  #divergence(step: number, word: number): EngineError {
    const tensor = word === 0 ? 'the loss' : `the gradient of ${this.#gradientNames[word - 1] ?? `tensor ${word}`}`;
    return new EngineError('diverged', {
      place: `step ${step}`,
      given: `${tensor} is not finite`,
      wanted: 'finite numbers',
      wayOut: 'Use a smaller learning rate, a tenth of it for a start.',
    });
  }

  [Symbol.dispose](): void {
    this.#reader[Symbol.dispose]();
  }
}

/** Sums over the images of an epoch. */
export interface EpochSums {
  readonly images: number;
  readonly loss: number;
  readonly correct: number;
}

/** Means over the images of an epoch, from its steps. */
export class EpochMeans {
  #epoch: number;
  #images: number;
  #loss: number;
  #correct: number;

  /** @param sums of the epoch under way, where it began earlier */
  constructor(stepsPerEpoch = 1, told = 0, sums: EpochSums = { images: 0, loss: 0, correct: 0 }) {
    this.#epoch = Math.ceil(told / stepsPerEpoch);
    this.#images = sums.images;
    this.#loss = sums.loss;
    this.#correct = sums.correct;
  }

  /** The first step of another epoch begins anew. A loss that is not finite, of a step that was skipped, has no part. */
  add({ epoch, loss, accuracy, images }: StepMetrics): void {
    if (epoch !== this.#epoch) this.#images = this.#loss = this.#correct = 0;
    this.#epoch = epoch;
    if (!Number.isFinite(loss)) return;
    this.#images += images;
    this.#loss += loss * images;
    this.#correct += accuracy * images;
  }

  get sums(): EpochSums {
    return { images: this.#images, loss: this.#loss, correct: this.#correct };
  }

  /** Of the epoch so far. */
  get now(): { readonly loss: number; readonly accuracy: number; readonly images: number } {
    return { loss: this.#loss / this.#images, accuracy: this.#correct / this.#images, images: this.#images };
  }
}
