import { EngineError } from '../core/errors.js';
import { mustHaveRank, sizes2, textOf, type Shape } from '../core/shape.js';
import type { Tensor } from '../graph/graph.js';
import { defineOp, sumOver, type Op } from '../graph/op.js';
import { add } from './arithmetic.js';
import { mustBe } from './operands.js';

/** Which operand is stored transposed: `nn` neither, `nt` the second, `tn` the first. */
export type MatmulLayout = 'nn' | 'nt' | 'tn';

/** M, N and the length K of the sums, for operands in this layout. */
export function productSizes(layout: MatmulLayout, a: Shape, b: Shape): { M: number; N: number; K: number } {
  const [rows, columns] = sizes2(a);
  const [M, K] = layout === 'tn' ? [columns, rows] : [rows, columns];
  return { M, N: sizes2(b)[layout === 'nt' ? 0 : 1], K };
}

/** The node behind `matmul`. */
export const matmulOp: Op<{ layout: MatmulLayout }> = defineOp('matmul', {
  arity: 2,
  infer: ([a, b], { layout }) => {
    mustBe('matmul', 'a', a, 'f32');
    mustBe('matmul', 'b', b, 'f32');
    mustHaveRank('matmul', 'a', a.shape, 2, layout === 'tn' ? '[K, M]' : '[M, K]');
    mustHaveRank('matmul', 'b', b.shape, 2, layout === 'nt' ? '[N, K]' : '[K, N]');
    const { M, N, K } = productSizes(layout, a.shape, b.shape);
    if (sizes2(b.shape)[layout === 'nt' ? 1 : 0] !== K) {
      throw new EngineError('shape', {
        place: `matmul ${layout}`,
        given: `a ${textOf(a.shape)} and b ${textOf(b.shape)}`,
        wanted: `sums of one length; a's is ${K}`,
      });
    }
    return [{ shape: [M, N], dtype: 'f32' }];
  },
  at: ([a, b], [m, n], { layout }) =>
    sumOver(
      productSizes(layout, a.shape, b.shape).K,
      (k) => (layout === 'tn' ? a.at(k, m) : a.at(m, k)) * (layout === 'nt' ? b.at(n, k) : b.at(k, n)),
    ),
  terms: ([a, b], { layout }) => productSizes(layout, a.shape, b.shape).K,
  gradient: (dy, [a, b], { layout }) => {
    if (layout === 'nn') return [() => matmul(dy, b, 'nt'), () => matmul(a, dy, 'tn')];
    if (layout === 'nt') return [() => matmul(dy, b, 'nn'), () => matmul(dy, a, 'tn')];
    return [() => matmul(b, dy, 'nt'), () => matmul(a, dy, 'nn')];
  },
  half: true,
});

/**
 * The product of two matrices: y[m,n] = Σ_k a[m,k]·b[k,n].
 *
 * @param a [M, K], or [K, M] in layout `tn`
 * @param b [K, N], or [N, K] in layout `nt`
 * @returns y [M, N]
 * @throws EngineError 'shape' if an operand is no matrix or the sums have different lengths
 */
export const matmul = (a: Tensor, b: Tensor, layout: MatmulLayout = 'nn'): Tensor => matmulOp.one([a, b], { layout });

/**
 * y = x·wᵀ + b, as torch.nn.functional.linear; x [N, C], w [K, C], b [K] → y [N, K].
 * @throws EngineError 'shape' if features disagree
 */
export function dense(x: Tensor, w: Tensor, b?: Tensor): Tensor {
  const y = matmul(x, w, 'nt');
  return b === undefined ? y : add(y, b);
}
