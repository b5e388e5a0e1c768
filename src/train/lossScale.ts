// Dynamic loss scaling in a training step: its settings, its states, and what they begin with.

import { EngineError } from '../core/errors.js';
import type { StateData } from '../engine/store.js';
import type { Graph, Tensor } from '../graph/graph.js';
import type { ScaleFacts } from '../io/runFacts.js';
import { adjustScale, LARGEST_SCALE, LEAST_SCALE, rowOfUpdate, type ScaleAttrs } from '../ops/lossScale.js';
import { mustBeWholeSetting } from './settings.js';

/** As torch.amp.GradScaler; its defaults too. */
export interface LossScaleOptions {
  /** The first scale; 65,536 by default, from 1 to 2¹²⁶. */
  readonly init?: number;
  /** What the scale is multiplied with after `interval` good steps in a row; 2 by default, at least 1. */
  readonly growth?: number;
  /** What it is multiplied with after a step whose gradients overflowed; 0.5 by default, between 0 and 1. */
  readonly backoff?: number;
  /** 2,000 by default. */
  readonly interval?: number;
}

/** What a loss scale has come to. */
export interface LossScale {
  readonly scale: number;
  /** Steps since it changed. */
  readonly goodSteps: number;
  /** Steps of the run whose update was skipped, because a gradient overflowed. */
  readonly skipped: number;
}

/** Names of the states in the Store. */
export const SCALE_STATES = { scale: 'lossScale', good: 'lossScale.good', skipped: 'lossScale.skipped' } as const;
/** The rows of updates, by which the rows of rates are multiplied. */
export const BASES = 'rates.bases';

/** With its defaults. @throws EngineError 'usage' for settings out of range */
export function scaleSettings(options: LossScaleOptions): ScaleFacts {
  const { init = 65_536, growth = 2, backoff = 0.5, interval = 2000 } = options;
  mustBeWholeSetting('lossScale.interval', interval, 1, 2 ** 31);
  const must = (right: boolean, name: string, value: number, wanted: string): void => {
    if (!right) throw new EngineError('usage', { place: 'lossScale', given: `${name} ${value}`, wanted });
  };
  must(init >= LEAST_SCALE && init <= LARGEST_SCALE, 'init', init, 'a number from 1 to 2¹²⁶');
  must(growth >= 1 && Math.fround(growth) < Infinity, 'growth', growth, 'a number of at least 1');
  must(backoff > 0 && backoff < 1, 'backoff', backoff, 'a number between 0 and 1');
  return { init, growth, backoff, interval };
}

/** What the states of a loss scale begin with. */
export const firstScale = ({ init }: ScaleFacts): Readonly<Record<string, StateData>> => ({
  [SCALE_STATES.scale]: Float32Array.of(init),
});

/** What a self-test begins with: a scale at which no gradient of a sound net overflows, so that it meets numbers. */
export const testScale = ({ init }: ScaleFacts): readonly (readonly [string, StateData])[] => [
  [SCALE_STATES.scale, Float32Array.of(Math.min(init, 1024))],
];

/** A loss scale within a step. */
export interface Scaler {
  /** The gradient of the loss itself. */
  readonly scale: Tensor;
  /** [1, 4] and []: what the update reads. */
  readonly row: Tensor;
  readonly unscale: Tensor;
  /** Assigns the scale after a step; returns the guard after it. */
  adjust(guard: Tensor, word: Tensor): Tensor;
}

/** Declares the states of a loss scale, and what an update reads of them. */
export function scalerOf(graph: Graph, rates: Tensor, step: Tensor, attrs: ScaleAttrs): Scaler {
  const scale = graph.state(SCALE_STATES.scale, []);
  const good = graph.state(SCALE_STATES.good, [1], { dtype: 'u32' });
  const skipped = graph.state(SCALE_STATES.skipped, [1], { dtype: 'u32' });
  const bases = graph.state(BASES, rates.shape);
  return {
    scale,
    ...rowOfUpdate(rates, bases, step, skipped, scale),
    adjust: (guard, word) => {
      const after = adjustScale({ scale, good, skipped, guard }, word, attrs);
      graph.assign(scale, after.scale);
      graph.assign(good, after.good);
      graph.assign(skipped, after.skipped);
      return after.guard;
    },
  };
}
