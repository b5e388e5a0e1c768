import type { Plan } from '../compile/plan.js';
import { EngineError } from '../core/errors.js';
import { openTested } from '../engine/openTested.js';
import type { Session } from '../engine/session.js';
import { Store } from '../engine/store.js';
import type { Device } from '../gpu/device.js';
import type { Net } from '../nn/net.js';
import { initialWeights, mustFitNet, type Weights } from '../nn/weights.js';
import { mustBePositive } from '../optim/settings.js';
import { sgd } from '../optim/sgd.js';
import { Evaluator } from './evaluator.js';
import type { Counters, Evaluation, TrainEvent } from './events.js';
import { ALL_FINITE } from '../ops/control.js';
import { trainGraph, type BatchSettings } from './graphs.js';
import { EpochMeans, MetricsReader } from './metrics.js';
import type { FitOptions, TrainerOptions } from './options.js';
import { DEFAULT_PACE } from './pace.js';
import { Predictor } from './predictor.js';
import { Queue } from './queue.js';
import { Rates, rowsOf } from './rates.js';
import { mustBePace, mustBePixels, mustBeWholeSetting, mustSuit } from './settings.js';
import { statesWith } from './shared.js';

/** How often the metrics are read while nothing else asks for them. */
const READ_EVERY_MS = 150;

/** Trains a net on labelled images, evaluates it and predicts with it: plans over one Store on one device. */
export class Trainer {
  readonly net: Net;
  readonly device: Device;
  /** The compiled training step. */
  readonly plan: Plan;
  readonly stepsPerEpoch: number;
  readonly #store: Store;
  readonly #session: Session;
  readonly #queue: Queue;
  readonly #metrics: MetricsReader;
  readonly #rates: Rates;
  readonly #evaluator: Evaluator;
  readonly #predictor: Predictor;
  #submitted = 0;
  #epochsTold = 0;
  #fitting = false;
  #diverged: EngineError | undefined;
  readonly #means = new EpochMeans();
  /** Of the epoch under way, in earlier calls of `fit`. */
  #epochMs = 0;

  private constructor(parts: {
    options: TrainerOptions;
    store: Store;
    session: Session;
    queue: Queue;
    metrics: MetricsReader;
    rates: Rates;
    evaluator: Evaluator;
    predictor: Predictor;
    stepsPerEpoch: number;
  }) {
    this.net = parts.options.net;
    this.device = parts.options.device;
    this.plan = parts.session.plan;
    this.stepsPerEpoch = parts.stepsPerEpoch;
    this.#store = parts.store;
    this.#session = parts.session;
    this.#queue = parts.queue;
    this.#metrics = parts.metrics;
    this.#rates = parts.rates;
    this.#evaluator = parts.evaluator;
    this.#predictor = parts.predictor;
  }

