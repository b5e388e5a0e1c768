// What training costs: counted and timed by the library, told now and then.

import { Follower } from '../../src/chart/progress.js';
import type { StepMetrics } from '../../src/index.js';
import type { Post, Run } from './desk.js';

/** At most so often. */
const TELL_EVERY_MS = 500;

export class Speed {
  readonly #post: Post;
  readonly #run: Run;
  readonly #follower: Follower;
  #told = -Infinity;
  /** At the last telling. */
  #before = { steps: 0, submits: 0, seconds: 0 };

  constructor(post: Post, run: Run) {
    this.#post = post;
    this.#run = run;
    this.#follower = new Follower(Infinity, run.trainer.stepsPerEpoch);
    this.#before.submits = run.trainer.counters.submits;
  }

  /**
   * Takes in steps that are done, and tells of them if it is time.
   * @param last how many steps the run is to have
   */
  note(steps: readonly StepMetrics[], imagesPerSecond: number, last: number): void {
    this.#follower.steps = last;
    this.#follower.follow(steps, imagesPerSecond);
    const now = performance.now();
    const isEnd = this.#follower.state.step >= last;
    if (now - this.#told < TELL_EVERY_MS && !isEnd) return;
    this.#told = now;
    this.#tell();
  }

  #tell(): void {
    const { counters, timings, device } = this.#run.trainer;
    const progress = this.#follower.state;
    const { steps, submits, seconds } = this.#before;
    const done = Math.max(1, progress.step - steps);
    this.#before = { steps: progress.step, submits: counters.submits, seconds: progress.seconds };
    this.#post({
      type: 'numbers',
      numbers: {
        progress,
        wallMs: (1000 * (progress.seconds - seconds)) / done,
        ...timings,
        clocked: device.profile.features.includes('timestamp-query'),
        bytes: counters.bytes,
        dispatchesPerStep: counters.dispatchesPerStep,
        // A trainer after a loss counts anew.
        submitsPerStep: Math.max(0, counters.submits - submits) / done,
      },
    });
  }
}
