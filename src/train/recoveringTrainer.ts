import { EngineError } from '../core/errors.js';
import { samePlain } from '../core/recipe.js';
import type { Checkpoint } from '../io/checkpoint.js';
import { mustBePositive } from '../optim/settings.js';
import type { RestoredEvent, TrainEvent } from './events.js';
import type { FitOptions } from './options.js';
import { computedBy } from './otherBits.js';
import { isLoss, Reopening, type GoodState, type RecoveringOptions } from './reopening.js';
import type { Trainer } from './trainer.js';

/** How often the state is kept while nobody asks for it. */
const KEEP_MS = 5000;

/**
 * A training that outlives its device. Its state is kept in memory now and then, and at the end of each `fit`; where the
 * device is lost, a new one is asked for, and the trainer is made anew in the last state that was kept and goes on. On the
 * same adapter it ends in the very bits of a training without a loss.
 *
 *     const training = await RecoveringTrainer.open({ device: () => openDevice(navigator.gpu), net, data });
 *     for await (const event of training.fit({ epochs: 10 })) …
 *     const answers = await training.use((trainer) => trainer.predict(pixels));
 *
 * The state as bytes, for a file or a page's storage, and a training that goes on from them elsewhere:
 *
 *     const bytes = await writeCheckpoint(await training.checkpoint());
 *     const later = await RecoveringTrainer.open({ device, net, data, resume: await readCheckpoint(bytes) });
 */
export class RecoveringTrainer {
  readonly #reopening: Reopening;
  readonly #keepMs: number;
  readonly #onRecovery: RecoveringOptions['onRecovery'];
  #trainer: Trainer;
  /** Undefined where the run is to begin anew. */
  #good: GoodState | undefined;
  #keptAt = performance.now();
  /** Of all that was told: repetitions are not. */
  readonly #told: { step: number; epoch: number };
  /** A rate that is wanted and not yet in force. */
  #rate: number | undefined;
  /** What the fit under way has to come to, and one that was left if its end could not be kept. */
  #goal: FitOptions | undefined;
  #fitting = false;
  #closed = false;
  #restoring: Promise<RestoredEvent> | undefined;
  #restored: RestoredEvent | undefined;
  /** Why there was no new device, when one was asked for last in vain. */
  #refusal: { readonly error: unknown } | undefined;
  /** States are kept one after the other. */
  #keeping: Promise<unknown> = Promise.resolve();

  private constructor(options: RecoveringOptions, reopening: Reopening, trainer: Trainer) {
    const { resume, schedule, keepMs = KEEP_MS, onRecovery } = options;
    this.#reopening = reopening;
    this.#keepMs = keepMs;
    this.#onRecovery = onRecovery;
    this.#trainer = trainer;
    this.#good = resume && { checkpoint: resume, schedule };
    this.#told = { step: resume?.facts.told ?? 0, epoch: resume?.facts.epochsTold ?? 0 };
  }

  /** @throws EngineError as `Trainer.open`, and what `device` throws; 'usage' for `keepMs` or `attempts` out of range */
  static async open(options: RecoveringOptions): Promise<RecoveringTrainer> {
    mustBePositive('recovery', 'keepMs', options.keepMs ?? KEEP_MS, true);
    const reopening = new Reopening(options);
    return new RecoveringTrainer(options, reopening, await reopening.open(undefined));
  }

  /** The trainer of now; another one after a loss. For what needs no GPU, such as its plan; see `use` for the rest. */
  get trainer(): Trainer {
    return this.#trainer;
  }

  /** Steps submitted since the run was begun; fewer again after a loss, until they are done again. */
  get steps(): number {
    return this.#trainer.steps;
  }

  /** The last state that was kept: there whatever has become of the device. Undefined before the first. */
  get lastGood(): Checkpoint | undefined {
    return this.#good?.checkpoint;
  }

  /**
   * The learning rate, before the schedule's factor. One that is set while `fit` runs holds from its next event on, where
   * the state is kept too, so that steps that are done again have the rates that they had.
   */
  get rate(): number {
    return this.#rate ?? this.#trainer.rate;
  }

