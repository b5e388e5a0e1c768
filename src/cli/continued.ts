// A run that goes on: flags that are not given are as the run was begun, and those that are must say the same.

import type { CheckpointFacts, TrainingAugmentation } from '../index.js';
import { augmentation, mustBeJudged, trainingSettings, type AnyTrainFlags, type TrainFlags } from './settings.js';
import type { RunSettings, TrainingSettings } from './task.js';

type RunFacts = CheckpointFacts['run'];

type TrainedSettings = RunSettings & { readonly training: TrainingSettings };

const OF_OPTIMIZER = ['optimizer', 'lr', 'momentum', 'nesterov', 'weight-decay'] as const;
const OF_SCHEDULE = ['schedule', 'warmup'] as const;
const OF_AUGMENTATION = ['augment', 'mixup'] as const;
const OF_LENGTH = ['epochs', 'steps'] as const;

/** @throws EngineError 'usage' for flags that make no sense together */
export function continued(
  flags: AnyTrainFlags,
  given: ReadonlySet<string>,
  { run, watching }: Pick<CheckpointFacts, 'run' | 'watching'>,
): TrainedSettings {
  const { net, mean, std, batch, accumulate, precision, seed, shuffle } = run;
  const was = {
    net,
    mean,
    std,
    batch,
    accumulate,
    precision,
    seed,
    shuffle,
    ...optimizerFlags(flags, given, run),
    ...judgingFlags(run, watching),
    // As long as it was begun for, if nothing is said of it.
    ...(!OF_LENGTH.some((name) => given.has(name)) && { steps: run.expectedSteps }),
  };
  const left = Object.entries(was).filter(([name]) => !given.has(name));
  const filled: AnyTrainFlags = { ...flags, ...Object.fromEntries(left) };
  mustBeJudged(filled);
  const { optimizer, schedule, augment: _, ...others } = trainingSettings(filled);
  const isGiven = (name: string): boolean => given.has(name);
  return {
    task: 'train',
    net: filled.net ?? net,
    mean: filled.mean ?? mean,
    std: filled.std ?? std,
    training: {
      ...others,
      ...(optimizer && OF_OPTIMIZER.some(isGiven) && { optimizer }),
      ...(schedule && OF_SCHEDULE.some(isGiven) && { schedule }),
      ...(OF_AUGMENTATION.some(isGiven) && { augment: augmentationOf(flags, given, run) }),
    },
  };
}

/** What the run holds out, and what it does by that. */
const judgingFlags = ({ validation }: RunFacts, watching: CheckpointFacts['watching']): Partial<TrainFlags> => ({
  ...(validation > 0 && { validation }),
  ...(watching?.stopEarly && {
    'stop-early': watching.stopEarly.patience,
    'min-delta': watching.stopEarly.minDelta,
  }),
  ...(watching?.keepBest && { 'keep-best': true }),
});

/** As the flags say, and where one says nothing as in the run. */
function augmentationOf(flags: AnyTrainFlags, given: ReadonlySet<string>, { augment }: RunFacts): TrainingAugmentation {
  const { mixup, ...changes } = augment ?? {};
  const alpha = given.has('mixup') ? flags.mixup : mixup;
  return {
    ...(given.has('augment') ? augmentation({ ...flags, mixup: undefined }) : changes),
    ...(alpha !== undefined && { mixup: alpha }),
  };
}

/** The optimizer of the run as flags, unless they ask for another. */
function optimizerFlags(
  flags: AnyTrainFlags,
  given: ReadonlySet<string>,
  { optimizer }: RunFacts,
): Partial<TrainFlags> {
  const { kind, rate, momentum, nesterov, weightDecay } = optimizer;
  const name = kind.toLowerCase();
  // One that is no part of weft has no flags; what they say then is refused as another.
  if (kind === 'own' || (given.has('optimizer') && flags.optimizer !== name)) return {};
  return {
    optimizer: name,
    ...(typeof rate === 'number' && { lr: rate }),
    ...(typeof momentum === 'number' && { momentum }),
    ...(typeof nesterov === 'boolean' && { nesterov }),
    ...(typeof weightDecay === 'number' && { 'weight-decay': weightDecay }),
  };
}
