import { EngineError } from '../core/errors.js';
import { sameShape, textOf } from '../core/shape.js';
import type { Tensor } from '../graph/graph.js';
import { defineOp, type Op } from '../graph/op.js';
import { mustBeWords } from './operands.js';
import { reshape } from './reshape.js';

/** The node behind `permute`. */
export const permuteOp: Op<{ axes: readonly number[] }> = defineOp('permute', {
  arity: 1,
  infer: ([x], { axes }) => {
    mustBeWords('permute', 'x', x);
    if (
      !sameShape(
        [...axes].sort((a, b) => a - b),
        [...x.shape.keys()],
      )
    ) {
      throw new EngineError('shape', {
        place: 'permute',
        given: `axes ${textOf(axes)} of ${textOf(x.shape)}`,
        wanted: `every axis from 0 to ${x.shape.length - 1} once`,
      });
    }
    return [{ shape: axes.map((axis) => x.shape[axis] ?? 1), dtype: x.dtype }];
  },
  at: ([x], index, { axes }) => x.at(...inverseOf(axes).map((from) => index[from] ?? 0)),
  terms: () => 0,
  gradient: (dy, _, { axes }) => [() => permute(dy, inverseOf(axes))],
  half: true,
});

/** The order that undoes an order: where each axis went. */
const inverseOf = (axes: readonly number[]): readonly number[] => axes.map((_, axis) => axes.indexOf(axis));

/**
 * The axes in another order: axis i of y is axis axes[i] of x, as torch.permute.
 *
 *   y[i₀, i₁, …] = x[j₀, j₁, …] with j[axes[k]] = i[k]
 *
 * @param x f32 or u32 of any shape
 * @param axes every axis of x once
 * @returns x itself where the order is x's own, and a view without a copy where only axes of size 1 move
 * @throws EngineError 'shape' unless every axis is there once
 */
export function permute(x: Tensor, axes: readonly number[]): Tensor {
  const y = (): Tensor => permuteOp.one([x], { axes });
  if (
    !sameShape(
      [...axes].sort((a, b) => a - b),
      [...x.shape.keys()],
    )
  )
    return y();
  if (axes.every((axis, i) => axis === i)) return x;
  const moving = axes.filter((axis) => x.shape[axis] !== 1);
  const rises = moving.every((axis, i) => i === 0 || axis > (moving[i - 1] ?? 0));
  return rises
    ? reshape(
        x,
        axes.map((axis) => x.shape[axis] ?? 1),
      )
    : y();
}

/**
 * x with two axes exchanged, the last two unless others are named: as torch.transpose.
 * @throws EngineError 'shape' for an axis that x does not have
 */
export function transpose(x: Tensor, first = x.shape.length - 2, second = x.shape.length - 1): Tensor {
  const axes = [...x.shape.keys()];
  [axes[first], axes[second]] = [second, first];
  return permute(x, axes);
}
