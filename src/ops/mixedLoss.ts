import type { Spec, Tensor } from '../graph/graph.js';
import { sizes2 } from '../core/shape.js';
import { defineOp, gamma, type Op } from '../graph/op.js';
import { liveMean } from './batch.js';
import { mustBe, mustMatch } from './operands.js';
import { exponentials, largest, logSumError, probability, probabilityError, TINY, ULP } from './softmax.js';

function mustBeMixed(place: string, logits: Spec, labels: Spec, others: Spec, own: Spec): number {
  mustBe(place, 'logits', logits, 'f32', ['N', 'C']);
  const [N] = sizes2(logits.shape);
  mustBe(place, 'labels', labels, 'u32', [N]);
  mustBe(place, 'others', others, 'u32', [N]);
  mustBe(place, 'own', own, 'f32', [N]);
  return N;
}

/** The node behind `mixedCrossEntropyRows`. */
export const mixedCrossEntropyRowsOp: Op<object> = defineOp('mixedCrossEntropyRows', {
  arity: 4,
  infer: ([logits, labels, others, own]) => {
    const N = mustBeMixed('mixedCrossEntropyRows', logits, labels, others, own);
    return [{ shape: [N], dtype: 'f32' }];
  },
  at: ([logits, labels, others, own], [n]) => {
    const [, C] = sizes2(logits.shape);
    const [a, b] = [labels.at(n), others.at(n)];
    if (a >= C || b >= C) return NaN;
    const below = (label: number): number => logits.at(n, label) - largest(logits, n);
    return Math.log(exponentials(logits, n)) - own.at(n) * below(a) - (1 - own.at(n)) * below(b);
  },
  // Besides the logarithm's: of each distance its difference, its factor's and its product's rounding, and two sums.
  errorBound: ([logits, labels, others, own], [n]) => {
    const most = largest(logits, n);
    const first = Math.abs(own.at(n) * (logits.at(n, labels.at(n)) - most));
    const second = Math.abs((1 - own.at(n)) * (logits.at(n, others.at(n)) - most));
    return logSumError(logits, n, 0, first + second) + gamma(6) * (first + second);
  },
  gradient: (dy, [logits, labels, others, own]) => [
    () => mixedCrossEntropyRowsGrad.one([dy, logits, labels, others, own], {}),
    undefined,
    undefined,
    undefined,
  ],
});

/**
 * dlogits[n,c] = dy[n]·(softmax(logits)[n,c] − own[n]·(c = labels[n]) − (1 − own[n])·(c = others[n])); dy, labels, others
 * and own [N], logits [N, C] → [N, C].
 */
export const mixedCrossEntropyRowsGrad: Op<object> = defineOp('mixedCrossEntropyRowsGrad', {
  arity: 5,
  infer: ([dy, logits, labels, others, own]) => {
    const N = mustBeMixed('mixedCrossEntropyRowsGrad', logits, labels, others, own);
    mustMatch('mixedCrossEntropyRowsGrad', 'dy', dy, [N]);
    return [{ shape: logits.shape, dtype: 'f32' }];
  },
  at: ([dy, logits, labels, others, own], [n, c]) => {
    const target = (labels.at(n) === c ? own.at(n) : 0) + (others.at(n) === c ? 1 - own.at(n) : 0);
    return dy.at(n) * (probability(logits, n, c) - target);
  },
  // A difference and a sum for the target, a difference and a product, of numbers up to 1 where `own` is.
  errorBound: ([dy, logits, , , own], [n, c]) =>
    Math.abs(dy.at(n)) * (probabilityError(logits, n, c) + 3 * ULP * (1 + 2 * Math.abs(own.at(n)))) + TINY,
});

/** A second label of each row, and what part of the row the first one is. */
export interface MixedLabels {
  /** u32 [N] */
  readonly labels: Tensor;
  /** λ, f32 [N], from 0 to 1 */
  readonly own: Tensor;
}

/**
 * The loss of each row with two labels: λ·ce(logits, labels) + (1 − λ)·ce(logits, others), with the largest logit
 * subtracted first. It has no gradient by λ.
 * @param logits f32 [N, C]
 * @param labels u32 [N], below C; one beyond gives NaN, and so does one of the others
 * @returns f32 [N], in nats
 */
export const mixedCrossEntropyRows = (logits: Tensor, labels: Tensor, { labels: others, own }: MixedLabels): Tensor =>
  mixedCrossEntropyRowsOp.one([logits, labels, others, own], {});

/**
 * The mean loss of a batch of mixtures, over its live rows: the cross-entropy with the probabilities λ and 1 − λ.
 * @param live u32 [1], from 1 to N
 * @returns [] in nats
 */
export const mixedCrossEntropy = (logits: Tensor, labels: Tensor, others: MixedLabels, live: Tensor): Tensor =>
  liveMean(mixedCrossEntropyRows(logits, labels, others), live);
