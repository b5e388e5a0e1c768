import { EngineError } from '../core/errors.js';
import { isKept, keepsFrom } from '../core/random.js';
import type { Tensor } from '../graph/graph.js';
import { positionOf } from '../graph/evaluate.js';
import { defineOp, type Op } from '../graph/op.js';
import { mustBe, mustBeWord } from './operands.js';

export interface DropoutAttrs {
  /** The chance of each element to be dropped, from 0 to below 1. */
  readonly p: number;
  /** Which run: a word. */
  readonly seed: number;
  /** Which use of random numbers within the run: another for every dropout of a net. */
  readonly stream: number;
}

/** Throws EngineError 'usage' unless a chance leaves something over. */
export function mustBeChance(place: string, p: number): void {
  if (p >= 0 && p < 1 && keepsFrom(p) < 2 ** 24) return;
  throw new EngineError('usage', { place, given: `p ${p}`, wanted: 'a chance from 0 to below 1' });
}

/** The node behind `dropout`. */
export const dropoutOp: Op<DropoutAttrs> = defineOp('dropout', {
  arity: 2,
  infer: ([x, step], { p, seed, stream }) => {
    mustBe('dropout', 'x', x, 'f32');
    mustBeWord('dropout', 'step', step);
    mustBeChance('dropout', p);
    for (const word of [seed, stream]) {
      if (Number.isInteger(word) && word >= 0 && word < 2 ** 32) continue;
      throw new EngineError('usage', {
        place: 'dropout',
        given: `seed ${seed} and stream ${stream}`,
        wanted: 'whole numbers from 0 to 2³² − 1',
      });
    }
    return [{ shape: x.shape, dtype: 'f32' }];
  },
  at: ([x, step], index, { p, seed, stream }) => {
    const element = positionOf(x.shape, index.slice(0, x.shape.length));
    return x.at(...index) * (isKept(p, { seed, stream, step: step.flat(0), element }) ? 1 / (1 - p) : 0);
  },
  // The product, and the factor's own rounding.
  terms: () => 2,
  gradient: (dy, [, step], attrs) => [() => dropoutOp.one([dy, step], attrs), undefined],
  half: true,
});

/**
 * Elements dropped by chance, the others scaled so that the mean stays: y = x·kept/(1 − p), as
 * torch.nn.functional.dropout in training. Which elements are kept is a function of (seed, stream, step, element), so the
 * backward pass computes the same mask again, and nothing is stored. NaN passes, dropped or not.
 *
 * @param x f32 of any shape
 * @param step u32 [1], which step of the run
 * @throws EngineError 'usage' unless 0 ≤ p < 1, and seed and stream are words
 * Source: Srivastava et al. 2014, JMLR 15, with the scaling in training.
 */
export const dropout = (x: Tensor, step: Tensor, attrs: DropoutAttrs): Tensor => dropoutOp.one([x, step], attrs);
