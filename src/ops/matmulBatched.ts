import { EngineError } from '../core/errors.js';
import { broadcastShape, sizeOf, textOf, type Shape } from '../core/shape.js';
import type { Tensor } from '../graph/graph.js';
import { defineOp, sumOver, type Op } from '../graph/op.js';
import { matmul, productSizes, type MatmulLayout } from './matmul.js';
import { mustBe } from './operands.js';
import { operandIndex, sumTo } from './reduce.js';
import { reshape } from './reshape.js';

/** The axes before the matrices, and the two of a matrix. */
const leadOf = (shape: Shape): Shape => shape.slice(0, -2);
const matrixOf = (shape: Shape): Shape => shape.slice(-2);

/** The node behind `matmulBatched`, where it is more than one product of two matrices. */
export const matmulBatchedOp: Op<{ layout: MatmulLayout }> = defineOp('matmulBatched', {
  arity: 2,
  infer: ([a, b], { layout }) => {
    mustBe('matmulBatched', 'a', a, 'f32');
    mustBe('matmulBatched', 'b', b, 'f32');
    const { M, N, K } = productSizes(layout, matrixOf(a.shape), matrixOf(b.shape));
    if (Math.min(a.shape.length, b.shape.length) < 2 || matrixOf(b.shape)[layout === 'nt' ? 1 : 0] !== K) {
      throw new EngineError('shape', {
        place: `matmulBatched ${layout}`,
        given: `a ${textOf(a.shape)} and b ${textOf(b.shape)}`,
        wanted: 'at least two axes each, and sums of one length',
      });
    }
    return [{ shape: [...broadcastShape('matmulBatched', leadOf(a.shape), leadOf(b.shape)), M, N], dtype: 'f32' }];
  },
  at: ([a, b], index, { layout }) => {
    const lead = index.slice(0, -2);
    const [m = 0, n = 0] = index.slice(-2);
    const [atA, atB] = [operandIndex(leadOf(a.shape), lead), operandIndex(leadOf(b.shape), lead)];
    return sumOver(productSizes(layout, matrixOf(a.shape), matrixOf(b.shape)).K, (k) => {
      const left = layout === 'tn' ? a.at(...atA, k, m) : a.at(...atA, m, k);
      return left * (layout === 'nt' ? b.at(...atB, n, k) : b.at(...atB, k, n));
    });
  },
  terms: ([a, b], { layout }) => productSizes(layout, matrixOf(a.shape), matrixOf(b.shape)).K,
  gradient: (dy, [a, b], { layout }) => {
    const toA = (x: Tensor, y: Tensor, other: MatmulLayout) => () => sumTo(matmulBatched(x, y, other), a.shape);
    const toB = (x: Tensor, y: Tensor, other: MatmulLayout) => () => sumTo(matmulBatched(x, y, other), b.shape);
    if (layout === 'nn') return [toA(dy, b, 'nt'), toB(a, dy, 'tn')];
    if (layout === 'nt') return [toA(dy, b, 'nn'), toB(dy, a, 'tn')];
    return [toA(b, dy, 'nt'), toB(a, dy, 'nn')];
  },
  half: true,
});

/**
 * Products of matrices that stand in batches: y[…, m, n] = Σ_k a[…, m, k]·b[…, k, n], with NumPy's broadcasting of the
 * axes before the last two, as torch.matmul for operands of at least two axes.
 *
 * @param a f32 [..., M, K], or [..., K, M] in layout `tn`
 * @param b f32 [..., K, N], or [..., N, K] in layout `nt`
 * @returns [..., M, N]; one matrix b for all of a, as of a dense layer over a sequence, is one product of matrices
 * @throws EngineError 'shape' if sums have different lengths, or axes before the last two differ and neither is 1
 */
export function matmulBatched(a: Tensor, b: Tensor, layout: MatmulLayout = 'nn'): Tensor {
  if (a.shape.length === 2 && b.shape.length === 2) return matmul(a, b, layout);
  if (b.shape.length === 2 && a.shape.length > 2 && layout !== 'tn') {
    const rows = reshape(a, [sizeOf(a.shape.slice(0, -1)), a.shape.at(-1) ?? 1]);
    const y = matmul(rows, b, layout);
    return reshape(y, [...a.shape.slice(0, -1), y.shape[1] ?? 1]);
  }
  return matmulBatchedOp.one([a, b], { layout });
}
