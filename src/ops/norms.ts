import { EngineError } from '../core/errors.js';
import { sizeOf, textOf } from '../core/shape.js';
import type { Tensor } from '../graph/graph.js';
import type { Groups } from './groups.js';
import { momentsOp, runningStatistics } from './moments.js';
import { normaliseOp, type NormaliseAttrs, type NormPart } from './normalise.js';
import { mustBeFinite, mustMatch } from './operands.js';
import { reshape } from './reshape.js';

/** What a norm may do after normalising: y·weight + bias. A bias comes with a weight. */
export interface Affine {
  readonly weight?: Tensor | undefined;
  readonly bias?: Tensor | undefined;
  /** Added to the variance before its root is taken; 1e-5 by default. */
  readonly epsilon?: number;
}

/** PyTorch's default, of all norms but rmsNorm too. */
const EPSILON = 1e-5;

/** Statistics of a batch, as `trackStatistics` takes them: means and inverse deviations [2, C], biased variances [C]. */
export type BatchStatistics = readonly [statistics: Tensor, variance: Tensor];

/** The channels of x [N, C, …]. */
function channelsOf(place: string, x: Tensor): Groups {
  if (x.shape.length < 2) {
    throw new EngineError('shape', { place, given: `x ${textOf(x.shape)}`, wanted: 'x [N, C] or [N, C, …]' });
  }
  return { count: x.shape[1] ?? 1, run: sizeOf(x.shape.slice(2)) };
}

function epsilonOf(place: string, epsilon = EPSILON): number {
  mustBeFinite(place, 'epsilon', epsilon);
  if (epsilon > 0) return epsilon;
  throw new EngineError('usage', { place, given: `epsilon ${epsilon}`, wanted: 'a number above 0' });
}

/** Applies statistics, and then weight and bias. */
function applied(
  place: string,
  x: Tensor,
  statistics: Tensor,
  { weight, bias }: Affine,
  attrs: Pick<NormaliseAttrs, 'groups' | 'channels' | 'own'>,
  live?: Tensor,
): Tensor {
  if (bias !== undefined && weight === undefined) {
    throw new EngineError('usage', { place, given: 'a bias alone', wanted: 'a weight and a bias, or neither' });
  }
  const { count } = attrs.channels;
  if (weight !== undefined) mustMatch(place, 'weight', weight, [count]);
  if (bias !== undefined) mustMatch(place, 'bias', bias, [count]);
  const given = Object.entries({ weight, bias, live }).filter((entry): entry is [NormPart, Tensor] => !!entry[1]);
  return normaliseOp.one([x, statistics, ...given.map(([, tensor]) => tensor)], {
    ...attrs,
    parts: given.map(([name]) => name),
  });
}

/**
 * Batch normalisation in training: each channel by the mean and the biased variance of its own elements in this batch.
 *
 *   y[n,c,…] = (x[n,c,…] − mean[c])/√(variance[c] + ε)·weight[c] + bias[c]
 *
 * @param x f32 [N, C] or [N, C, …]
 * @param options weight and bias [C]; live u32 [1]: only the first so many rows count, in the statistics and in the gradient
 * @returns y, and the statistics for `trackStatistics`
 * @throws EngineError 'shape' or 'usage' where operands do not fit
 * As torch.nn.functional.batch_norm with training=True, but for its running statistics. Source: Ioffe & Szegedy 2015,
 * arXiv 1502.03167.
 */
export function batchNorm(
  x: Tensor,
  options: Affine & { readonly live?: Tensor | undefined } = {},
): { readonly y: Tensor; readonly batch: BatchStatistics } {
  const groups = channelsOf('batchNorm', x);
  const epsilon = epsilonOf('batchNorm', options.epsilon);
  const { live } = options;
  const batch = momentsOp.apply([x, ...(live === undefined ? [] : [live])], { groups, epsilon, centred: true });
  const [statistics] = batch as BatchStatistics;
  const y = applied('batchNorm', x, statistics, options, { groups, channels: groups, own: 'centred' }, live);
  return { y, batch: batch as BatchStatistics };
}

/**
 * Batch normalisation in evaluation: each channel by its running mean and variance, which are constants.
 * @param x f32 [N, C] or [N, C, …]
 * @param mean and variance [C]
 * As torch.nn.functional.batch_norm with training=False.
 */
