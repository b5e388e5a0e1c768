// What training makes smaller: losses of a batch's outputs and labels, as `TrainerOptions.loss` takes them.

import { EngineError } from '../core/errors.js';
import { made } from '../core/recipe.js';
import type { Tensor } from '../graph/graph.js';
import { constant } from '../ops/constant.js';
import { crossEntropy as crossEntropyOp, nll as nllOp } from '../ops/losses.js';
import { isCounted, pick } from '../ops/pick.js';
import { reshape } from '../ops/reshape.js';
import { crossEntropyRows } from '../ops/softmax.js';

/** A loss of each image, and what each counts for in the mean. */
export interface WeightedRows {
  /** f32 [N], times what they count for. */
  readonly rows: Tensor;
  /** f32 [N]; the batch's loss is the sum of the rows over the sum of these. */
  readonly counts: Tensor;
}

/**
 * A loss of each image of a batch, in ops. The trainer takes the mean over the images that there are: an epoch's last batch
 * may have fewer than N.
 *
 * @param output f32 [N, classes], what the net gives
 * @param labels u32 [N]
 * @returns f32 [N], each image counting alike; or what each counts for besides
 */
export type Loss = (output: Tensor, labels: Tensor) => Tensor | WeightedRows;

export interface NllLossOptions {
  /**
   * A weight of each class, finite and at least 0; 1 by default. A batch's loss is then the mean by the weights of its
   * labels.
   */
  readonly classWeights?: readonly number[];
  /**
   * Images of this label have no part in the loss, nor in its mean; a batch of none but such ends the run as diverged. It
   * may be a label that the net has no class for: such images count for no accuracy of an evaluation, and as wrong answers
   * in that of training.
   */
  readonly ignoreIndex?: number;
}

export interface CrossEntropyLossOptions extends NllLossOptions {
  /** The part of a label's probability that is spread evenly over all classes, from 0 to 1; 0 by default. */
  readonly labelSmoothing?: number;
}

/**
 * The cross-entropy of logits, which is the default: torch.nn.CrossEntropyLoss.
 * @throws EngineError 'usage' for settings out of range
 */
export function crossEntropy(options: CrossEntropyLossOptions = {}): Loss {
  const { labelSmoothing = 0, ...others } = options;
  if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
    throw refused('crossEntropy', `labelSmoothing ${labelSmoothing}`, 'a number from 0 to 1');
  }
  const noted = mustBeNll('crossEntropy', others);
  const isPlain = labelSmoothing === 0 && Object.keys(noted).length === 0;
  return made({ kind: 'crossEntropy', labelSmoothing, ...noted }, (output, labels) =>
    isPlain
      ? crossEntropyRows(output, labels)
      : weighted(output, labels, noted, (settings) =>
          crossEntropyOp(output, labels, { ...settings, labelSmoothing, reduction: 'none' }),
        ),
  );
}

/**
 * The negative log likelihood, for nets that end in log probabilities: torch.nn.NLLLoss.
 * @throws EngineError 'usage' for settings out of range
 */
export function nll(options: NllLossOptions = {}): Loss {
  const noted = mustBeNll('nll', options);
  return made({ kind: 'nll', ...noted }, (output, labels) =>
    weighted(output, labels, noted, (settings) => nllOp(output, labels, { ...settings, reduction: 'none' })),
  );
}

const refused = (place: string, given: string, wanted: string): EngineError =>
  new EngineError('usage', { place, given, wanted });

/** The settings that are given, as plain data. */
function mustBeNll(place: string, { classWeights, ignoreIndex }: NllLossOptions) {
  const stray = classWeights?.find((weight) => !(weight >= 0 && Number.isFinite(Math.fround(weight))));
  if (stray !== undefined) throw refused(place, `a class weight of ${stray}`, 'finite numbers of at least 0');
  if (ignoreIndex !== undefined && !(Number.isInteger(ignoreIndex) && ignoreIndex >= 0 && ignoreIndex < 256)) {
    throw refused(place, `ignoreIndex ${ignoreIndex}`, 'a label: a whole number from 0 to 255');
  }
  return {
    ...(classWeights && { classWeights: [...classWeights] }),
    ...(ignoreIndex !== undefined && { ignoreIndex }),
  };
}

/** Rows with what each label counts for: the weight of its class, 0 if it is ignored. */
function weighted(
  output: Tensor,
  labels: Tensor,
  { classWeights, ignoreIndex }: NllLossOptions,
  rowsOf: (settings: { readonly weight?: Tensor; readonly ignoreIndex?: number }) => Tensor,
): Tensor | WeightedRows {
  const weight = classWeights && constant(output, classWeights);
  const rows = rowsOf({ ...(weight && { weight }), ...(ignoreIndex !== undefined && { ignoreIndex }) });
  if (weight !== undefined) {
    const [N = 1] = labels.shape;
    const counts = pick(reshape(weight, [1, ...weight.shape, 1]), reshape(labels, [N, 1]), ignoreIndex);
    return { rows, counts: reshape(counts, [N]) };
  }
  return ignoreIndex === undefined ? rows : { rows, counts: isCounted(labels, ignoreIndex) };
}
