import { EngineError } from '../core/errors.js';
import { sizeOf, textOf } from '../core/shape.js';
import type { Tensor } from '../graph/graph.js';
import { sqrt, square, sub } from './elementwise.js';
import { mean, sum, type ReduceOptions } from './reduce.js';
import { scale } from './scale.js';

export interface VarianceOptions extends ReduceOptions {
  /** Divides by one less than there are elements, which estimates without bias (Bessel); true by default, as in PyTorch. */
  readonly unbiased?: boolean;
}

/**
 * The mean square of what elements differ from their mean, over some axes or over all (torch.var): in two passes, so that
 * nothing cancels.
 * @throws EngineError 'shape' for an axis that x does not have, and where one element is to be unbiased
 */
export function variance(
  x: Tensor,
  axes: readonly number[] = x.shape.map((_, axis) => axis),
  { unbiased = true, ...options }: VarianceOptions = {},
): Tensor {
  const squares = square(sub(x, mean(x, axes, { keepDims: true })));
  const count = sizeOf(axes.map((axis) => x.shape[axis] ?? 1));
  if (unbiased && count < 2) {
    throw new EngineError('shape', {
      place: 'variance',
      given: `${textOf(x.shape)} over ${textOf(axes)}, one element each`,
      wanted: 'two or more',
      wayOut: 'Set unbiased to false.',
    });
  }
  return scale(sum(squares, axes, options), 1 / (unbiased ? count - 1 : count));
}

/** The root of `variance` (torch.std). Its gradient is not finite where the variance is 0. */
export const std = (x: Tensor, axes?: readonly number[], options: VarianceOptions = {}): Tensor =>
  sqrt(variance(x, axes, options));
