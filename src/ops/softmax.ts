import { EngineError } from '../core/errors.js';
import { mustHaveRank, sameShape, sizes2, textOf } from '../core/shape.js';
import type { Tensor, Values } from '../graph/graph.js';
import { defineOp, gamma, sumOver, type Op } from '../graph/op.js';
import { mustBe, mustMatch } from './operands.js';

// WGSL states exp(x) to 3 + 2·|x| ULP, log(x) to 3 ULP outside [0.5, 2] and to 2⁻²¹ inside, division to 2.5 ULP
// (WGSL specification, §15.7.4.1). An ULP is at most 2⁻²³ of the value. With d = largest − logit, relative errors are:
//   of an exponential (3 + 2d)·2⁻²³, and d·2⁻²⁴ from the rounding of its argument;
//   of their sum the mean of these, each weighted by its share, and γ_C; of a quotient 2.5·2⁻²³ more.

const ULP = 2 ** -23;
/** Smallest normal number of f32: results below it may be flushed to zero. */
const TINY = 2 ** -126;

/** The largest logit of a row. */
const largest = (logits: Values, n: number): number => {
  const [, C] = sizes2(logits.shape);
  let most = logits.at(n, 0);
  for (let c = 1; c < C; c++) most = Math.max(most, logits.at(n, c));
  return most;
};

/** Σ_c exp(logit − largest). */
const exponentials = (logits: Values, n: number): number => {
  const most = largest(logits, n);
  return sumOver(sizes2(logits.shape)[1], (c) => Math.exp(logits.at(n, c) - most));
};

const probability = (logits: Values, n: number, c: number): number =>
  Math.exp(logits.at(n, c) - largest(logits, n)) / exponentials(logits, n);

/** The relative error of exp(−distance) in f32. */
const exponentialError = (distance: number): number => (3 + 3 * distance) * ULP;

/** The relative error of the sum of a row's exponentials in f32. */
const sumError = (logits: Values, n: number): number => {
  const [, C] = sizes2(logits.shape);
  const most = largest(logits, n);
  let [total, error] = [0, 0];
  for (let c = 0; c < C; c++) {
    const distance = most - logits.at(n, c);
    const own = Math.exp(-distance);
    total += own;
    if (own > 0) error += own * exponentialError(distance);
  }
  return error / total + gamma(C);
};

/** The absolute error of a probability in f32. */
const probabilityError = (logits: Values, n: number, c: number): number => {
  const own = probability(logits, n, c);
  if (own === 0) return TINY;
  return own * (exponentialError(largest(logits, n) - logits.at(n, c)) + sumError(logits, n) + 2.5 * ULP) + TINY;
};

/** The node behind `softmax`. */
export const softmaxOp: Op<object> = defineOp('softmax', {
  arity: 1,
  infer: ([logits]) => {
    mustBe('softmax', 'logits', logits, 'f32', ['N', 'C']);
    return [{ shape: logits.shape, dtype: 'f32' }];
  },
  at: ([logits], [n, c]) => probability(logits, n, c),
  errorBound: ([logits], [n, c]) => probabilityError(logits, n, c),
  gradient: (dy, _, __, [y]) => [() => softmaxGrad.one([dy, y], {})],
});

/** dx[n,c] = y[n,c]·(dy[n,c] − Σ_i dy[n,i]·y[n,i]); dy, y and dx [N, C]. */
export const softmaxGrad: Op<object> = defineOp('softmaxGrad', {
  arity: 2,
  infer: ([dy, y]) => {
    mustBe('softmaxGrad', 'dy', dy, 'f32', ['N', 'C']);
    mustMatch('softmaxGrad', 'y', y, dy.shape);
    return [{ shape: dy.shape, dtype: 'f32' }];
  },
  at: ([dy, y], [n, c]) => y.at(n, c) * (dy.at(n, c) - sumOver(sizes2(y.shape)[1], (i) => dy.at(n, i) * y.at(n, i))),
  errorBound: ([dy, y], [n, c]) => {
    const [, C] = sizes2(y.shape);
    const terms = sumOver(C, (i) => Math.abs(dy.at(n, i) * y.at(n, i)));
    return gamma(C + 3) * Math.abs(y.at(n, c)) * (Math.abs(dy.at(n, c)) + terms);
  },
});

