import { EngineError } from '../core/errors.js';
import type { CheckpointFacts } from '../io/checkpointFacts.js';
import type { Best, Watching } from './best.js';
import type { Evaluator } from './evaluator.js';
import type { EpochEvent, TrainEvent } from './events.js';
import { EpochMeans, type MetricsReader } from './metrics.js';
import type { Queue } from './queue.js';
import type { Rates } from './rates.js';
import { batchesUntil, type Turns } from './turns.js';

/** How often the metrics are read while nothing else asks for them. */
const READ_EVERY_MS = 150;

/** What a loop drives. */
export interface LoopParts {
  readonly queue: Queue;
  readonly metrics: MetricsReader;
  readonly rates: Rates;
  readonly evaluator: Evaluator;
  /** Of the images that epochs are judged by, if they are not the test's. */
  readonly validator?: Evaluator;
  readonly best: Best;
  readonly turns: Turns;
  readonly stepsPerEpoch: number;
}

/** What a run goes by. */
export interface RunOptions extends Watching {
  readonly signal?: AbortSignal | undefined;
}

/** How far a loop has come. */
export type LoopProgress = Pick<CheckpointFacts, 'step' | 'told' | 'epochsTold' | 'epoch'>;

const BEGINNING: LoopProgress = { step: 0, told: 0, epochsTold: 0, epoch: { images: 0, loss: 0, correct: 0, ms: 0 } };

/** The time from one event to the next. */
class Turn {
  end: () => void = () => undefined;
  readonly over = new Promise<void>((resolve) => (this.end = resolve));
}

/** Submits steps, tells their metrics, and evaluates where an epoch ends. */
export class Loop {
  readonly #parts: LoopParts;
  readonly #means: EpochMeans;
  #submitted: number;
  #epochsTold: number;
  #diverged: EngineError | undefined;
  #keepsBest = false;
  /** Of the epoch under way, in earlier runs. */
  #epochMs: number;
  /** Ends when the reader of events has the word, or the run is over; undefined then. */
  #turn: Turn | undefined;
  /** Work that no step may be submitted during. */
  #held: Promise<unknown> | undefined;

  /** @param from where an earlier run had come to */
  constructor(parts: LoopParts, from: LoopProgress = BEGINNING) {
    this.#parts = parts;
    this.#means = new EpochMeans(parts.stepsPerEpoch, from.told, from.epoch);
    this.#submitted = from.step;
    this.#epochsTold = from.epochsTold;
    this.#epochMs = from.epoch.ms;
  }

