// From settings as plain data to optimizers and schedules.

import {
  adagrad,
  adam,
  adamW,
  lion,
  rmsprop,
  schedules,
  sgd,
  validationCount,
  type Optimizer,
  type Schedule,
  type TrainerOptions,
} from '../index.js';
import type { OptimizerSettings, ScheduleSettings, TrainingSettings } from './task.js';

export function optimizerOf(settings: OptimizerSettings): Optimizer {
  const { kind, ...options } = settings;
  return makers[kind](options);
}

const makers = { sgd, adam, adamw: adamW, rmsprop, adagrad, lion } as const;

/**
 * Steps of a training on so many images, of which some may be held out.
 * @throws EngineError 'usage' where none would be left
 */
export function stepsOf(
  { epochs, steps = Infinity, batch, accumulate, validation = 0 }: TrainingSettings,
  images: number,
): number {
  const trained = images - validationCount(validation, images);
  return Math.min(epochs * Math.ceil(Math.ceil(trained / batch) / accumulate), steps);
}

/** What a trainer is told of a training on so many images. @throws EngineError 'usage' as `stepsOf` */
export function trainerOptions(
  training: TrainingSettings,
  images: number,
): Omit<TrainerOptions, 'device' | 'net' | 'data'> {
  const { optimizer, schedule, groups, clipNorm, batch, accumulate, precision, seed, shuffle, augment, validation } =
    training;
  const steps = stepsOf(training, images);
  return {
    ...(optimizer && { optimizer: optimizerOf(optimizer) }),
    ...(schedule && { schedule: scheduleOf(schedule, steps) }),
    ...(groups && { groups }),
    ...(clipNorm !== undefined && { clip: { norm: clipNorm } }),
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
