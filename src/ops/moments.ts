import type { Tensor, Values } from '../graph/graph.js';
import { defineOp, gamma, type Op } from '../graph/op.js';
import { ALL_FINITE } from './control.js';
import { blocksOf, maybe, sumGroup, type Groups } from './groups.js';
import { mustBe, mustBeWord } from './operands.js';

/** One unit in the last place of f32, relative. */
const ULP = 2 ** -23;
/** Smallest normal number of f32: results below it may be flushed to zero. */
const TINY = 2 ** -126;

export interface MomentsAttrs {
  readonly groups: Groups;
  /** Added to the variance before its root is taken. */
  readonly epsilon: number;
  /** False for the root mean square: the mean is not subtracted, and 0 is said for it. */
  readonly centred: boolean;
}

/** How many blocks of x count: all, or as many as are live. */
const liveBlocks = (groups: Groups, x: Values, live: Values | undefined): number =>
  Math.min(blocksOf(groups, x), live?.flat(0) ?? Infinity);

/** Mean and biased variance of a group, and how far f32 may be from each. */
function statisticsOf(x: Values, live: Values | undefined, group: number, { groups, centred }: MomentsAttrs) {
  const blocks = liveBlocks(groups, x, live);
  const n = blocks * groups.run;
  const mean = centred ? sumGroup(groups, group, blocks, (i) => x.flat(i)) / n : 0;
  const variance = sumGroup(groups, group, blocks, (i) => (x.flat(i) - mean) ** 2) / n;
  const size = centred ? sumGroup(groups, group, blocks, (i) => Math.abs(x.flat(i))) / n : 0;
  // A division is right to 2.5 ULP, which is five roundings.
  const meanError = gamma(n + 5) * size;
  // About a mean that is off by e the squares sum to n·e² more; a square has three roundings, its difference two.
  const varianceError = meanError ** 2 + gamma(n + 10) * (variance + meanError ** 2) + TINY;
  return { mean, variance, meanError, varianceError };
}

/**
 * The node behind the statistics of every norm: outputs `statistics` [2, count], a row of means and one of
 * 1/√(variance + ε), and the biased `variance` [count], by two passes. Operands x of any shape, and perhaps live u32 [1]:
 * then only so many blocks count.
 */
export const momentsOp: Op<MomentsAttrs> = defineOp('moments', {
  infer: (operands, { groups }) => {
    const [x] = operands;
    const live = maybe(operands, 1);
    mustBe('moments', 'x', x, 'f32');
    if (live !== undefined) mustBeWord('moments', 'live', live);
    return [
      { shape: [2, groups.count], dtype: 'f32' },
      { shape: [groups.count], dtype: 'f32' },
    ];
  },
  at: (operands, [row, column], attrs, output) => {
    const group = output === 1 ? row : column;
    const { mean, variance } = statisticsOf(operands[0], maybe(operands, 1), group, attrs);
    if (output === 1) return variance;
    return row === 0 ? mean : 1 / Math.sqrt(variance + attrs.epsilon);
  },
  errorBound: (operands, [row, column], attrs, output) => {
    const group = output === 1 ? row : column;
    const found = statisticsOf(operands[0], maybe(operands, 1), group, attrs);
    if (output === 1) return found.varianceError;
    if (row === 0) return found.meanError;
    return inverseRootError(found.variance + attrs.epsilon, found.varianceError);
  },
});

/** The error of 1/√v where v is off by e: (1 − e/v)^−½ − 1 ≤ (e/v)/2/(1 − e/v); 2 ULP of inverseSqrt, two roundings of v. */
function inverseRootError(v: number, e: number): number {
  const part = e / v + 2 * ULP;
  return (part / 2 / (1 - part) + 3 * ULP) / Math.sqrt(v);
}

/** The node behind `runningStatistics`. */
export const runningStatisticsOp: Op<{ epsilon: number }> = defineOp('runningStatistics', {
  arity: 2,
  infer: ([mean, variance]) => {
    mustBe('runningStatistics', 'mean', mean, 'f32', ['C']);
    mustBe('runningStatistics', 'variance', variance, 'f32', mean.shape);
    return [{ shape: [2, mean.shape[0] ?? 1], dtype: 'f32' }];
  },
  at: ([mean, variance], [row, c], { epsilon }) => (row === 0 ? mean.at(c) : 1 / Math.sqrt(variance.at(c) + epsilon)),
  errorBound: ([, variance], [row, c], { epsilon }) => (row === 0 ? 0 : inverseRootError(variance.at(c) + epsilon, 0)),
});

