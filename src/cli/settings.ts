// From flags to settings: defaults that depend on other flags, and flags that exclude each other.

import { usageError } from './exit.js';
import type { Values } from './flags.js';
import type { OptimizerSettings, TrainingSettings } from './task.js';
import type { trainFlags } from './tables.js';

export type TrainFlags = Values<typeof trainFlags>;

const DEFAULT_EPOCHS = 10;
const DEFAULT_MOMENTUM = 0.9;

/** @throws EngineError 'usage' for flags that make no sense together */
export function trainingSettings(flags: TrainFlags): TrainingSettings {
  const { batch, seed, shuffle, steps } = flags;
  for (const flag of ['resume', 'checkpoint-every'] as const) {
    if (flags.checkpoint !== undefined || flags[flag] === undefined || flags[flag] === false) continue;
    throw usageError(`--${flag}`, 'no --checkpoint', '--checkpoint <folder>');
  }
  if (flags.resume && flags['weights-in'] !== undefined) {
    throw usageError('--resume', 'given with --weights-in', 'one of them: a checkpoint has its weights');
  }
  return {
    optimizer: optimizerSettings(flags),
    batch,
    seed,
    shuffle,
    // No epoch is shorter than a step, so `steps` epochs never end a run before its steps do.
    epochs: flags.epochs ?? steps ?? DEFAULT_EPOCHS,
    ...(steps !== undefined && { steps }),
    ...(flags['checkpoint-every'] !== undefined && { saveEvery: flags['checkpoint-every'] }),
  };
}

function optimizerSettings(flags: TrainFlags): OptimizerSettings {
  const { optimizer, lr: rate, nesterov, 'weight-decay': weightDecay } = flags;
  if (optimizer === 'adam') {
    if (flags.momentum !== undefined) throw forSgd('--momentum');
    if (nesterov) throw forSgd('--nesterov');
    return { kind: 'adam', rate, weightDecay };
  }
  const momentum = flags.momentum ?? DEFAULT_MOMENTUM;
  if (nesterov && momentum === 0) throw usageError('--nesterov', 'a momentum of 0', 'a momentum above 0');
  return { kind: 'sgd', rate, momentum, nesterov, weightDecay };
}

const forSgd = (flag: string) => usageError(flag, 'given with --optimizer adam', '--optimizer sgd');
