import type { Plan } from '../compile/plan.js';
import { EngineError } from '../core/errors.js';
import { recipeOf } from '../core/recipe.js';
import type { Splits } from '../data/dataset.js';
import type { Inspection } from '../explain/inspection.js';
import type { Device } from '../gpu/device.js';
import type { Checkpoint, CheckpointFacts } from '../io/checkpoint.js';
import { CHECKPOINT_FORMAT } from '../io/checkpointFacts.js';
import type { Net } from '../nn/net.js';
import { weightNamesOf, type Weights } from '../nn/weights.js';
import type { Schedule } from '../optim/schedules.js';
import { mustBePositive } from '../optim/settings.js';
import { bestStates, factsOfData } from './checkpoints.js';
import type { Counters, Evaluation, StepTimings, TrainEvent } from './events.js';
import type { InspectOptions } from './inspector.js';
import { Loop } from './loop.js';
import { SCALE_STATES, type LossScale } from './lossScale.js';
import { mustBeWatching, watchingFacts, type Watching } from './best.js';
import type { Answers, Mistake } from './mistakes.js';
import { openParts, type Parts } from './openParts.js';
import { computedBy, type ComputedBy } from './otherBits.js';
import type { FitOptions, TrainerOptions } from './options.js';
import { mustBeWholeSetting } from './settings.js';

/** Trains a net on labelled images, evaluates it and predicts with it: plans over one Store on one device. */
export class Trainer {
  readonly net: Net;
  readonly device: Device;
  /** The compiled training step. */
  readonly plan: Plan;
  readonly stepsPerEpoch: number;
  readonly #data: Splits;
  readonly #parts: Parts;
  readonly #loop: Loop;
  #fitting = false;
  #watching: Watching;
  #computedBy: ComputedBy | undefined;

  private constructor({ net, device, data, resume }: TrainerOptions, parts: Parts) {
    this.net = net;
    this.device = device;
    this.#data = data;
    this.plan = parts.session.plan;
    this.stepsPerEpoch = parts.stepsPerEpoch;
    this.#parts = parts;
    this.#loop = new Loop(parts, resume?.facts);
    this.#watching = resume?.facts.watching ?? {};
  }

  /**
   * Compiles the training step, moves the data to the GPU and sets the weights.
   * @throws EngineError 'usage', 'data' or 'weights' before anything is allocated; 'limit', 'shader' or 'gpu' after, when
   * everything is freed again; 'limit' too if the self-test finds every variant of a kernel wrong
   */
  static async open(options: TrainerOptions): Promise<Trainer> {
    return new Trainer(options, await openParts(options));
  }

  /** The plans that are compiled so far: the training step, then evaluation and prediction, each once it was wanted. */
  get plans(): readonly Plan[] {
    const { evaluator, predictor } = this.#parts;
    return [this.plan, evaluator.plan, predictor.plan].filter((plan) => plan !== undefined);
  }

  /** The learning rate of the steps not yet submitted, before the schedule's factor; a plateau reduces it. */
  get rate(): number {
    return this.#parts.rates.rate;
  }

  set rate(rate: number) {
    mustBePositive('trainer', 'rate', rate);
    this.#parts.rates.change(rate, this.steps);
  }

  /** The schedule of the steps not yet submitted. */
  get schedule(): Schedule {
    return this.#parts.rates.schedule;
  }

  /** The learning rate of the next step that is submitted: `rate` times the schedule's factor. */
  get scheduledRate(): number {
    return this.#parts.rates.at(this.steps);
  }

  /** Steps submitted since the run was begun. */
  get steps(): number {
    return this.#loop.submitted;
  }