  /**
   * Compiles the training step, moves the data to the GPU and sets the weights.
   * @throws EngineError 'usage', 'data' or 'weights' before anything is allocated; 'limit', 'shader' or 'gpu' after, when
   * everything is freed again; 'limit' too if the self-test finds every variant of a kernel wrong
   */
  static async open(options: TrainerOptions): Promise<Trainer> {
    const { device, net, data, optimizer = sgd(), batch = 64, seed = 1, shuffle = true } = options;
    const { mean = 0.1307, std = 0.3081 } = options;
    mustBeWholeSetting('batch', batch, 1, 65_536);
    mustBeWholeSetting('seed', seed, 0, 2 ** 32 - 1);
    mustBePixels(mean, std);
    mustSuit(net, data);
    const weights = options.weights ?? initialWeights(net, seed);
    mustFitNet(net, weights);

    const settings: BatchSettings = { batch, seed, shuffle, mean, std };
    const pace = { ...DEFAULT_PACE, ...options.pace };
    mustBePace(pace);
    const { kernels, onCompile, expectedSteps, selfTest, onSelfTest, notes } = options;
    if (expectedSteps !== undefined) mustBeWholeSetting('expectedSteps', expectedSteps, 1);
    const tests = { selfTest, onSelfTest, notes };
    const graph = trainGraph(net, data.train, settings, optimizer);
    const stepsPerEpoch = Math.ceil(data.train.count / batch);

    const store = new Store(device);
    let session: Session | undefined;
    try {
      const first = statesWith(weights, {
        'train.images': data.train.images,
        'train.labels': data.train.labels,
        guard: Uint32Array.of(ALL_FINITE),
      });
      const states = () => new Map([...first, ['rates', rowsOf(optimizer)]]);
      session = await openTested(store, graph, { ...tests, name: 'train', kernels, onCompile, expectedSteps, states });
      for (const [name, values] of first) store.write(name, values);
      const shared = { store, net, settings, kernels, pace, tests, weights };
      return new Trainer({
        options,
        store,
        session,
        stepsPerEpoch,
        queue: new Queue(session, pace),
        metrics: await MetricsReader.open(store, stepsPerEpoch),
        rates: new Rates(store, optimizer),
        evaluator: new Evaluator(shared, data.test),
        predictor: new Predictor(shared),
      });
    } catch (error) {
      session?.[Symbol.dispose]();
      store[Symbol.dispose]();
      throw error;
    }
  }

  /** The learning rate of the steps not yet submitted. */
  get rate(): number {
    return this.#rates.rate;
  }

  set rate(rate: number) {
    mustBePositive('trainer', 'rate', rate);
    this.#rates.change(rate, this.#submitted);
  }

  /** Steps submitted since the trainer was opened. */
  get steps(): number {
    return this.#submitted;
  }

  /**
   * Trains, and says how it goes. The GPU runs ahead: nothing it does waits for the reader of these events, but a reader
   * who does not come back for the next event stops the submits.
   *
   * @throws EngineError 'diverged' if a loss or gradient is not finite: the weights are those from before that step, and
   * so they stay, because every later call throws it too
   * @throws EngineError 'device-lost' if the GPU goes away; the events so far stand
   */
  async *fit({ epochs, steps, signal }: FitOptions = {}): AsyncGenerator<TrainEvent, void, void> {
    if (epochs !== undefined) mustBeWholeSetting('epochs', epochs, 0);
    if (steps !== undefined) mustBeWholeSetting('steps', steps, 0);
    if (this.#fitting) {
      throw new EngineError('usage', { place: 'fit', given: 'a second fit at once', wanted: 'one fit at a time' });
    }
    this.#fitting = true;
    try {
      const most = epochs ?? (steps === undefined ? 1 : Infinity);
      yield* this.#fit(Math.min(most * this.stepsPerEpoch, steps ?? Infinity), signal);
    } finally {
      this.#fitting = false;
    }
  }