/** The statistics that evaluation normalises by: rows mean and 1/√(variance + ε); mean and variance [C] → [2, C]. */
export const runningStatistics = (mean: Tensor, variance: Tensor, epsilon: number): Tensor =>
  runningStatisticsOp.one([mean, variance], { epsilon });

export interface TrackAttrs {
  /** The share of the new statistics. */
  readonly momentum: number;
  /** Elements of a channel in one row of the batch, and rows of a batch. */
  readonly run: number;
  readonly rows: number;
}

/** The running statistics after a batch; see `trackStatistics`. */
export const trackStatisticsOp: Op<TrackAttrs> = defineOp('trackStatistics', {
  infer: (operands, { rows }) => {
    const [mean, variance, statistics, batch, guard] = operands;
    const live = maybe(operands, 5);
    mustBe('trackStatistics', 'mean', mean, 'f32', ['C']);
    mustBe('trackStatistics', 'variance', variance, 'f32', mean.shape);
    mustBe('trackStatistics', 'statistics', statistics, 'f32', [2, ...mean.shape]);
    mustBe('trackStatistics', 'batch variance', batch, 'f32', mean.shape);
    mustBeWord('trackStatistics', 'guard', guard);
    if (live !== undefined) mustBeWord('trackStatistics', `live of ${rows}`, live);
    return [
      { shape: mean.shape, dtype: 'f32' },
      { shape: mean.shape, dtype: 'f32' },
    ];
  },
  at: (operands, [c], attrs, output) => {
    const [mean, variance, statistics, batch, guard] = operands;
    const before = output === 0 ? mean.at(c) : variance.at(c);
    const n = elementsOf(maybe(operands, 5), attrs);
    if (guard.flat(0) !== ALL_FINITE || (output === 1 && n < 2)) return before;
    const now = output === 0 ? statistics.at(0, c) : (batch.at(c) * n) / (n - 1);
    return (1 - attrs.momentum) * before + attrs.momentum * now;
  },
  errorBound: (operands, [c], attrs, output) => {
    const [mean, variance, statistics, batch, guard] = operands;
    const before = Math.abs(output === 0 ? mean.at(c) : variance.at(c));
    const n = elementsOf(maybe(operands, 5), attrs);
    if (guard.flat(0) !== ALL_FINITE || (output === 1 && n < 2)) return 0;
    const now = Math.abs(output === 0 ? statistics.at(0, c) : (batch.at(c) * n) / (n - 1));
    // Two constants, two products and a sum; for the variance a product and a division of 2.5 ULP more.
    return gamma(12) * ((1 - attrs.momentum) * before + attrs.momentum * now);
  },
  inPlace: [
    [0, 0],
    [1, 1],
  ],
});

const elementsOf = (live: Values | undefined, { run, rows }: TrackAttrs): number => run * (live?.flat(0) ?? rows);

/**
 * The running statistics of a batch norm after a batch, as torch.nn.BatchNorm2d keeps them:
 *
 *   mean' = (1 − m)·mean + m·(mean of the batch)      variance' = (1 − m)·variance + m·(unbiased variance of the batch)
 *
 * With the guard set nothing changes; a batch with one element a channel has no unbiased variance, and leaves it.
 * Operands mean and variance [C], statistics [2, C] and variance [C] of `momentsOp`, guard and live u32 [1]; in place.
 */
export function trackStatistics(
  [mean, variance]: readonly [Tensor, Tensor],
  [statistics, batch]: readonly [Tensor, Tensor],
  guard: Tensor,
  live: Tensor | undefined,
  attrs: TrackAttrs,
): readonly [Tensor, Tensor] {
  const operands = [mean, variance, statistics, batch, guard, ...(live === undefined ? [] : [live])];
  return trackStatisticsOp.apply(operands, attrs) as readonly [Tensor, Tensor];
}
