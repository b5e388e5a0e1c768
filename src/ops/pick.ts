import { mustBeWhole } from '../core/shape.js';
import type { Tensor } from '../graph/graph.js';
import { defineOp, type Op } from '../graph/op.js';
import { mustBe, mustMatch } from './operands.js';
import { operandIndex, sumTo } from './reduce.js';

/** A label that counts for nothing, whatever it names; undefined where each counts. */
export type Ignored = { readonly ignoreIndex?: number };

/** The node behind `pick`. */
export const pickOp: Op<Ignored> = defineOp('pick', {
  arity: 2,
  infer: ([x, labels]) => {
    mustBe('pick', 'labels', labels, 'u32', ['N', 'M']);
    const [N = 1, M = 1] = labels.shape;
    mustBe('pick', 'x', x, 'f32', [x.shape[0] === 1 ? 1 : N, 'C', x.shape[2] === 1 ? 1 : M]);
    return [{ shape: labels.shape, dtype: 'f32' }];
  },
  at: ([x, labels], [n, m], { ignoreIndex }) => {
    const label = labels.at(n, m);
    if (label === ignoreIndex) return 0;
    return label < (x.shape[1] ?? 1) ? x.at(...operandIndex(x.shape, [n, label, m])) : NaN;
  },
  terms: () => 0,
  gradient: (dy, [x, labels], { ignoreIndex }) => [
    () => sumTo(pickGrad.one([dy, labels], { classes: x.shape[1] ?? 1, ...ignored(ignoreIndex) }), x.shape),
    undefined,
  ],
});

/** An attribute that is not there differs from one that is undefined. */
export const ignored = (ignoreIndex: number | undefined): Ignored => (ignoreIndex === undefined ? {} : { ignoreIndex });

/** dx[n,c,m] = dy[n,m] where c is the label and not ignored, else 0; dy and labels [N, M] → [N, classes, M]. */
export const pickGrad: Op<Ignored & { readonly classes: number }> = defineOp('pickGrad', {
  arity: 2,
  infer: ([dy, labels], { classes }) => {
    mustBe('pickGrad', 'labels', labels, 'u32', ['N', 'M']);
    mustMatch('pickGrad', 'dy', dy, labels.shape);
    mustBeWhole('pickGrad', 'classes', classes, 1);
    const [N = 1, M = 1] = labels.shape;
    return [{ shape: [N, classes, M], dtype: 'f32' }];
  },
  at: ([dy, labels], [n, c, m], { ignoreIndex }) => (labels.at(n, m) === c && c !== ignoreIndex ? dy.at(n, m) : 0),
  terms: () => 0,
});

/** The node behind `isCounted`. */
export const isCountedOp: Op<Ignored> = defineOp('isCounted', {
  arity: 1,
  infer: ([labels]) => {
    mustBe('isCounted', 'labels', labels, 'u32');
    return [{ shape: labels.shape, dtype: 'f32' }];
  },
  at: ([labels], index, { ignoreIndex }) => (labels.at(...index) === ignoreIndex ? 0 : 1),
  terms: () => 0,
});

/**
 * What each label names: y[n,m] = x[n, labels[n,m], m], 0 where the label is ignored, NaN where it names no class.
 * @param x f32 [N, C, M]; N and M may be 1, and are repeated
 * @param labels u32 [N, M]
 */
export const pick = (x: Tensor, labels: Tensor, ignoreIndex?: number): Tensor =>
  pickOp.one([x, labels], ignored(ignoreIndex));

/** 1 where a label counts, 0 where it is ignored; u32 → f32 of one shape. */
export const isCounted = (labels: Tensor, ignoreIndex?: number): Tensor =>
  isCountedOp.one([labels], ignored(ignoreIndex));
