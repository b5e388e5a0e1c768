import { EngineError } from '../core/errors.js';
import { mustBePositive } from './settings.js';

export interface PlateauOptions {
  /** Which number of an epoch; `testLoss` by default. A validation set's take the place of the test's. Accuracies are to rise, losses to fall. */
  readonly watch?: 'testLoss' | 'testAccuracy' | 'trainLoss' | 'trainAccuracy';
  /** What the rate is then multiplied with, below 1; 0.1 by default. */
  readonly factor?: number;
  /** Epochs without a better number that are let pass; 10 by default. */
  readonly patience?: number;
  /** How much better counts; 1e-4 by default. */
  readonly threshold?: number;
  /** Whether the threshold is a part of the best number so far, by default, or a number of its own. */
  readonly relative?: boolean;
  /** Epochs after a reduction in which none is counted; 0 by default. */
  readonly cooldown?: number;
  /** The rate stays above; 0 by default. */
  readonly leastRate?: number;
  /** A smaller reduction than this is none; 1e-8 by default. */
  readonly epsilon?: number;
}

/** What a plateau has counted: from it, it goes on. */
export interface PlateauProgress {
  /** The best number so far; null before the first. */
  readonly best: number | null;
  /** Epochs without a better number. */
  readonly bad: number;
  /** Epochs in which none is counted yet. */
  readonly cooling: number;
}

/** Reduces a rate once an epoch's number has got no better for a while, as torch.optim.lr_scheduler.ReduceLROnPlateau. */
export class Plateau {
  readonly watch: NonNullable<PlateauOptions['watch']>;
  readonly #options: Required<Omit<PlateauOptions, 'watch'>>;
  readonly #rises: boolean;
  #best: number;
  #bad: number;
  #cooling: number;

  /**
   * @param from where it goes on
   * @throws EngineError 'usage' for settings out of range
   */
  constructor({ watch = 'testLoss', ...options }: PlateauOptions, from?: PlateauProgress) {
    const { factor = 0.1, patience = 10, threshold = 1e-4, relative = true } = options;
    const { cooldown = 0, leastRate = 0, epsilon = 1e-8 } = options;
    mustBePositive('plateau', 'factor', factor);
    if (factor >= 1) throw new EngineError('usage', { place: 'plateau', given: `factor ${factor}`, wanted: 'below 1' });
    for (const [name, value] of Object.entries({ patience, threshold, cooldown, 'least rate': leastRate, epsilon })) {
      mustBePositive('plateau', name, value, true);
    }
    this.watch = watch;
    this.#options = { factor, patience, threshold, relative, cooldown, leastRate, epsilon };
    this.#rises = watch.endsWith('Accuracy');
    this.#best = from?.best ?? (this.#rises ? -Infinity : Infinity);
    this.#bad = from?.bad ?? 0;
    this.#cooling = from?.cooling ?? 0;
  }

  /** Its settings, those by default too. */
  get settings(): Required<PlateauOptions> {
    return { watch: this.watch, ...this.#options };
  }

  get progress(): PlateauProgress {
    return { best: Number.isFinite(this.#best) ? this.#best : null, bad: this.#bad, cooling: this.#cooling };
  }

  /** The rate after one more epoch with this number. */
  next(rate: number, value: number): number {
    const { factor, patience, cooldown, leastRate, epsilon } = this.#options;
    if (this.#isBetter(value)) {
      this.#best = value;
      this.#bad = 0;
    } else this.#bad++;
    if (this.#cooling > 0) {
      this.#cooling--;
      this.#bad = 0;
    }
    if (this.#bad <= patience) return rate;
    this.#cooling = cooldown;
    this.#bad = 0;
    const reduced = Math.max(rate * factor, leastRate);
    return rate - reduced > epsilon ? reduced : rate;
  }

  #isBetter(value: number): boolean {
    const { threshold, relative } = this.#options;
    const sign = this.#rises ? 1 : -1;
    const wanted = relative ? this.#best * (1 + sign * threshold) : this.#best + sign * threshold;
    return this.#rises ? value > wanted : value < wanted;
  }
}
