import type { Session } from '../engine/session.js';
import { stepsPerSubmit, updatedStepMs, type PaceLimits } from './pace.js';

/** Submits a session's steps at a pace that keeps the GPU busy and the queue short. */
export class Queue {
  readonly #session: Pick<Session, 'run' | 'idle'>;
  readonly #limits: PaceLimits;
  readonly #inFlight: Promise<void>[] = [];
  #stepMs = 0;
  #encodeMs: number | undefined;
  #lastEnd = 0;

  constructor(session: Pick<Session, 'run' | 'idle'>, limits: PaceLimits) {
    this.#session = session;
    this.#limits = limits;
  }

  /** Steps that the next submit would take, at most `most`. */
  next(most: number): number {
    return Math.min(most, stepsPerSubmit(this.#stepMs, this.#limits));
  }

  /** Milliseconds of CPU time to record and submit a step, over the last submits. */
  get encodeMs(): number | undefined {
    return this.#encodeMs;
  }

  /** Submits so many steps, then waits until fewer submits than the limit are in flight. */
  async run(steps: number): Promise<void> {
    const start = performance.now();
    this.#session.run(steps);
    this.#encodeMs = updatedStepMs(this.#encodeMs ?? 0, performance.now() - start, steps);
    const done = this.#measure(start, steps);
    // Whoever waits below reports the failure; a queue that is dropped must not reject into nowhere.
    done.catch(() => undefined);
    this.#inFlight.push(done);
    while (this.#inFlight.length >= this.#limits.mostInFlight) await this.#inFlight.shift();
  }

  async #measure(start: number, steps: number): Promise<void> {
    await this.#session.idle();
    const end = performance.now();
    this.#stepMs = updatedStepMs(this.#stepMs, end - Math.max(start, this.#lastEnd), steps);
    this.#lastEnd = end;
  }

  /** Waits for everything submitted. */
  async drain(): Promise<void> {
    while (this.#inFlight.length > 0) await this.#inFlight.shift();
  }
}
