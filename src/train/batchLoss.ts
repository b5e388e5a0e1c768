// A batch's loss in a training step: the mean of its images' losses, over those that there are.

import { EngineError } from '../core/errors.js';
import { textOf } from '../core/shape.js';
import type { Tensor } from '../graph/graph.js';
import { add, mul } from '../ops/arithmetic.js';
import { liveMean, softmaxCrossEntropy } from '../ops/batch.js';
import { div, neg, shift } from '../ops/elementwise.js';
import { mixedCrossEntropy, type MixedLabels } from '../ops/mixedLoss.js';
import type { Loss } from './losses.js';

/** A loss of each row, and what each counts for where that is not alike. */
export interface LossRows {
  readonly rows: Tensor;
  readonly counts?: Tensor;
}

/**
 * What a loss says of each row.
 * @throws EngineError 'shape' or 'dtype' unless it is f32 [N]
 */
export function lossRows(loss: Loss, output: Tensor, labels: Tensor): LossRows {
  const said = loss(output, labels);
  const found: LossRows = 'rows' in said ? said : { rows: said };
  for (const [name, tensor] of Object.entries(found) as [string, Tensor][]) {
    if (tensor.dtype === 'f32' && tensor.shape.length === 1 && tensor.shape[0] === labels.shape[0]) continue;
    throw new EngineError(tensor.dtype === 'f32' ? 'shape' : 'dtype', {
      place: 'loss',
      given: `${name} ${tensor.dtype} ${textOf(tensor.shape)}`,
      wanted: `f32 ${textOf(labels.shape)}: one for each image`,
      wayOut: 'Leave the mean to the trainer: a batch may have fewer images than rows.',
    });
  }
  return found;
}

/**
 * The loss of a batch, [].
 * @param loss the cross-entropy if undefined, in kernels of its own
 * @param live u32 [1]: so many rows are images
 * @param others a second label of each row, where images are mixed: the loss is then that of both, by their parts
 */
export function batchLoss(
  loss: Loss | undefined,
  output: Tensor,
  labels: Tensor,
  live: Tensor,
  others?: MixedLabels,
): Tensor {
  if (loss === undefined) {
    return others ? mixedCrossEntropy(output, labels, others, live) : softmaxCrossEntropy(output, labels, live);
  }
  const own = lossRows(loss, output, labels);
  const { rows, counts } = others ? mixed(own, lossRows(loss, output, others.labels), others.own) : own;
  return counts === undefined ? liveMean(rows, live) : div(liveMean(rows, live), liveMean(counts, live));
}

function mixed(a: LossRows, b: LossRows, own: Tensor): LossRows {
  const mix = (x: Tensor, y: Tensor): Tensor => add(mul(own, x), mul(shift(neg(own), 1), y));
  return { rows: mix(a.rows, b.rows), ...(a.counts && b.counts && { counts: mix(a.counts, b.counts) }) };
}
