// From recipes back to what they made.

import { EngineError } from '../core/errors.js';
import { OWN, type Recipe } from '../core/recipe.js';
import { adagrad } from './adagrad.js';
import { adam, adamW } from './adam.js';
import { lion } from './lion.js';
import type { Optimizer } from './optimizer.js';
import { rmsprop } from './rmsprop.js';
import * as schedules from './schedules.js';
import type { Schedule } from './schedules.js';
import { sgd } from './sgd.js';

const optimizers: Readonly<Record<string, (settings: object) => Optimizer>> = {
  sgd,
  adam,
  adamW,
  rmsprop,
  adagrad,
  lion,
};

/** The optimizer of a recipe. @throws EngineError 'usage' for one of one's own, or settings out of range */
export function remakeOptimizer({ kind, ...settings }: Recipe): Optimizer {
  const make = optimizers[kind];
  if (make === undefined) throw cannotMake('optimizer', kind, 'an optimizer that is no part of weft');
  return make(settings);
}

/** What recipes of schedules hold of other schedules. */
const INNER = ['of', 'after'] as const;

/** The schedule of a recipe. @throws EngineError 'usage' for one of one's own, or settings out of range */
export function remakeSchedule({ kind, ...settings }: Recipe): Schedule {
  const [of, after] = INNER.map((name) => {
    const inner = settings[name];
    // What is read from a file was checked against the settings of its kind.
    return inner === undefined ? undefined : remakeSchedule(inner as unknown as Recipe);
  });
  const known = settings as never;
  switch (kind) {
    case 'constant':
      return schedules.constant();
    case 'perEpoch':
      return schedules.perEpoch(of ?? schedules.constant());
    case 'stepDecay':
      return schedules.stepDecay(known);
    case 'multiStep':
      return schedules.multiStep(known);
    case 'exponential':
      return schedules.exponential(known);
    case 'cosine':
      return schedules.cosine(known);
    case 'oneCycle':
      return schedules.oneCycle(known);
    case 'warmup':
      return schedules.warmup(known, after);
    default:
      throw cannotMake('schedule', kind, 'a function that was written by hand');
  }
}

/** The error for a recipe that nothing here can follow. */
export const cannotMake = (place: 'optimizer' | 'schedule' | 'loss', kind: string, own: string): EngineError =>
  new EngineError('usage', {
    place,
    given: kind === OWN ? own : `the kind ${kind}`,
    wanted: `one that can be made from its settings`,
    wayOut: `Give \`${place}\` again: a checkpoint holds its settings, and no code.`,
  });