export function batchNormBy(x: Tensor, mean: Tensor, variance: Tensor, options: Affine = {}): Tensor {
  const groups = channelsOf('batchNorm', x);
  mustMatch('batchNorm', 'running mean', mean, [groups.count]);
  const statistics = runningStatistics(mean, variance, epsilonOf('batchNorm', options.epsilon));
  return applied('batchNorm', x, statistics, options, { groups, channels: groups, own: 'none' });
}

/** Normalises runs of elements by their own statistics. */
function normOfRuns(
  place: string,
  x: Tensor,
  run: number,
  channels: Groups,
  options: Affine,
  own: 'centred' | 'uncentred' = 'centred',
): Tensor {
  const groups = { count: sizeOf(x.shape) / run, run };
  const epsilon = epsilonOf(place, options.epsilon);
  const [statistics] = momentsOp.apply([x], { groups, epsilon, centred: own === 'centred' }) as BatchStatistics;
  return applied(place, x, statistics, options, { groups, channels, own });
}

/** How many elements the last axes hold; throws unless there are so many axes. */
function lastAxes(place: string, x: Tensor, axes: number): number {
  if (Number.isInteger(axes) && axes >= 1 && axes <= x.shape.length) return sizeOf(x.shape.slice(-axes));
  throw new EngineError('shape', {
    place,
    given: `${axes} axes of ${textOf(x.shape)}`,
    wanted: `from 1 to ${x.shape.length} of the last axes`,
  });
}

/** Weight and bias of several axes, as one. */
const flat = ({ weight, bias, epsilon }: Affine): Affine => ({
  weight: weight && reshape(weight, [sizeOf(weight.shape)]),
  bias: bias && reshape(bias, [sizeOf(bias.shape)]),
  ...(epsilon === undefined ? {} : { epsilon }),
});

/**
 * Layer normalisation: the elements of the last axes by their own mean and biased variance, each with its own weight.
 *
 *   y[…, d] = (x[…, d] − mean[…])/√(variance[…] + ε)·weight[d] + bias[d]
 *
 * @param x f32 of any shape
 * @param axes how many of the last axes are normalised together; 1 by default
 * @param options weight and bias of the shape of those axes
 * @throws EngineError 'shape' or 'usage' where operands do not fit
 * As torch.nn.functional.layer_norm. Source: Ba et al. 2016, arXiv 1607.06450.
 */
export function layerNorm(x: Tensor, axes = 1, options: Affine = {}): Tensor {
  const run = lastAxes('layerNorm', x, axes);
  return normOfRuns('layerNorm', x, run, { count: run, run: 1 }, flat(options));
}

/**
 * Root mean square normalisation: y[…, d] = x[…, d]/√(mean of x² + ε)·weight[d] over the last axes.
 * @param options weight of the shape of those axes; ε is 1e-5 by default (torch.nn.RMSNorm takes f32's 1.19e-7)
 * Source: Zhang & Sennrich 2019, arXiv 1910.07467.
 */
export function rmsNorm(x: Tensor, axes = 1, options: Affine = {}): Tensor {
  const run = lastAxes('rmsNorm', x, axes);
  return normOfRuns('rmsNorm', x, run, { count: run, run: 1 }, flat(options), 'uncentred');
}

/**
 * Group normalisation: the channels of an image in groups, each group by its own mean and biased variance.
 * @param x f32 [N, C] or [N, C, …]
 * @param groups a divisor of C; C itself normalises each channel alone (instance normalisation)
 * @param options weight and bias [C]
 * @throws EngineError 'shape' or 'usage' where operands do not fit
 * As torch.nn.functional.group_norm. Source: Wu & He 2018, arXiv 1803.08494.
 */
export function groupNorm(x: Tensor, groups: number, options: Affine = {}): Tensor {
  const channels = channelsOf('groupNorm', x);
  if (!Number.isInteger(groups) || groups < 1 || channels.count % groups !== 0) {
    throw new EngineError('shape', {
      place: 'groupNorm',
      given: `${groups} groups of ${channels.count} channels`,
      wanted: 'groups of one size',
    });
  }
  return normOfRuns('groupNorm', x, (channels.count / groups) * channels.run, channels, options);
}
