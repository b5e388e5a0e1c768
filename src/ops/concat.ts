import { EngineError } from '../core/errors.js';
import { textOf } from '../core/shape.js';
import type { Spec, Tensor } from '../graph/graph.js';
import { defineOp, type Op } from '../graph/op.js';
import { mustBe, mustBeWords } from './operands.js';
import { slice } from './slice.js';

/** The node behind `concat`. */
export const concatOp: Op<{ axis: number }> = defineOp('concat', {
  infer: (operands, { axis }) => {
    const [first] = operands;
    mustBeWords('concat', 'x0', first);
    if (!Number.isInteger(axis) || axis < 0 || axis >= first.shape.length) {
      throw new EngineError('shape', {
        place: 'concat',
        given: `axis ${axis} of ${textOf(first.shape)}`,
        wanted: `an axis from 0 to ${first.shape.length - 1}`,
      });
    }
    const pattern = first.shape.map((size, i) => (i === axis ? 'any' : size));
    operands.forEach((operand, i) => mustBe('concat', `x${i}`, operand, first.dtype, pattern));
    const length = operands.reduce((sum, { shape }) => sum + (shape[axis] ?? 1), 0);
    return [{ shape: first.shape.map((size, i) => (i === axis ? length : size)), dtype: first.dtype }];
  },
  at: (operands, index, { axis }) => {
    const starts = startsOf(operands, axis);
    const which = starts.findLastIndex((start) => start <= (index[axis] ?? 0));
    const inner = [...index];
    inner[axis] = (index[axis] ?? 0) - (starts[which] ?? 0);
    return operands[which]?.at(...inner) ?? NaN;
  },
  terms: () => 0,
  gradient: (dy, operands, { axis }) => {
    const starts = startsOf(operands, axis);
    return operands.map((operand, i) => () => {
      const start = starts[i] ?? 0;
      const range = { start, end: start + (operand.shape[axis] ?? 1) };
      return slice(
        dy,
        dy.shape.map((_, other) => (other === axis ? range : undefined)),
      );
    });
  },
  half: true,
});

/** Where each operand begins along the axis. */
export function startsOf(operands: readonly Pick<Spec, 'shape'>[], axis: number): readonly number[] {
  let next = 0;
  return operands.map(({ shape }) => {
    const start = next;
    next += shape[axis] ?? 1;
    return start;
  });
}

/**
 * Tensors one after the other along an axis, as torch.cat.
 * @param tensors f32 or u32, all of one type, one or more; sizes agree along all other axes
 * @param axis from 0; the first by default
 * @throws EngineError 'shape' or 'dtype' where they do not fit each other, 'graph' for none
 */
export const concat = (tensors: readonly Tensor[], axis = 0): Tensor => concatOp.one(tensors, { axis });
