import { EngineError } from '../core/errors.js';
import { mustHaveRank, sameShape, sizeOf, sizes2, textOf } from '../core/shape.js';
import type { Spec, Tensor, Values } from '../graph/graph.js';
import { defineOp, gamma, sumOver, type Op } from '../graph/op.js';
import { mustBe, mustMatch } from './operands.js';
import { reshape } from './reshape.js';

// WGSL states exp(x) to 3 + 2·|x| ULP, log(x) to 3 ULP outside [0.5, 2] and to 2⁻²¹ inside, division to 2.5 ULP
// (WGSL specification, §15.7.4.1). An ULP is at most 2⁻²³ of the value. With d = largest − logit, relative errors are:
//   of an exponential (3 + 2d)·2⁻²³, and d·2⁻²⁴ from the rounding of its argument;
//   of their sum the mean of these, each weighted by its share, and γ_C; of a quotient 2.5·2⁻²³ more.

export const ULP = 2 ** -23;
/** Smallest normal number of f32: results below it may be flushed to zero. */
export const TINY = 2 ** -126;

/** The largest of a row [n, ·, m]; of logits [N, C] m is 0. */
export const largest = (logits: Values, n: number, m = 0): number => {
  const [, C] = sizes2(logits.shape);
  let most = logits.at(n, 0, m);
  for (let c = 1; c < C; c++) most = Math.max(most, logits.at(n, c, m));
  return most;
};

/** Σ_c exp(logit − largest). */
export const exponentials = (logits: Values, n: number, m = 0): number => {
  const most = largest(logits, n, m);
  return sumOver(sizes2(logits.shape)[1], (c) => Math.exp(logits.at(n, c, m) - most));
};

/** exp(logit − largest) over the sum. */
export const probability = (logits: Values, n: number, c: number, m = 0): number =>
  Math.exp(logits.at(n, c, m) - largest(logits, n, m)) / exponentials(logits, n, m);

/** The relative error of exp(−distance) in f32. */
const exponentialError = (distance: number): number => (3 + 3 * distance) * ULP;

/** The relative error of the sum of a row's exponentials in f32. */
const sumError = (logits: Values, n: number, m = 0): number => {
  const [, C] = sizes2(logits.shape);
  const most = largest(logits, n, m);
  let [total, error] = [0, 0];
  for (let c = 0; c < C; c++) {
    const distance = most - logits.at(n, c, m);
    const own = Math.exp(-distance);
    total += own;
    if (own > 0) error += own * exponentialError(distance);
  }
  return error / total + gamma(C);
};

/** The absolute error of a probability in f32. */
export const probabilityError = (logits: Values, n: number, c: number, m = 0): number => {
  const own = probability(logits, n, c, m);
  if (own === 0) return TINY;
  return (
    own * (exponentialError(largest(logits, n, m) - logits.at(n, c, m)) + sumError(logits, n, m) + 2.5 * ULP) + TINY
  );
};

/** The error of log Σ_c exp(x − largest), a term `distance` below it taken away: an error in the sum is that of its logarithm. */
export const logSumError = (logits: Values, n: number, m: number, distance: number): number => {
  const log = Math.log(exponentials(logits, n, m));
  return sumError(logits, n, m) + Math.max(2 ** -21, 3 * ULP * log) + ULP * (distance + log + 1);
};

/** Throws unless an operand is [N, C] or [N, C, M]: rows along the axis of size C. */
const mustBeRows = (place: string, name: string, x: Spec): void =>
  mustBe(place, name, x, 'f32', x.shape.length === 3 ? ['N', 'C', 'M'] : ['N', 'C']);

/** The node behind `softmax`, along axis 1 of [N, C] or [N, C, M]. */
export const softmaxOp: Op<object> = defineOp('softmax', {
  arity: 1,
  infer: ([logits]) => {
    mustBeRows('softmax', 'logits', logits);
    return [{ shape: logits.shape, dtype: 'f32' }];
  },
  at: ([logits], [n, c, m]) => probability(logits, n, c, m),
  errorBound: ([logits], [n, c, m]) => probabilityError(logits, n, c, m),
  gradient: (dy, _, __, [y]) => [() => softmaxGrad.one([dy, y], {})],
});