/** Probabilities of each row: y[n,c] = exp(x[n,c]) / Σ_i exp(x[n,i]), with the largest logit subtracted first; [N, C]. */
export const softmax = (logits: Tensor): Tensor => softmaxOp.one([logits], {});

/** The node behind `crossEntropyRows`. */
export const crossEntropyRowsOp: Op<object> = defineOp('crossEntropyRows', {
  arity: 2,
  infer: ([logits, labels]) => {
    mustHaveRank('crossEntropyRows', 'logits', logits.shape, 2, '[N, C]');
    const [N] = sizes2(logits.shape);
    if (labels.dtype !== 'u32' || !sameShape(labels.shape, [N])) {
      throw new EngineError(labels.dtype === 'u32' ? 'shape' : 'dtype', {
        place: 'crossEntropyRows',
        given: `labels ${labels.dtype} ${textOf(labels.shape)} for logits ${textOf(logits.shape)}`,
        wanted: `labels u32 [${N}]`,
      });
    }
    return [{ shape: [N], dtype: 'f32' }];
  },
  at: ([logits, labels], [n]) =>
    labels.at(n) < sizes2(logits.shape)[1]
      ? Math.log(exponentials(logits, n)) - (logits.at(n, labels.at(n)) - largest(logits, n))
      : NaN,
  errorBound: ([logits, labels], [n]) => {
    const total = exponentials(logits, n);
    const log = Math.log(total);
    const distance = Math.abs(logits.at(n, labels.at(n)) - largest(logits, n));
    // An error ε in the sum is ε in its logarithm; the logarithm's own; two roundings at the end.
    return sumError(logits, n) + Math.max(2 ** -21, 3 * ULP * log) + ULP * (distance + log + 1);
  },
  gradient: (dy, [logits, labels]) => [() => crossEntropyRowsGrad.one([dy, logits, labels], {}), undefined],
});

/** dlogits[n,c] = dy[n]·(softmax(logits)[n,c] − (c = labels[n])); dy [N], logits [N, C], labels [N] → [N, C]. */
export const crossEntropyRowsGrad: Op<object> = defineOp('crossEntropyRowsGrad', {
  arity: 3,
  infer: ([dy, logits, labels]) => {
    mustBe('crossEntropyRowsGrad', 'logits', logits, 'f32', ['N', 'C']);
    const [N] = sizes2(logits.shape);
    mustMatch('crossEntropyRowsGrad', 'dy', dy, [N]);
    mustBe('crossEntropyRowsGrad', 'labels', labels, 'u32', [N]);
    return [{ shape: logits.shape, dtype: 'f32' }];
  },
  at: ([dy, logits, labels], [n, c]) => dy.at(n) * (probability(logits, n, c) - (labels.at(n) === c ? 1 : 0)),
  errorBound: ([dy, logits], [n, c]) => Math.abs(dy.at(n)) * (probabilityError(logits, n, c) + 2 * ULP) + TINY,
});

/**
 * The loss of each row: log Σ_c exp(logits[n,c]) − logits[n, labels[n]], with the largest logit subtracted first.
 * @param logits f32 [N, C]
 * @param labels u32 [N], below C; a label beyond gives NaN
 * @returns f32 [N], in nats
 */
export const crossEntropyRows = (logits: Tensor, labels: Tensor): Tensor =>
  crossEntropyRowsOp.one([logits, labels], {});

/** The node behind `argmaxRows`. */
export const argmaxRowsOp: Op<object> = defineOp('argmaxRows', {
  arity: 1,
  infer: ([logits]) => {
    mustBe('argmaxRows', 'logits', logits, 'f32', ['N', 'C']);
    return [{ shape: [sizes2(logits.shape)[0]], dtype: 'u32' }];
  },
  at: ([logits], [n]) => {
    let best = 0;
    for (let c = 1; c < sizes2(logits.shape)[1]; c++) if (logits.at(n, c) > logits.at(n, best)) best = c;
    return best;
  },
  terms: () => 0,
});

/** The position of each row's first maximum, NaN apart: [N, C] → u32 [N]. What a step counts as a net's answer. */
export const argmaxRows = (logits: Tensor): Tensor => argmaxRowsOp.one([logits], {});
