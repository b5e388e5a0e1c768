import { mustBeWhole, sizeOf } from '../core/shape.js';
import type { Tensor } from '../graph/graph.js';
import { defineOp, gamma, sumOver, type Op } from '../graph/op.js';
import { mustBe, mustBeWord, mustMatch } from './operands.js';
import { mean } from './reduce.js';
import { crossEntropyRows } from './softmax.js';

// A plan has one batch size. How many of its rows are images, and not filling, is a number on the GPU: the live count.

/** The node behind `liveMean`. */
export const liveMeanOp: Op<object> = defineOp('liveMean', {
  arity: 2,
  infer: ([rows, live]) => {
    mustBe('liveMean', 'rows', rows, 'f32', ['N']);
    mustBeWord('liveMean', 'live', live);
    return [{ shape: [], dtype: 'f32' }];
  },
  at: ([rows, live]) => sumOver(live.flat(0), (n) => rows.at(n)) / live.flat(0),
  // The sum, and a division that WGSL states to 2.5 ULP.
  errorBound: ([rows, live]) =>
    (gamma(live.flat(0) + 5) * sumOver(live.flat(0), (n) => Math.abs(rows.at(n)))) / live.flat(0),
  gradient: (dy, [rows, live]) => [() => liveMeanGrad.one([dy, live], { rows: rows.shape[0] ?? 0 }), undefined],
});

/** drows[n] = dy/live for n < live, else 0; dy [], live u32 [1] → [rows]. */
export const liveMeanGrad: Op<{ rows: number }> = defineOp('liveMeanGrad', {
  arity: 2,
  infer: ([dy, live], { rows }) => {
    mustMatch('liveMeanGrad', 'dy', dy, []);
    mustBeWord('liveMeanGrad', 'live', live);
    mustBeWhole('liveMeanGrad', 'rows', rows, 1);
    return [{ shape: [rows], dtype: 'f32' }];
  },
  at: ([dy, live], [n]) => (n < live.flat(0) ? dy.flat(0) / live.flat(0) : 0),
  terms: () => 5,
});

/** The mean of the first `live` rows; rows f32 [N], live u32 [1] → []. */
export const liveMean = (rows: Tensor, live: Tensor): Tensor => liveMeanOp.one([rows, live], {});

/**
 * The mean loss of a batch, over its live rows alone: rows beyond add nothing to it, nor to any gradient.
 * @param logits f32 [N, C]
 * @param labels u32 [N]
 * @param live u32 [1], from 1 to N; all N rows if absent
 * @returns [] in nats, as torch.nn.functional.cross_entropy of the live rows
 */
export const softmaxCrossEntropy = (logits: Tensor, labels: Tensor, live?: Tensor): Tensor => {
  const rows = crossEntropyRows(logits, labels);
  return live === undefined ? mean(rows) : liveMean(rows, live);
};

/** The node behind `countEqual`. */
export const countEqualOp: Op<object> = defineOp('countEqual', {
  arity: 3,
  infer: ([a, b, live]) => {
    mustBe('countEqual', 'a', a, 'u32', ['N']);
    mustBe('countEqual', 'b', b, 'u32', a.shape);
    mustBeWord('countEqual', 'live', live);
    return [{ shape: [1], dtype: 'u32' }];
  },
  at: ([a, b, live]) => sumOver(Math.min(live.flat(0), sizeOf(a.shape)), (n) => (a.at(n) === b.at(n) ? 1 : 0)),
  terms: () => 0,
});

/** How many of the first `live` rows agree; a and b u32 [N] → u32 [1]. */
export const countEqual = (a: Tensor, b: Tensor, live: Tensor): Tensor => countEqualOp.one([a, b, live], {});

/** The node behind `countPairs`; its kernel writes over the total. */
export const countPairsOp: Op<object> = defineOp('countPairs', {
  arity: 4,
  infer: ([total, a, b, live]) => {
    mustBe('countPairs', 'total', total, 'u32', [total.shape[0] ?? 'K', total.shape[0] ?? 'K']);
    mustBe('countPairs', 'a', a, 'u32', ['N']);
    mustBe('countPairs', 'b', b, 'u32', a.shape);
    mustBeWord('countPairs', 'live', live);
    return [{ shape: total.shape, dtype: 'u32' }];
  },
  at: ([total, a, b, live], [i, j]) =>
    total.at(i, j) + sumOver(Math.min(live.flat(0), sizeOf(a.shape)), (n) => (a.at(n) === i && b.at(n) === j ? 1 : 0)),
  terms: () => 0,
  inPlace: [[0, 0]],
});

/**
 * A confusion matrix with the rows of a batch added: total[i, j] + |{n < live : a[n] = i and b[n] = j}|. Rows that name
 * no class are counted nowhere.
 * @param total u32 [K, K]
 * @param a labels u32 [N]
 * @param b answers u32 [N]
 * @param live u32 [1]
 * @returns u32 [K, K]
 */
export const countPairs = (total: Tensor, a: Tensor, b: Tensor, live: Tensor): Tensor =>
  countPairsOp.one([total, a, b, live], {});
