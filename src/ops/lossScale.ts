// Dynamic loss scaling: gradients are those of scale · loss, so that small ones do not vanish where they are stored in
// f16; the update divides by the scale, and a step whose gradients overflow is skipped.

import { EngineError } from '../core/errors.js';
import { mustBeWhole } from '../core/shape.js';
import type { Tensor } from '../graph/graph.js';
import { defineOp, gamma, type Op } from '../graph/op.js';
import { ALL_FINITE } from './control.js';
import { mustBe, mustBeWord, mustMatch } from './operands.js';
import { NOT_YET } from './turns.js';

export interface ScaleAttrs {
  /** What the scale is multiplied with after so many good steps in a row; at least 1. */
  readonly growth: number;
  /** What it is multiplied with after an overflow; between 0 and 1. */
  readonly backoff: number;
  /** Good steps in a row from one growth to the next. */
  readonly interval: number;
}

/** The least scale: what overflows without one is no matter of scale. */
export const LEAST_SCALE = 1;

/** The largest scale: beyond it 1/scale may become 0 on a GPU. */
export const LARGEST_SCALE = 2 ** 126;

/** The node behind `adjustScale`; its kernel writes over the first four operands. */
export const adjustScaleOp: Op<ScaleAttrs> = defineOp('adjustScale', {
  arity: 5,
  infer: ([scale, good, skipped, guard, word], attrs) => {
    mustMatch('adjustScale', 'scale', scale, []);
    for (const [name, operand] of Object.entries({ good, skipped, guard, word })) {
      mustBeWord('adjustScale', name, operand);
    }
    mustBeAttrs(attrs);
    return [
      { shape: [], dtype: 'f32' },
      { shape: [1], dtype: 'u32' },
      { shape: [1], dtype: 'u32' },
      { shape: [1], dtype: 'u32' },
    ];
  },
  at: ([scale, good, skipped, guard, word], _, { growth, backoff, interval }, output) => {
    const before = [scale, good, skipped, guard].map((operand) => operand.flat(0));
    const [factor = 1, steps = 0, lost = 0] = before;
    const found = word.flat(0);
    const after = (): readonly number[] => {
      if (guard.flat(0) !== ALL_FINITE || found === NOT_YET) return before;
      if (found !== ALL_FINITE) {
        if (factor <= LEAST_SCALE) return [factor, steps, lost, found];
        return [Math.max(LEAST_SCALE, factor * backoff), 0, lost + 1, ALL_FINITE];
      }
      if (steps + 1 < interval) return [factor, steps + 1, lost, ALL_FINITE];
      const grown = factor * growth;
      return [grown <= LARGEST_SCALE ? grown : factor, 0, lost, ALL_FINITE];
    };
    return after()[output] ?? NaN;
  },
  // One multiplication, by a literal that is itself rounded.
  errorBound: ([scale], _, { growth }, output) => (output === 0 ? gamma(2) * growth * scale.flat(0) : 0),
  inPlace: [
    [0, 0],
    [1, 1],
    [2, 2],
    [3, 3],
  ],
});

function mustBeAttrs({ growth, backoff, interval }: ScaleAttrs): void {
  mustBeWhole('adjustScale', 'interval', interval, 1);
  if (growth >= 1 && Number.isFinite(Math.fround(growth)) && backoff > 0 && backoff < 1) return;
  throw new EngineError('usage', {
    place: 'adjustScale',
    given: `a growth of ${growth} and a backoff of ${backoff}`,
    wanted: 'a growth of at least 1 and a backoff between 0 and 1',
  });
}

/** What a step has made of a loss scale. */
export interface AdjustedScale {
  readonly scale: Tensor;
  readonly good: Tensor;
  readonly skipped: Tensor;
  readonly guard: Tensor;
}

/**
 * The loss scale after a step, as torch.amp.GradScaler has it. The word is what `firstNonFinite` found:
 *
 *   ALL_FINITE        good ← good + 1; at the interval scale ← growth · scale, if that is at most 2¹²⁶, and good ← 0
 *   something, and    the scale is above 1: scale ← max(1, backoff · scale), good ← 0, skipped ← skipped + 1
 *                     the scale is 1: guard ← the word, which stops the run
 *
 * Nothing changes once the guard is set, or where `whenDue` says that the turn goes on.
 *
 * @param operands scale f32 []; good u32 [1], steps without an overflow since the scale changed; skipped u32 [1], steps with
 * one; guard u32 [1]
 * @param word u32 [1]
 */
export function adjustScale(operands: AdjustedScale, word: Tensor, attrs: ScaleAttrs): AdjustedScale {
  const { growth, backoff, interval } = attrs;
  const { scale, good, skipped, guard } = operands;
  const after = adjustScaleOp.apply([scale, good, skipped, guard, word], { growth, backoff, interval });
  return {
    scale: after[0] ?? scale,
    good: after[1] ?? good,
    skipped: after[2] ?? skipped,
    guard: after[3] ?? guard,
  };
}

/** The node behind `rowOfUpdate`. */
export const rowOfUpdateOp: Op<object> = defineOp('rowOfUpdate', {
  arity: 5,
  infer: ([rates, bases, step, skipped, scale]) => {
    mustBe('rowOfUpdate', 'rates', rates, 'f32', ['rows', 4]);
    mustBe('rowOfUpdate', 'bases', bases, 'f32', ['rows', 4]);
    mustBeWord('rowOfUpdate', 'step', step);
    mustBeWord('rowOfUpdate', 'skipped', skipped);
    mustMatch('rowOfUpdate', 'scale', scale, []);
    return [
      { shape: [1, 4], dtype: 'f32' },
      { shape: [], dtype: 'f32' },
    ];
  },
  at: ([rates, bases, step, skipped, scale], [, column], _, output) => {
    if (output === 1) return 1 / scale.flat(0);
    const [now, updates] = [step.flat(0), step.flat(0) - skipped.flat(0)];
    return rates.at(now % (rates.shape[0] ?? 1), column) * bases.at(updates % (bases.shape[0] ?? 1), column);
  },
  // A product rounds once; WGSL states a division to 2.5 ULP.
  errorBound: ([rates, bases, step, skipped, scale], [, column], _, output) => {
    if (output === 1) return gamma(5) / scale.flat(0);
    const [now, updates] = [step.flat(0), step.flat(0) - skipped.flat(0)];
    const product = rates.at(now % (rates.shape[0] ?? 1), column) * bases.at(updates % (bases.shape[0] ?? 1), column);
    return gamma(1) * Math.abs(product);
  },
});

/**
 * What an update reads where steps may be skipped: the step's row of rates times the row of so many updates, and 1/scale.
 * A step has a rate whether it is skipped or not, but corrections such as Adam's count updates alone.
 *
 * @param rates f32 [rows, 4], by steps
 * @param bases f32 [rows, 4], by updates
 * @param step u32 [1], steps so far
 * @param skipped u32 [1], how many of them were skipped
 * @param scale f32 []
 * @returns row f32 [1, 4], unscale f32 []
 */
export function rowOfUpdate(
  rates: Tensor,
  bases: Tensor,
  step: Tensor,
  skipped: Tensor,
  scale: Tensor,
): { readonly row: Tensor; readonly unscale: Tensor } {
  const [row = rates, unscale = scale] = rowOfUpdateOp.apply([rates, bases, step, skipped, scale], {});
  return { row, unscale };
}