  set rate(rate: number) {
    mustBePositive('trainer', 'rate', rate);
    if (this.#settled === undefined) this.#rate = rate;
    else this.#setRate(this.#trainer, this.#settled, rate);
  }

  /**
   * Trains as `Trainer.fit` does, on as many devices as it takes. Each step and each epoch is told once, those that are
   * done again are not; where `signal` ends it, it has come to every step that was told.
   *
   * @throws EngineError as `Trainer.fit`; 'device-lost' where no new device is given, or where one after the other is
   * lost and the run gets no further. A later call asks for devices again
   */
  async *fit(options: FitOptions = {}): AsyncGenerator<TrainEvent | RestoredEvent, void, void> {
    if (this.#fitting) {
      throw new EngineError('usage', { place: 'fit', given: 'a second fit at once', wanted: 'one fit at a time' });
    }
    this.#fitting = true;
    try {
      if (this.#goal !== undefined) yield* this.#lasting(this.#goal);
      yield* this.#lasting(options);
    } finally {
      this.#fitting = false;
    }
  }

  /**
   * Does something with the trainer: evaluates, predicts, reads its weights. Where the device is lost on the way, it is
   * done again with the trainer that was made anew.
   *
   *     await training.use((trainer) => trainer.evaluate());
   *
   * @throws EngineError what the work throws; 'device-lost' as `fit`
   */
  async use<T>(work: (trainer: Trainer) => Promise<T>): Promise<T> {
    for (;;) {
      await this.#restoring;
      const [trainer, refusal] = [this.#trainer, this.#refusal];
      try {
        const value = await work(trainer);
        // While it trains, answers are no sign that training gets anywhere.
        if (!this.#fitting) this.#reopening.gotFurther();
        return value;
      } catch (error) {
        await this.#restore(trainer, error, refusal);
      }
    }
  }

  /** As `Trainer.checkpoint`, at any time; it is kept as the last good state too. `writeCheckpoint` makes bytes of it. */
  async checkpoint(): Promise<Checkpoint> {
    return this.#settled ?? (await this.use((trainer) => this.#keep(trainer, !this.#fitting)));
  }

  /** The state that was kept, where it is the one that the trainer is in. */
  get #settled(): Checkpoint | undefined {
    const isThere = this.#good?.checkpoint.facts.step === this.#trainer.steps;
    return isThere && this.#goal === undefined ? this.#good?.checkpoint : undefined;
  }

  /** One fit, whatever becomes of its devices. */
  async *#lasting(options: FitOptions): AsyncGenerator<TrainEvent | RestoredEvent, void, void> {
    this.#goal = options;
    let isLeft = true;
    try {
      for (;;) {
        const [trainer, refusal] = [this.#trainer, this.#refusal];
        try {
          yield* this.#once(trainer);
          this.#endGoal();
          await this.#keep(trainer, true);
          if (trainer.steps < this.#told.step) continue;
          isLeft = false;
          this.#goal = undefined;
          return;
        } catch (error) {
          isLeft = false;
          const restored = await this.#restore(trainer, error, refusal);
          isLeft = true;
          yield restored;
        }
      }
    } finally {
      if (isLeft) await this.#leave();
      else this.#goal = undefined;
    }
  }

  /** A fit on one device. */
  async *#once(trainer: Trainer): AsyncGenerator<TrainEvent, void, void> {
    if (this.#rate !== undefined) await this.#keepIfWell(trainer);
    for await (const event of trainer.fit(this.#goal)) {
      // The state that is kept next may be one that has no patience left.
      if (event.type === 'epoch' && event.stopsEarly) this.#endGoal();
      const news = this.#newsIn(event);
      if (news !== undefined) yield news;
      const isDue = performance.now() - this.#keptAt >= this.#keepMs;
      if (isDue || this.#rate !== undefined) await this.#keepIfWell(trainer);
    }
  }

  /** The fit ends where it is now, though that may have to be done again; not before the last step that was told. */
  #endGoal(): void {
    const { epochs: _, signal: __, ...watching } = this.#goal ?? {};
    this.#goal = { ...watching, steps: Math.max(this.#trainer.steps, this.#told.step) };
  }

  /** Whoever breaks out of the loop over the events leaves a state that is kept, or is come to before the next fit. */
  async #leave(): Promise<void> {
    const trainer = this.#trainer;
    this.#endGoal();
    try {
      await this.#keep(trainer, true);
      if (trainer.steps >= this.#told.step) this.#goal = undefined;
    } catch {
      // A loss is met by whoever asks next, and so is what is not finite.
      if (trainer.device.loss === undefined) this.#goal = undefined;
    }
  }

  /** What of an event was not told before. */
  #newsIn(event: TrainEvent): TrainEvent | undefined {
    if (event.type === 'epoch') {
      if (event.epoch <= this.#told.epoch) return undefined;
      this.#told.epoch = event.epoch;
      return event;
    }
    const steps = event.steps.filter(({ step }) => step > this.#told.step);
    const last = steps.at(-1);
    if (last === undefined) return undefined;
    this.#told.step = last.step;
    this.#reopening.gotFurther();
    return { ...event, steps };
  }

  /** Keeps the state; what is not finite is left to the fit, which knows the step. */
  async #keepIfWell(trainer: Trainer): Promise<void> {
    try {
      await this.#keep(trainer, true);
    } catch (error) {
      if (!(error instanceof EngineError) || error.code !== 'diverged') throw error;
    }
  }

  /** @param still whether nothing is submitted until the caller goes on: a rate that is wanted then comes into force */
  #keep(trainer: Trainer, still = false): Promise<Checkpoint> {
    const next = this.#keeping.then(async () => {
      const { schedule } = trainer;
      const checkpoint = await trainer.checkpoint();
      if (trainer !== this.#trainer || this.#restoring !== undefined) return checkpoint;
      const { step } = checkpoint.facts;
      if (step > (this.#good?.checkpoint.facts.step ?? -1)) this.#reopening.gotFurther();
      this.#good = { checkpoint, schedule };
      this.#keptAt = performance.now();
      // Steps that were told are done again with the rates that they had.
      if (still && this.#rate !== undefined && step >= this.#told.step) this.#setRate(trainer, checkpoint, this.#rate);
      return checkpoint;
    });
    this.#keeping = next.catch(() => undefined);
    return next;
  }

  /** Sets the rate of a trainer and of the state that it is in. */
  #setRate(trainer: Trainer, { facts, ...states }: Checkpoint, rate: number): void {
    trainer.rate = rate;
    const checkpoint = { ...states, facts: { ...facts, run: { ...facts.run, rate } } };
    this.#good = { checkpoint, schedule: trainer.schedule };
    this.#rate = undefined;
  }

  /**
   * A trainer in place of a lost one: made or refused once, for all who have met the loss. Throws the error if it is none.
   * @param refusal the last one when the call began that has met the loss
   */
  async #restore(trainer: Trainer, error: unknown, refusal: unknown): Promise<RestoredEvent> {
    if (this.#closed) throw error;
    if (this.#restoring !== undefined) return this.#restoring;
    if (trainer !== this.#trainer && this.#restored !== undefined) return this.#restored;
    if (!isLoss(error)) throw error;
    if (this.#refusal !== refusal) throw this.#refusal?.error;
    const refuse = (reason: unknown): never => {
      this.#refusal = { error: reason };
      throw reason;
    };
    this.#restoring = this.#reopen(error)
      .catch(refuse)
      .finally(() => (this.#restoring = undefined));
    return this.#restoring;
  }

  async #reopen(error: unknown): Promise<RestoredEvent> {
    const before = this.#trainer;
    const loss = this.#reopening.lose(error, before.device, before.steps);
    const made = await this.#reopening.open(this.#good, before.device);
    before[Symbol.dispose]();
    this.#trainer = made;
    this.#keptAt = performance.now();
    if (this.#closed) made[Symbol.dispose]();
    const [now, then] = [made, before].map(({ plan, device }) => computedBy(plan, device));
    this.#restored = { type: 'restored', step: made.steps, loss, sameBits: samePlain(now, then) };
    this.#onRecovery?.(this.#restored);
    return this.#restored;
  }

  /** Frees the GPU memory of the trainer; the device stays. */
  [Symbol.dispose](): void {
    this.#closed = true;
    this.#trainer[Symbol.dispose]();
  }
}
