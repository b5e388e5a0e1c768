import { EngineError } from '../core/errors.js';
import type { StateData, Store } from '../engine/store.js';
import type { BestFacts, WatchingFacts } from '../io/checkpointFacts.js';
import { mustBePositive } from '../optim/settings.js';
import { mustBeWholeSetting } from './settings.js';

export interface StopEarly {
  /** Epochs one after the other without a better validation loss, at least 1. */
  readonly patience: number;
  /** A loss is better if it is below the best one less this; 0 by default. */
  readonly minDelta?: number;
}

/** What a call of fit wants of the epochs' validation losses. */
export interface Watching {
  readonly stopEarly?: StopEarly | undefined;
  readonly keepBest?: boolean | undefined;
}

/** As a checkpoint has it. */
export const watchingFacts = ({ stopEarly, keepBest = false }: Watching): WatchingFacts => ({
  ...(stopEarly && { stopEarly: { patience: stopEarly.patience, minDelta: stopEarly.minDelta ?? 0 } }),
  keepBest,
});

/** @throws EngineError 'usage' for settings out of range, or without a validation set */
export function mustBeWatching({ stopEarly, keepBest = false }: Watching, validated: boolean): void {
  if (stopEarly !== undefined) {
    mustBeWholeSetting('patience', stopEarly.patience, 1);
    mustBePositive('stopEarly', 'minDelta', stopEarly.minDelta ?? 0, true);
  }
  if (validated || (stopEarly === undefined && !keepBest)) return;
  throw new EngineError('usage', {
    place: 'fit',
    given: `${keepBest ? 'keepBest' : 'stopEarly'} without a validation set`,
    wanted: 'images to judge epochs by that are neither trained on nor the test set',
    wayOut: 'Open the trainer with `validation: 0.1`.',
  });
}

/** Which epoch had the smallest validation loss, and its weights: over all calls of fit. */
export class Best {
  readonly #store: Pick<Store, 'read' | 'write'>;
  readonly #names: readonly string[];
  #epoch: number | undefined;
  #loss: number;
  /** None if they were not kept. */
  #weights: ReadonlyMap<string, StateData>;
  /** What a loss must be below, less the delta, to let the patience begin again. */
  #mark: number;
  #bad: number;

  /**
   * @param names of the states that are kept
   * @param from where an earlier run had come to, and the weights that it kept
   */
  constructor(
    store: Pick<Store, 'read' | 'write'>,
    names: readonly string[],
    from?: { readonly facts: BestFacts; readonly weights: ReadonlyMap<string, StateData> },
  ) {
    this.#store = store;
    this.#names = names;
    this.#epoch = from?.facts.epoch ?? undefined;
    this.#loss = from?.facts.loss ?? Infinity;
    this.#mark = from?.facts.mark ?? Infinity;
    this.#bad = from?.facts.bad ?? 0;
    this.#weights = from?.weights ?? new Map();
  }

  /** The weights of the best epoch, if they were kept. */
  get weights(): ReadonlyMap<string, StateData> {
    return this.#weights;
  }

  /** What it has counted. */
  get facts(): BestFacts {
    const finite = (loss: number): number | null => (Number.isFinite(loss) ? loss : null);
    return { epoch: this.#epoch ?? null, loss: finite(this.#loss), mark: finite(this.#mark), bad: this.#bad };
  }

  /** 1 for the first; undefined before the first. */
  get epoch(): number | undefined {
    return this.#epoch;
  }

  /** A call of fit begins. A patience that is at its end begins again: who calls after that wants more epochs. */
  begin({ stopEarly }: Watching): void {
    if (stopEarly !== undefined && this.#bad >= stopEarly.patience) this.#bad = 0;
  }

  /** Takes note of an epoch; nothing may be submitted meanwhile. @returns whether patience is at its end */
  async hear(epoch: number, loss: number, { stopEarly, keepBest = false }: Watching): Promise<boolean> {
    if (loss < this.#loss) {
      this.#epoch = epoch;
      this.#loss = loss;
      // Kept weights of an older epoch are no longer the best.
      this.#weights = keepBest ? await this.#store.read(this.#names) : new Map();
    }
    if (stopEarly === undefined) return false;
    if (loss < this.#mark - (stopEarly.minDelta ?? 0)) {
      this.#mark = loss;
      this.#bad = 0;
    } else this.#bad++;
    return this.#bad >= stopEarly.patience;
  }

  /** The best epoch's weights again, if they were kept; after everything that is submitted. */
  restore(): void {
    for (const [name, values] of this.#weights) this.#store.write(name, values);
  }
}