  /** How far it has come: what was submitted, and what of it was told. */
  get progress(): LoopProgress {
    return {
      step: this.#submitted,
      told: this.#parts.metrics.told,
      epochsTold: this.#epochsTold,
      epoch: { ...this.#means.sums, ms: this.#epochMs },
    };
  }

  /** Throws the error of a run that diverged. */
  mustBeWell(): void {
    if (this.#diverged !== undefined) throw this.#diverged;
  }

  /** Steps submitted so far. */
  get submitted(): number {
    return this.#submitted;
  }

  /** Pending while no step may be submitted: images that are not trained on go through, or states are read. */
  get #passing(): Promise<unknown> | undefined {
    const { evaluator, validator } = this.#parts;
    return this.#held ?? evaluator.passing ?? validator?.passing;
  }

  /**
   * Begins work as soon as nothing is half done and all that was counted is told: at once where no run is under way or
   * its reader has the word, else when that is so next. No step is submitted until the work has ended.
   */
  async atRest<T>(work: () => Promise<T>): Promise<T> {
    while (this.#turn !== undefined) await this.#turn.over;
    const done = work();
    const held: Promise<unknown> = Promise.allSettled([this.#held, done]).finally(() => {
      if (this.#held === held) this.#held = undefined;
    });
    this.#held = held;
    return await done;
  }

  /** Trains until `last` steps are submitted in all, and says how it goes. */
  async *run(last: number, options: RunOptions): AsyncGenerator<TrainEvent, void, void> {
    this.#turn = new Turn();
    try {
      for await (const event of this.#events(last, options)) {
        this.#endTurn();
        yield event;
        this.#turn = new Turn();
      }
    } finally {
      this.#endTurn();
    }
  }

  #endTurn(): void {
    this.#turn?.end();
    this.#turn = undefined;
  }

  async *#events(last: number, { signal, ...watching }: RunOptions): AsyncGenerator<TrainEvent, void, void> {
    const clock = { epoch: performance.now(), event: performance.now(), ask: performance.now() };
    let stopsEarly = false;
    const stopped = (): boolean => stopsEarly || this.#submitted >= last || signal?.aborted === true;
    this.mustBeWell();
    // Whoever wants no further step begins nothing.
    if (this.#submitted < last) this.#parts.best.begin(watching);
    this.#keepsBest = watching.keepBest ?? false;
    try {
      for (;;) {
        if (this.#owesEpoch) {
          yield* this.#allNews(clock);
          const seconds = (this.#epochMs + performance.now() - clock.epoch) / 1000;
          this.#epochMs = 0;
          clock.epoch = Infinity; // Evaluating is no training, and nor is what the reader does with the event.
          const event = await this.#endEpoch(seconds, watching);
          stopsEarly = event.stopsEarly ?? false;
          yield event;
          clock.epoch = clock.event = clock.ask = performance.now();
        }
        while (this.#passing !== undefined) await this.#passing;
        if (stopped()) break;
        if (this.#parts.metrics.room(this.#submitted) <= 0) yield* this.#news(clock);
        else await this.#submit(last);
        if (performance.now() - clock.ask >= READ_EVERY_MS) {
          this.#parts.metrics.ask();
          clock.ask = performance.now();
        }
        if (this.#parts.metrics.arrived) yield* this.#news(clock);
      }
      yield* this.#allNews(clock);
    } finally {
      // An epoch that ends in a later call has this call's time too.
      this.#epochMs += Math.max(0, performance.now() - clock.epoch);
    }
  }

  /** Submits as many steps as pace, epoch, metrics ring and rates have room for. */
  async #submit(last: number): Promise<void> {
    const { queue, rates, metrics, turns, stepsPerEpoch } = this.#parts;
    const toEpochEnd = stepsPerEpoch - (this.#submitted % stepsPerEpoch);
    const most = Math.min(toEpochEnd, last - this.#submitted, metrics.room(this.#submitted));
    const steps = Math.max(1, Math.floor(queue.next(most * turns.length) / turns.length));
    const count = rates.fill(this.#submitted, steps);
    const batches = batchesUntil(this.#submitted + count, turns) - batchesUntil(this.#submitted, turns);
    this.#submitted += count;
    await queue.run(batches);
  }

  /** Whether an epoch is done and its event was not yet told: a reader may leave between the two. */
  get #owesEpoch(): boolean {
    return this.#submitted === (this.#epochsTold + 1) * this.#parts.stepsPerEpoch;
  }

  /** Everything that is submitted, done and told. */
  async *#allNews(clock: { event: number }): AsyncGenerator<TrainEvent, void, void> {
    await this.#parts.queue.drain();
    while (this.#parts.metrics.asked) yield* this.#news(clock);
    yield* this.#news(clock);
  }

  /** The steps that were recorded and not yet told; throws if one of them diverged. */
  async *#news(clock: { event: number }): AsyncGenerator<TrainEvent, void, void> {
    const { steps, diverged, done, skipped } = await this.#parts.metrics.tell();
    this.#parts.rates.know({ done, skipped });
    this.#diverged = diverged && this.#withWeights(diverged);
    for (const step of steps) this.#means.add(step);
    if (steps.length > 0) {
      const now = performance.now();
      const images = steps.reduce((sum, step) => sum + step.images, 0);
      const imagesPerSecond = (1000 * images) / Math.max(now - clock.event, 1e-3);
      clock.event = now;
      yield { type: 'steps', steps, imagesPerSecond, skipped };
    }
    this.mustBeWell();
  }

  /** The error of a run that diverged, with whose weights are left: where the best are kept, `fit` restores them. */
  #withWeights({ place, given, wanted, wayOut }: EngineError): EngineError {
    const { epoch, weights } = this.#parts.best;
    const isKept = this.#keepsBest && weights.size > 0;
    const whose = isKept ? `those of epoch ${epoch}, the best` : 'those from before this step';
    return new EngineError('diverged', {
      place,
      given: `${given}; the weights are ${whose}`,
      wanted,
      ...(wayOut !== undefined && { wayOut }),
    });
  }

  async #endEpoch(seconds: number, watching: Watching): Promise<EpochEvent> {
    const { stepsPerEpoch, evaluator, validator, best, rates } = this.#parts;
    const { loss: trainLoss, accuracy: trainAccuracy, images } = this.#means.now;
    this.#epochsTold++;
    const epoch = this.#submitted / stepsPerEpoch;
    const { loss, accuracy, confusion } = await (validator ?? evaluator).judge();
    const stopsEarly = validator !== undefined && (await best.hear(epoch, loss, watching));
    rates.hear({ trainLoss, trainAccuracy, testLoss: loss, testAccuracy: accuracy }, this.#submitted);
    const judged =
      validator === undefined
        ? { testLoss: loss, testAccuracy: accuracy }
        : {
            validationLoss: loss,
            validationAccuracy: accuracy,
            ...(best.epoch !== undefined && { bestEpoch: best.epoch }),
            ...(stopsEarly && { stopsEarly }),
          };
    return {
      type: 'epoch',
      epoch,
      step: this.#submitted,
      trainLoss,
      trainAccuracy,
      ...judged,
      confusion,
      imagesPerSecond: images / seconds,
      seconds,
    };
  }
}