  /**
   * Trains, and says how it goes. The GPU runs ahead: nothing it does waits for the reader of these events, but a reader
   * who does not come back for the next event stops the submits.
   *
   * @throws EngineError 'usage' for settings that make no sense, or early stopping without a validation set
   * @throws EngineError 'diverged' if a loss or gradient is not finite: the weights are those from before that step, or the
   * best where those are kept, and so they stay, because every later call throws it too
   * @throws EngineError 'device-lost' if the GPU goes away; the events so far stand
   */
  async *fit(options: FitOptions = {}): AsyncGenerator<TrainEvent, void, void> {
    const { epochs, steps, schedule, restoreBest = true, ...watching } = options;
    if (epochs !== undefined) mustBeWholeSetting('epochs', epochs, 0);
    if (steps !== undefined) mustBeWholeSetting('steps', steps, 0);
    if (this.#fitting) {
      throw new EngineError('usage', { place: 'fit', given: 'a second fit at once', wanted: 'one fit at a time' });
    }
    mustBeWatching(watching, this.#parts.validator !== undefined);
    if (schedule !== undefined) this.#parts.rates.follow(schedule, this.steps);
    this.#fitting = true;
    this.#watching = watching;
    // What diverged has nothing better to go on from.
    let restores = restoreBest;
    try {
      const most = epochs ?? (steps === undefined ? 1 : Infinity);
      yield* this.#loop.run(Math.min(most * this.stepsPerEpoch, steps ?? Infinity), watching);
    } catch (error) {
      restores = error instanceof EngineError && error.code === 'diverged';
      throw error;
    } finally {
      if (watching.keepBest && restores) this.#parts.best.restore();
      this.#fitting = false;
    }
  }

  /** The test images through the net with the weights of now; training waits for it. */
  evaluate(): Promise<Evaluation> {
    return this.#parts.evaluator.run();
  }

  /**
   * The images held out for validation through the net with the weights of now; training waits for it.
   * @throws EngineError 'usage' if there are none
   */
  async validate(): Promise<Evaluation> {
    const { validator } = this.#parts;
    if (validator !== undefined) return validator.run();
    throw new EngineError('usage', {
      place: 'validate',
      given: 'no validation set',
      wanted: 'images that are neither trained on nor the test set',
      wayOut: 'Open the trainer with `validation: 0.1`.',
    });
  }

  /**
   * The test images that get another answer than their label, the surest answer first; of equals the one that comes first
   * in the set. Their pixels are those of the data at their index. Training waits for it, as for `evaluate`.
   *
   * @param most how many; all of them by default
   * @throws EngineError 'usage' unless `most` is a whole number from 1; 'diverged' as `evaluate`
   */
  async mistakes({ most }: { readonly most?: number } = {}): Promise<Mistake[]> {
    if (most !== undefined) mustBeWholeSetting('mistakes.most', most, 1);
    return this.#parts.evaluator.mistakes(most);
  }

  /**
   * What every test image gets from the net, right or wrong, and how sure it is. Training waits for it, as for `evaluate`.
   * @throws EngineError 'diverged' as `evaluate`
   */
  answers(): Promise<Answers> {
    return this.#parts.evaluator.answers();
  }

  /**
   * Probabilities for images as bytes, framed like the training images.
   * @param pixels [n, rows, columns]
   * @returns [n, classes]
   */
  predict(pixels: Uint8Array<ArrayBuffer>): Promise<Float32Array<ArrayBuffer>> {
    return this.#parts.predictor.run(pixels);
  }

  /**
   * What every layer makes of one image with the weights of now, in evaluation: dropout drops nothing, and batch norms go
   * by their running statistics, which are constants on the way back too. Training goes on meanwhile. The plan is compiled
   * when first wanted, and another one for gradients; after that a look is one submit and one mapped read.
   *
   * @param pixels [rows, columns], framed like the training images
   * @param options a label brings gradients of the image's cross-entropy, by every layer's values and by the weights
   * @throws EngineError 'data' unless it is one image; 'usage' for a label that is no class or weights that the net has not
   */
  inspect(pixels: Uint8Array<ArrayBuffer>, options: InspectOptions = {}): Promise<Inspection> {
    return this.#parts.inspector.run(pixels, options);
  }

  /** What the loss scale has come to when everything submitted is done; undefined without one. */
  async lossScale(): Promise<LossScale | undefined> {
    const { scaled, store } = this.#parts;
    if (!scaled) return undefined;
    const states = await store.read(Object.values(SCALE_STATES));
    const of = (name: keyof typeof SCALE_STATES): number => states.get(SCALE_STATES[name])?.[0] ?? 0;
    return { scale: of('scale'), goodSteps: of('good'), skipped: of('skipped') };
  }

  /** The parameters, and the running statistics of norms, as they are when everything submitted is done. */
  async weights(): Promise<Weights> {
    const values = await this.#parts.store.read(weightNamesOf(this.net));
    return new Map(
      [...this.net.parameters, ...this.net.states].map(({ name, shape }) => [
        name,
        { shape, data: values.get(name) as Float32Array<ArrayBuffer> },
      ]),
    );
  }

  /**
   * Everything from which this training can go on elsewhere: see `TrainerOptions.resume`. While `fit` runs, it is taken
   * where the next event is told, and training waits for it.
   *
   * @throws EngineError 'diverged' of a run that cannot go on
   */
  checkpoint(): Promise<Checkpoint> {
    return this.#loop.atRest(() => this.#checkpoint());
  }

  async #checkpoint(): Promise<Checkpoint> {
    this.#loop.mustBeWell();
    const { states, run, rates, best } = this.#parts;
    // All that is counted here is taken before anything is waited for.
    const counted = {
      ...this.#loop.progress,
      best: best.facts,
      watching: watchingFacts(this.#watching),
      plateau: rates.plateau ?? null,
      run: { ...run, rate: rates.rate, schedule: recipeOf(rates.schedule) },
    };
    const kept = bestStates(this.net, best.weights);
    const [read, data] = await Promise.all([states.read(), factsOfData(this.#data)]);
    const facts: CheckpointFacts = {
      format: CHECKPOINT_FORMAT,
      ...(this.#computedBy ??= computedBy(this.plan, this.device)),
      ...counted,
      data,
    };
    return { weights: read.weights, states: new Map([...read.states, ...kept]), facts };
  }

  /** How long a step takes. */
  get timings(): StepTimings {
    const { queue, session, turns } = this.#parts;
    const ofStep = (ms: number | undefined) => ms && ms * turns.length;
    return { encodeMs: ofStep(queue.encodeMs), gpuMs: ofStep(session.stepMs) };
  }

  /** What was made, submitted and read so far, in counts. */
  get counters(): Counters {
    const { submits, uploads, mappedReads, bindGroups, buffers, pipelines, bytes } = this.device.counts;
    return {
      dispatchesPerStep: this.plan.dispatches.length,
      steps: this.steps,
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
    this.#parts.metrics[Symbol.dispose]();
    this.#parts.states[Symbol.dispose]();
    this.#parts.predictor[Symbol.dispose]();
    this.#parts.inspector[Symbol.dispose]();
    this.#parts.evaluator[Symbol.dispose]();
    this.#parts.validator?.[Symbol.dispose]();
    this.#parts.session[Symbol.dispose]();
    this.#parts.store[Symbol.dispose]();
  }
}
