// From flags to settings: defaults that depend on other flags, and flags that exclude each other.

import { augmentations, type ClipSettings, type Precision, type TrainingAugmentation } from '../index.js';
import { usageError } from './exit.js';
import type { Values } from './flags.js';
import type { OptimizerSettings, ScheduleSettings, TrainingSettings } from './task.js';
import type { trainFlags } from './tables.js';

export type TrainFlags = Values<typeof trainFlags>;

/** Those of any command that trains: where weights are given, they say what no flag does. */
export interface AnyTrainFlags extends Omit<TrainFlags, 'net' | 'mean' | 'std'> {
  readonly net: string | undefined;
  readonly mean: number | undefined;
  readonly std: number | undefined;
}

const DEFAULT_EPOCHS = 10;
const DEFAULT_MOMENTUM = 0.9;

/** Throws EngineError 'usage' where epochs are to be compared and no images are held out for it. */
export function mustBeJudged(flags: Pick<TrainFlags, 'validation' | 'stop-early' | 'keep-best'>): void {
  if (flags.validation !== undefined) return;
  const flag = flags['keep-best'] ? '--keep-best' : flags['stop-early'] === undefined ? undefined : '--stop-early';
  if (flag !== undefined) throw usageError(flag, 'no --validation', '--validation 0.1');
}

/** @throws EngineError 'usage' for flags that make no sense together */
export function trainingSettings(flags: AnyTrainFlags): TrainingSettings {
  const { batch, seed, shuffle, steps, validation, 'stop-early': patience, 'min-delta': minDelta } = flags;
  for (const flag of ['resume', 'checkpoint-every'] as const) {
    if (flags.checkpoint !== undefined || flags[flag] === undefined || flags[flag] === false) continue;
    throw usageError(`--${flag}`, 'no --checkpoint', '--checkpoint <folder>');
  }
  if (flags.resume && flags['weights-in'] !== undefined) {
    throw usageError('--resume', 'given with --weights-in', 'one of them: a checkpoint has its weights');
  }
  // A run that goes on may have the patience that this belongs to.
  if (minDelta !== undefined && patience === undefined && !flags.resume) {
    throw usageError('--min-delta', 'no --stop-early', '--stop-early 3');
  }
  return {
    optimizer: optimizerSettings(flags),
    schedule: { kind: flags.schedule as ScheduleSettings['kind'], warmup: flags.warmup },
    ...clipSettings(flags),
    ...(flags.plateau !== undefined && { plateau: flags.plateau }),
    ...(flags['label-smoothing'] !== undefined && { labelSmoothing: flags['label-smoothing'] }),
    batch,
    accumulate: flags.accumulate,
    precision: flags.precision as Precision,
    seed,
    shuffle,
    ...(flags.augment === 'none' && flags.mixup === undefined ? {} : { augment: augmentation(flags) }),
    // No epoch is shorter than a step, so `steps` epochs never end a run before its steps do.
    epochs: flags.epochs ?? steps ?? DEFAULT_EPOCHS,
    ...(steps !== undefined && { steps }),
    ...(validation !== undefined && { validation }),
    ...(patience !== undefined && { stopEarly: { patience, ...(minDelta !== undefined && { minDelta }) } }),
    ...(flags['keep-best'] && { keepBest: true }),
    ...(flags['checkpoint-every'] !== undefined && { saveEvery: flags['checkpoint-every'] }),
  };
}

/** One bound on gradients, or none. @throws EngineError 'usage' for two */
export function clipSettings(flags: Pick<TrainFlags, 'clip-norm' | 'clip-value'>): { readonly clip?: ClipSettings } {
  const { 'clip-norm': norm, 'clip-value': value } = flags;
  if (norm !== undefined && value !== undefined) {
    throw usageError('--clip-value', 'given with --clip-norm', 'one of them');
  }
  return norm !== undefined ? { clip: { norm } } : value !== undefined ? { clip: { value } } : {};
}

/** What is done to training images; nothing is an object without settings. */
export const augmentation = ({ augment, mixup }: Pick<TrainFlags, 'augment' | 'mixup'>): TrainingAugmentation => ({
  ...(augment !== 'none' && augmentations[augment as keyof typeof augmentations]),
  ...(mixup !== undefined && { mixup }),
});

const DEFAULT_RATES: Readonly<Record<OptimizerSettings['kind'], number>> = {
  sgd: 0.001,
  adam: 0.001,
  adamw: 0.001,
  rmsprop: 0.01,
  adagrad: 0.01,
  lion: 0.0001,
};

export function optimizerSettings(
  flags: Pick<TrainFlags, 'optimizer' | 'lr' | 'momentum' | 'nesterov' | 'weight-decay'>,
): OptimizerSettings {
  const { momentum, nesterov } = flags;
  const kind = flags.optimizer as OptimizerSettings['kind'];
  const shared = {
    rate: flags.lr ?? DEFAULT_RATES[kind],
    weightDecay: flags['weight-decay'] ?? (kind === 'adamw' ? 0.01 : 0),
  };
  if (nesterov && kind !== 'sgd') throw alien('--nesterov', kind, 'sgd');
  if (kind === 'rmsprop') return { kind, ...shared, momentum: momentum ?? 0 };
  if (kind !== 'sgd') {
    if (momentum !== undefined) throw alien('--momentum', kind, 'sgd or rmsprop');
    return { kind, ...shared };
  }
  const { rate, weightDecay } = shared;
  if (nesterov && momentum === 0) throw usageError('--nesterov', 'a momentum of 0', 'a momentum above 0');
  return { kind, rate, momentum: momentum ?? DEFAULT_MOMENTUM, nesterov, weightDecay };
}

const alien = (flag: string, optimizer: string, wanted: string) =>
  usageError(flag, `given with --optimizer ${optimizer}`, `--optimizer ${wanted}`);
