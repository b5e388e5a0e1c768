import { describe, expect, it } from 'vitest';
import { recipeOf } from '../../src/core/recipe.js';
import { runFacts } from '../../src/io/runFacts.js';
import { adagrad } from '../../src/optim/adagrad.js';
import { adam, adamW } from '../../src/optim/adam.js';
import { lion } from '../../src/optim/lion.js';
import type { Optimizer } from '../../src/optim/optimizer.js';
import { remakeOptimizer, remakeSchedule } from '../../src/optim/remake.js';
import { rmsprop } from '../../src/optim/rmsprop.js';
import * as schedules from '../../src/optim/schedules.js';
import type { Schedule } from '../../src/optim/schedules.js';
import { sgd } from '../../src/optim/sgd.js';
import { someCheckpoint } from '../io/someCheckpoint.js';

const some: readonly Schedule[] = [
  schedules.constant(),
  schedules.perEpoch(schedules.exponential({ factor: 0.9 })),
  schedules.stepDecay({ every: 3 }),
  schedules.multiStep({ at: [2, 7], factor: 0.5 }),
  schedules.exponential({ factor: 0.7 }),
  schedules.cosine({ steps: 11, to: 0.1 }),
  schedules.cosine({ steps: 3, restarts: 2 }),
  schedules.oneCycle({ steps: 20, along: 'line', threePhases: true }),
  schedules.warmup({ steps: 4 }),
  schedules.warmup({ steps: 4, from: 0 }, schedules.warmup({ steps: 2 }, schedules.cosine({ steps: 9 }))),
];

const optimizers: readonly Optimizer[] = [
  ...[sgd, adam, adamW, rmsprop, adagrad, lion].map((make) => make()),
  sgd({ rate: 0.1, momentum: 0.5, nesterov: true, weightDecay: 0.01 }),
  adam({ rate: 0.1, beta1: 0.5, beta2: 0.75, epsilon: 0.01, weightDecay: 0.02 }),
  adamW({ weightDecay: 0.02 }),
  rmsprop({ alpha: 0.5, momentum: 0.25, centered: true }),
  adagrad({ rateDecay: 0.1, epsilon: 0.5 }),
  lion({ beta1: 0.5, beta2: 0.25, weightDecay: 1 }),
];

/** As a file would give it back. */
const read = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** What a checkpoint’s facts with these settings are found to be. */
const checked = (settings: object) => runFacts('run', read({ ...someCheckpoint(1).facts.run, ...settings }));

describe('a schedule that is made again from its recipe', () => {
  it.each(some.map((schedule) => [JSON.stringify(recipeOf(schedule)), schedule] as const))('%s', (_, schedule) => {
    const again = remakeSchedule(read(recipeOf(schedule)));
    for (let step = 0; step < 60; step++) expect(again(step, 5)).toBe(schedule(step, 5));
    expect(recipeOf(again)).toEqual(recipeOf(schedule));
    expect(checked({ schedule: recipeOf(schedule) })).toBeUndefined();
  });
  it('is every one that there is', () => {
    const kinds = new Set(some.map((schedule) => recipeOf(schedule).kind));
    expect([...kinds].sort()).toEqual(Object.keys(schedules).sort());
  });
  it('is none where it was written by hand, alone or within another', () => {
    for (const own of [() => 1, schedules.warmup({ steps: 2 }, () => 1), schedules.perEpoch(() => 1)]) {
      expect(recipeOf(own)).toEqual({ kind: 'own' });
      expect(() => remakeSchedule(recipeOf(own))).toThrow(/^schedule: a function that was written by hand; .*again/);
    }
  });
});

describe('an optimizer that is made again from its recipe', () => {
  it.each(optimizers.map((optimizer) => [JSON.stringify(recipeOf(optimizer)), optimizer] as const))(
    '%s',
    (_, optimizer) => {
      const again = remakeOptimizer(read(recipeOf(optimizer)));
      expect([again.name, again.rate, again.weightDecay]).toEqual([
        optimizer.name,
        optimizer.rate,
        optimizer.weightDecay,
      ]);
      for (const step of [1, 2, 100]) expect(again.row(step, 0.3)).toEqual(optimizer.row(step, 0.3));
      expect(recipeOf(again)).toEqual(recipeOf(optimizer));
      expect(checked({ optimizer: recipeOf(optimizer) })).toBeUndefined();
    },
  );
  it('is none where it is a changed copy', () => {
    const own: Optimizer = { ...adam(), row: () => [0, 0, 0, 0] };
    expect(() => remakeOptimizer(recipeOf(own))).toThrow(/^optimizer: an optimizer that is no part of weft; .*again/);
  });
});