/** dx[n,c] = y[n,c]·(dy[n,c] − Σ_i dy[n,i]·y[n,i]); dy, y and dx [N, C] or [N, C, M]. */
export const softmaxGrad: Op<object> = defineOp('softmaxGrad', {
  arity: 2,
  infer: ([dy, y]) => {
    mustBeRows('softmaxGrad', 'dy', dy);
    mustMatch('softmaxGrad', 'y', y, dy.shape);
    return [{ shape: dy.shape, dtype: 'f32' }];
  },
  at: ([dy, y], [n, c, m]) =>
    y.at(n, c, m) * (dy.at(n, c, m) - sumOver(sizes2(y.shape)[1], (i) => dy.at(n, i, m) * y.at(n, i, m))),
  errorBound: ([dy, y], [n, c, m]) => {
    const [, C] = sizes2(y.shape);
    const terms = sumOver(C, (i) => Math.abs(dy.at(n, i, m) * y.at(n, i, m)));
    return gamma(C + 3) * Math.abs(y.at(n, c, m)) * (Math.abs(dy.at(n, c, m)) + terms);
  },
});

/** The node behind `logSoftmax`, along axis 1 of [N, C] or [N, C, M]. */
export const logSoftmaxOp: Op<object> = defineOp('logSoftmax', {
  arity: 1,
  infer: ([logits]) => {
    mustBeRows('logSoftmax', 'logits', logits);
    return [{ shape: logits.shape, dtype: 'f32' }];
  },
  at: ([logits], [n, c, m]) => logits.at(n, c, m) - largest(logits, n, m) - Math.log(exponentials(logits, n, m)),
  errorBound: ([logits], [n, c, m]) => logSumError(logits, n, m, largest(logits, n, m) - logits.at(n, c, m)),
  gradient: (dy, _, __, [y]) => [() => logSoftmaxGrad.one([dy, y], {})],
});

/** dx[n,c] = dy[n,c] − exp(y[n,c])·Σ_i dy[n,i]; dy, y and dx [N, C] or [N, C, M]. */
export const logSoftmaxGrad: Op<object> = defineOp('logSoftmaxGrad', {
  arity: 2,
  infer: ([dy, y]) => {
    mustBeRows('logSoftmaxGrad', 'dy', dy);
    mustMatch('logSoftmaxGrad', 'y', y, dy.shape);
    return [{ shape: dy.shape, dtype: 'f32' }];
  },
  at: ([dy, y], [n, c, m]) =>
    dy.at(n, c, m) - Math.exp(y.at(n, c, m)) * sumOver(sizes2(y.shape)[1], (i) => dy.at(n, i, m)),
  errorBound: ([dy, y], [n, c, m]) => {
    const [, C] = sizes2(y.shape);
    const moved = Math.exp(y.at(n, c, m)) * sumOver(C, (i) => Math.abs(dy.at(n, i, m)));
    return gamma(2) * Math.abs(dy.at(n, c, m)) + moved * (gamma(C + 3) + exponentialError(Math.abs(y.at(n, c, m))));
  },
});

/**
 * An op along axis 1 of [N, C] or [N, C, M], along any axis. The axes before and after are one each, which costs nothing.
 * @throws EngineError 'shape' for an axis that x does not have
 */
function along(op: Op<object>, x: Tensor, axis: number): Tensor {
  const { shape } = x;
  if (!Number.isInteger(axis) || axis < 0 || axis >= shape.length) {
    throw new EngineError('shape', {
      place: op.name,
      given: `axis ${axis} of ${textOf(shape)}`,
      wanted: `an axis from 0 to ${shape.length - 1}`,
    });
  }
  if (shape.length === 2 && axis === 1) return op.one([x], {});
  const [before, after] = [sizeOf(shape.slice(0, axis)), sizeOf(shape.slice(axis + 1))];
  const rows = [before, shape[axis] ?? 1, ...(after === 1 ? [] : [after])];
  return reshape(op.one([reshape(x, rows)], {}), shape);
}

/**
 * Probabilities along an axis, the last unless given: exp(x − most) / Σ exp(x − most), with the largest of the row
 * subtracted first; any shape. Throws EngineError 'shape' for an axis that x does not have.
 */
export const softmax = (x: Tensor, axis = x.shape.length - 1): Tensor => along(softmaxOp, x, axis);

/** The logarithm of `softmax`, exact to f32 where a probability is too small for it: x − most − log Σ exp(x − most). */
export const logSoftmax = (x: Tensor, axis = x.shape.length - 1): Tensor => along(logSoftmaxOp, x, axis);

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
  errorBound: ([logits, labels], [n]) =>
    logSumError(logits, n, 0, Math.abs(logits.at(n, labels.at(n)) - largest(logits, n))),
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
  half: true,
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
