// From flags to what a training step is compiled from.

import { losses, type Optimizer, type TuneTrainingOptions } from '../index.js';
import type { Values } from './flags.js';
import { optimizerOf } from './learning.js';
import type { planFlags } from './planTables.js';
import { augmentation, clipSettings, optimizerSettings } from './settings.js';

type StepFlags = Omit<Values<typeof planFlags>, 'dialect' | 'wgsl' | 'net' | 'images' | 'precision'>;

/** Which batches, the optimizer, and how gradients become an update. */
export interface StepOf {
  readonly settings: Required<Pick<TuneTrainingOptions, 'batch' | 'seed' | 'shuffle' | 'mean' | 'std' | 'augment'>> &
    Pick<TuneTrainingOptions, 'loss'>;
  readonly optimizer: Optimizer;
  readonly update: Pick<TuneTrainingOptions, 'accumulate' | 'clip'>;
}

/** @throws EngineError 'usage' for flags that make no sense together */
export function stepOf(flags: StepFlags): StepOf {
  const { batch, accumulate, seed, shuffle, mean, std, 'label-smoothing': labelSmoothing } = flags;
  return {
    settings: {
      batch,
      seed,
      shuffle,
      mean,
      std,
      augment: augmentation(flags),
      ...(labelSmoothing !== undefined && { loss: losses.crossEntropy({ labelSmoothing }) }),
    },
    // A rate is no part of a plan.
    optimizer: optimizerOf(optimizerSettings({ ...flags, lr: undefined })),
    update: { accumulate, ...clipSettings(flags) },
  };
}
