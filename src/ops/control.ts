import type { Tensor } from '../graph/graph.js';
import { EngineError } from '../core/errors.js';
import { defineOp, type Op } from '../graph/op.js';
import { mustBe, mustBeWord, mustMatch } from './operands.js';

/** The guard's word while all is well. */
export const ALL_FINITE = 0xffff_ffff;

/** The node behind `firstNonFinite`; its kernel writes over the previous word. */
export const firstNonFiniteOp: Op<{ starts: readonly number[] }> = defineOp('firstNonFinite', {
  arity: 3,
  infer: ([previous, loss, slopes], { starts }) => {
    mustBeWord('firstNonFinite', 'previous', previous);
    mustMatch('firstNonFinite', 'loss', loss, []);
    mustBe('firstNonFinite', 'slopes', slopes, 'f32', ['P']);
    mustRise(starts);
    return [{ shape: [1], dtype: 'u32' }];
  },
  at: ([previous, loss, slopes], _, { starts }) => {
    if (!isFinite32(loss.flat(0))) return 0;
    const first = starts.findIndex((start, k) => {
      const end = starts[k + 1] ?? slopes.shape[0] ?? 0;
      for (let i = start; i < end; i++) if (!isFinite32(slopes.at(i))) return true;
      return false;
    });
    return Math.min(previous.flat(0), first < 0 ? ALL_FINITE : first + 1);
  },
  terms: () => 0,
  inPlace: [[0, 0]],
});

/** Throws unless there are segments, the first from 0, each before the next. */
function mustRise(starts: readonly number[]): void {
  if (starts[0] === 0 && starts.every((start, k) => Number.isInteger(start) && start > (starts[k - 1] ?? -1))) return;
  throw new EngineError('usage', {
    place: 'firstNonFinite',
    given: `starts ${starts.join(', ')}`,
    wanted: 'whole numbers that rise from 0',
  });
}

/** Whether a number is finite once it is an f32. */
const isFinite32 = (value: number): boolean => Number.isFinite(Math.fround(value));

/**
 * The guard's next word, the smallest of: the previous one; 0 if the loss is not finite; 1 + k for the first segment k
 * of the gradients that holds a number that is not; ALL_FINITE.
 * @param previous u32 [1]
 * @param loss f32 []
 * @param slopes gradients f32 [P], segment k from starts[k] to starts[k + 1] or the end
 */
export const firstNonFinite = (previous: Tensor, loss: Tensor, slopes: Tensor, starts: readonly number[]): Tensor =>
  firstNonFiniteOp.one([previous, loss, slopes], { starts });

/** The node behind `advance`; its kernel writes over the step. */
export const advanceOp: Op<object> = defineOp('advance', {
  arity: 2,
  infer: ([step, guard]) => {
    mustBeWord('advance', 'step', step);
    mustBeWord('advance', 'guard', guard);
    return [{ shape: [1], dtype: 'u32' }];
  },
  at: ([step, guard]) => (guard.flat(0) === ALL_FINITE ? step.flat(0) + 1 : step.flat(0)),
  terms: () => 0,
  inPlace: [[0, 0]],
});

/** The step counter after this step; it stands still once the guard is set. step and guard u32 [1]. */
export const advance = (step: Tensor, guard: Tensor): Tensor => advanceOp.one([step, guard], {});

/** The node behind `recordStep`; its kernel writes over the ring. */
export const recordStepOp: Op<object> = defineOp('recordStep', {
  arity: 5,
  infer: ([ring, step, loss, correct, live]) => {
    mustBe('recordStep', 'ring', ring, 'f32', ['rows', 3]);
    mustMatch('recordStep', 'loss', loss, []);
    mustBeWord('recordStep', 'step', step);
    mustBeWord('recordStep', 'correct', correct);
    mustBeWord('recordStep', 'live', live);
    return [{ shape: ring.shape, dtype: 'f32' }];
  },
  at: ([ring, step, loss, correct, live], [row, column]) => {
    if (row !== step.flat(0) % (ring.shape[0] ?? 1)) return ring.at(row, column);
    return [loss.flat(0), correct.flat(0), live.flat(0)][column] ?? 0;
  },
  terms: () => 0,
  inPlace: [[0, 0]],
});

/** The ring with row `step mod rows` = (loss, correct, live); ring f32 [rows, 3], loss [], the others u32 [1]. */
export const recordStep = (ring: Tensor, step: Tensor, loss: Tensor, correct: Tensor, live: Tensor): Tensor =>
  recordStepOp.one([ring, step, loss, correct, live], {});
