import { EngineError } from '../core/errors.js';
import { broadcastShape, sameShape, sizeOf, textOf, type Shape } from '../core/shape.js';
import type { Tensor } from '../graph/graph.js';
import { defineOp, sumOver, type Op } from '../graph/op.js';
import { mustBe } from './operands.js';
import { reshape } from './reshape.js';
import { scale } from './scale.js';

/** The node behind `sum`: the axes, in rising order, stay with size 1. */
export const sumOp: Op<{ axes: readonly number[] }> = defineOp('sum', {
  arity: 1,
  infer: ([x], { axes }) => {
    mustBe('sum', 'x', x, 'f32');
    return [{ shape: x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size)), dtype: 'f32' }];
  },
  at: ([x], index, { axes }) => sumAlong(x, [...index], axes),
  terms: ([x], { axes }) => sizeOf(axes.map((axis) => x.shape[axis] ?? 1)),
  gradient: (dy, [x]) => [() => broadcastTo(dy, x.shape)],
});

function sumAlong(
  x: { readonly shape: Shape; at(...index: number[]): number },
  index: number[],
  axes: readonly number[],
): number {
  const [axis, ...rest] = axes;
  if (axis === undefined) return x.at(...index);
  return sumOver(x.shape[axis] ?? 1, (i) => {
    index[axis] = i;
    return sumAlong(x, index, rest);
  });
}

export interface ReduceOptions {
  /** Reduced axes stay, with size 1; false by default. */
  readonly keepDims?: boolean;
}

/**
 * The sum over some axes, or over all: [] if none is named and `keepDims` is not set.
 * @param axes from 0; each at most once
 * @throws EngineError 'shape' for an axis that x does not have
 */
export function sum(
  x: Tensor,
  axes: readonly number[] = x.shape.map((_, axis) => axis),
  options: ReduceOptions = {},
): Tensor {
  return reduce(sumOp, x, axes, options);
}

/**
 * x reduced over some axes by an op that keeps them with size 1.
 * @throws EngineError 'shape' for an axis that x does not have
 */
export function reduce(
  op: Op<{ axes: readonly number[] }>,
  x: Tensor,
  axes: readonly number[],
  options: ReduceOptions,
): Tensor {
  const sorted = [...new Set(axes)].sort((a, b) => a - b);
  if (
    sorted.length !== axes.length ||
    sorted.some((axis) => !Number.isInteger(axis) || axis < 0 || axis >= x.shape.length)
  ) {
    throw new EngineError('shape', {
      place: op.name,
      given: `axes ${textOf(axes)} of ${textOf(x.shape)}`,
      wanted: `different axes from 0 to ${x.shape.length - 1}`,
    });
  }
  const kept = op.one([x], { axes: sorted });
  if (options.keepDims === true) return kept;
  return reshape(
    kept,
    x.shape.filter((_, axis) => !sorted.includes(axis)),
  );
}

/** An index of a broadcast result as an index of an operand. */
export const operandIndex = (shape: Shape, index: readonly number[]): number[] =>
  shape.map((size, axis) => (size === 1 ? 0 : (index[axis + index.length - shape.length] ?? 0)));

/** The node behind `broadcastTo`. */
export const broadcastOp: Op<{ shape: Shape }> = defineOp('broadcast', {
  arity: 1,
  infer: ([x], { shape }) => {
    mustBe('broadcastTo', 'x', x, 'f32');
    if (!sameShape(broadcastShape('broadcastTo', x.shape, shape), shape)) {
      throw new EngineError('shape', {
        place: 'broadcastTo',
        given: `${textOf(x.shape)} to ${textOf(shape)}`,
        wanted: 'a shape that x can be repeated to',
      });
    }
    return [{ shape, dtype: 'f32' }];
  },
  at: ([x], index, { shape }) => x.at(...operandIndex(x.shape, index.slice(0, shape.length))),
  terms: () => 0,
  gradient: (dy, [x]) => [() => sumTo(dy, x.shape)],
});

/** x repeated along axes where it has size 1 or none, by NumPy's rule. Throws EngineError 'shape' where it cannot be. */
export const broadcastTo = (x: Tensor, shape: Shape): Tensor =>
  sameShape(x.shape, shape) ? x : broadcastOp.one([x], { shape });

/** Sums a broadcast result back to an operand's shape: the adjoint of repeating it. */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  const lead = x.shape.length - shape.length;
  const axes = x.shape
    .map((_, axis) => axis)
    .filter((axis) => axis < lead || (shape[axis - lead] === 1 && x.shape[axis] !== 1));
  return reshape(sumOp.one([x], { axes }), shape);
}

/** The mean over some axes, or over all; like `sum` otherwise. */
export function mean(
  x: Tensor,
  axes: readonly number[] = x.shape.map((_, axis) => axis),
  options: ReduceOptions = {},
): Tensor {
  const total = sum(x, axes, options);
  return scale(total, sizeOf(total.shape) / sizeOf(x.shape));
}
