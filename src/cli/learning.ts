// From settings as plain data to optimizers and schedules.

import {
  adagrad,
  adam,
  adamW,
  EngineError,
  lion,
  losses,
  rmsprop,
  schedules,
  sgd,
  validationCount,
  type Optimizer,
  type Schedule,
  type TrainerOptions,
} from '../index.js';
import { usageError } from './exit.js';
import type { OptimizerSettings, ScheduleSettings, TrainingSettings } from './task.js';

export function optimizerOf(settings: OptimizerSettings): Optimizer {
  const { kind, ...options } = settings;
  return makers[kind](options);
}

const makers = { sgd, adam, adamw: adamW, rmsprop, adagrad, lion } as const;

/** How many of so many training images are held out. @throws EngineError 'usage' that names the flag if none are left */
export function heldOut(validation: number | undefined, images: number): number {
  try {
    return validationCount(validation ?? 0, images);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    throw usageError('--validation', error.given, error.wanted);
  }
}

/** Steps of a training on so many images, of which some may be held out. @throws EngineError 'usage' as `heldOut` */
export function stepsOf(training: TrainingSettings, images: number): number {
  const { epochs, steps = Infinity, batch, accumulate, validation } = training;
  const trained = images - heldOut(validation, images);
  return Math.min(epochs * Math.ceil(Math.ceil(trained / batch) / accumulate), steps);
}

/** What a trainer is told of a training on so many images. @throws EngineError 'usage' as `heldOut` */
export function trainerOptions(
  training: TrainingSettings,
  images: number,
): Omit<TrainerOptions, 'device' | 'net' | 'data'> {
  const { optimizer, schedule, groups, plateau, labelSmoothing, clip } = training;
  const { batch, accumulate, precision, seed, shuffle, augment, validation } = training;
  const steps = stepsOf(training, images);
  return {
    ...(optimizer && { optimizer: optimizerOf(optimizer) }),
    ...(schedule && { schedule: scheduleOf(schedule, steps) }),
    ...(groups && { groups }),
    ...(plateau !== undefined && { plateau: { patience: plateau } }),
    ...(labelSmoothing !== undefined && { loss: losses.crossEntropy({ labelSmoothing }) }),
    ...(clip && { clip }),
    batch,
    accumulate,
    precision,
    seed,
    shuffle,
    ...(augment && { augment }),
    ...(validation !== undefined && { validation }),
    expectedSteps: Math.max(1, steps),
  };
}

/** What an exponential schedule leaves of the rate. */
const LEFT = 0.01;

/** A schedule over a run of so many steps; after its warm-up it has what is left of them. */
export function scheduleOf({ kind, warmup }: ScheduleSettings, steps: number): Schedule {
  const left = Math.max(1, steps - warmup);
  const schedule = {
    constant: () => schedules.constant(),
    step: () => schedules.stepDecay({ every: Math.ceil(left / 3) }),
    exponential: () => schedules.exponential({ factor: LEFT ** (1 / left) }),
    cosine: () => schedules.cosine({ steps: left }),
    'one-cycle': () => schedules.oneCycle({ steps: left }),
  }[kind]();
  return warmup === 0 ? schedule : schedules.warmup({ steps: warmup, from: 1 / warmup }, schedule);
}
