import type { Net, Splits, TrainerOptions } from '../../src/index.js';
import type { Settings } from '../protocol.js';
import type { Run } from './desk.js';

/** What a run takes from elsewhere, and who follows it. */
export interface Around {
  /** Weights to begin with, and which of them stay. */
  begin(net: Net, settings: Settings): Promise<Pick<TrainerOptions, 'weights' | 'groups'>>;
  /** The images to learn, from those of the source. */
  learn(settings: Settings, splits: Splits): Promise<Splits>;
  /** Hears whenever the weights have moved on, or are others. */
  moved(): void;
  /** Hears that the GPU is gone, whether or not anything was asked of it. */
  lost(): void;
  /** Is waited for before the first step. */
  begins(run: Run): Promise<void>;
  /** After the last step so far; `tested` is the accuracy on the test images, if it is known for these weights. */
  ends(run: Run, tested: number | undefined): Promise<void>;
  /** Time to save the run: now, or if it is due. */
  save(now: boolean): Promise<void>;
}