  async *#fit(last: number, signal: AbortSignal | undefined): AsyncGenerator<TrainEvent, void, void> {
    const clock = { epoch: performance.now(), event: performance.now(), ask: performance.now() };
    const stopped = (): boolean => this.#submitted >= last || signal?.aborted === true;
    if (this.#diverged !== undefined) throw this.#diverged;
    try {
      for (;;) {
        if (this.#owesEpoch) {
          yield* this.#allNews(clock);
          const seconds = (this.#epochMs + performance.now() - clock.epoch) / 1000;
          this.#epochMs = 0;
          clock.epoch = Infinity; // Evaluating is no training, and nor is what the reader does with the event.
          yield await this.#epochEvent(seconds);
          clock.epoch = clock.event = clock.ask = performance.now();
        }
        while (this.#evaluator.passing !== undefined) await this.#evaluator.passing;
        if (stopped()) break;
        if (this.#metrics.room(this.#submitted) <= 0) yield* this.#news(clock);
        else await this.#submit(last);
        if (performance.now() - clock.ask >= READ_EVERY_MS) {
          this.#metrics.ask();
          clock.ask = performance.now();
        }
        if (this.#metrics.arrived) yield* this.#news(clock);
      }
      yield* this.#allNews(clock);
    } finally {
      // An epoch that ends in a later call has this call's time too.
      this.#epochMs += Math.max(0, performance.now() - clock.epoch);
    }
  }

  /** Submits as many steps as pace, epoch, metrics ring and rates have room for. */
  async #submit(last: number): Promise<void> {
    const toEpochEnd = this.stepsPerEpoch - (this.#submitted % this.stepsPerEpoch);
    const most = Math.min(toEpochEnd, last - this.#submitted, this.#metrics.room(this.#submitted));
    const count = this.#rates.fill(this.#submitted, this.#queue.next(most));
    this.#submitted += count;
    await this.#queue.run(count);
  }

  /** Whether an epoch is done and its event was not yet told: a reader may leave between the two. */
  get #owesEpoch(): boolean {
    return this.#submitted === (this.#epochsTold + 1) * this.stepsPerEpoch;
  }

  /** Everything that is submitted, done and told. */
  async *#allNews(clock: { event: number }): AsyncGenerator<TrainEvent, void, void> {
    await this.#queue.drain();
    while (this.#metrics.asked) yield* this.#news(clock);
    yield* this.#news(clock);
  }

  /** The steps that were recorded and not yet told; throws if one of them diverged. */
  async *#news(clock: { event: number }): AsyncGenerator<TrainEvent, void, void> {
    const { steps, diverged } = await this.#metrics.tell();
    this.#diverged = diverged;
    for (const step of steps) this.#means.add(step);
    if (steps.length > 0) {
      const now = performance.now();
      const images = steps.reduce((sum, step) => sum + step.images, 0);
      const imagesPerSecond = (1000 * images) / Math.max(now - clock.event, 1e-3);
      clock.event = now;
      yield { type: 'steps', steps, imagesPerSecond };
    }
    if (diverged !== undefined) throw diverged;
  }

  async #epochEvent(seconds: number): Promise<TrainEvent> {
    const { loss, accuracy, images } = this.#means.now;
    this.#epochsTold++;
    const test = await this.evaluate();
    return {
      type: 'epoch',
      epoch: this.#submitted / this.stepsPerEpoch,
      step: this.#submitted,
      trainLoss: loss,
      trainAccuracy: accuracy,
      testLoss: test.loss,
      testAccuracy: test.accuracy,
      confusion: test.confusion,
      imagesPerSecond: images / seconds,
      seconds,
    };
  }

  /** The test images through the net with the weights of now; training waits for it. */
  evaluate(): Promise<Evaluation> {
    return this.#evaluator.run();
  }

  /**
   * Probabilities for images as bytes, framed like the training images.
   * @param pixels [n, rows, columns]
   * @returns [n, classes]
   */
  predict(pixels: Uint8Array<ArrayBuffer>): Promise<Float32Array<ArrayBuffer>> {
    return this.#predictor.run(pixels);
  }

  /** The parameters as they are when everything submitted is done. */
  async weights(): Promise<Weights> {
    const values = await this.#store.read(this.net.parameters.map(({ name }) => name));
    return new Map(
      this.net.parameters.map(({ name, shape }) => [
        name,
        { shape, data: values.get(name) as Float32Array<ArrayBuffer> },
      ]),
    );
  }

  /** What was made, submitted and read so far, in counts. */
  get counters(): Counters {
    const { submits, uploads, mappedReads, bindGroups, buffers, pipelines, bytes } = this.device.counts;
    return {
      dispatchesPerStep: this.plan.dispatches.length,
      steps: this.#submitted,
      submits,
      uploads,
      mappedReads,
      bindGroups,
      buffers,
      pipelines,
      bytes,
    };
  }

  /** Frees the GPU memory of this trainer; the device stays. */
  [Symbol.dispose](): void {
    this.#metrics[Symbol.dispose]();
    this.#predictor[Symbol.dispose]();
    this.#evaluator[Symbol.dispose]();
    this.#session[Symbol.dispose]();
    this.#store[Symbol.dispose]();
  }
}
