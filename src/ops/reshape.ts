import { EngineError } from '../core/errors.js';
import { sizeOf, textOf, type Shape } from '../core/shape.js';
import type { Tensor } from '../graph/graph.js';
import { defineOp, type Op } from '../graph/op.js';
import { positionOf } from '../graph/evaluate.js';

/** The node behind `reshape`: an alias, so it costs nothing. */
export const reshapeOp: Op<{ shape: Shape }> = defineOp('reshape', {
  arity: 1,
  infer: ([x], { shape }) => {
    if (sizeOf(shape) !== sizeOf(x.shape)) {
      throw new EngineError('shape', {
        place: 'reshape',
        given: `${textOf(x.shape)} to ${textOf(shape)}`,
        wanted: `a shape of ${sizeOf(x.shape)} elements`,
      });
    }
    return [{ shape, dtype: x.dtype }];
  },
  at: ([x], index, { shape }) => x.flat(positionOf(shape, index)),
  terms: () => 0,
  gradient: (dy, [x]) => [() => reshape(dy, x.shape)],
  form: 'alias',
});

/** The same elements in row-major order under another shape. Throws EngineError 'shape' unless the sizes agree. */
export const reshape = (x: Tensor, shape: Shape): Tensor => reshapeOp.one([x], { shape });

/** [N, …] → [N, the product of the rest]. */
export const flatten = (x: Tensor): Tensor => reshape(x, [x.shape[0] ?? 1, sizeOf(x.shape.slice(1))]);
