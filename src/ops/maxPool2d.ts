import { sizes4 } from '../core/shape.js';
import type { Tensor } from '../graph/graph.js';
import { defineOp, type Op } from '../graph/op.js';
import {
  imageOf,
  overlapOf,
  poolAttrs,
  pooledShape,
  windowsOver,
  type PoolAttrs,
  type PoolGradAttrs,
  type PoolOptions,
} from './poolWindow.js';

/**
 * The node behind `maxPool2d`. Output 0 is y; output 1 the winner of each window, u32 [N, C, P, Q]: its position
 * h·W + w in the input plane, which is what the gradient needs.
 */
export const maxPool2dOp: Op<PoolAttrs> = defineOp('maxPool2d', {
  arity: 1,
  infer: ([x], attrs) => {
    const shape = pooledShape('maxPool2d', x.shape, attrs);
    return [
      { shape, dtype: 'f32' },
      { shape, dtype: 'u32' },
    ];
  },
  at: ([x], [n, c, p, q], { window, stride, padding }, output) => {
    const [, , H, W] = sizes4(x.shape);
    const [firstRow, endRow] = clip(p * stride[0] - padding[0], window[0], H);
    const [firstColumn, endColumn] = clip(q * stride[1] - padding[1], window[1], W);
    let winner = firstRow * W + firstColumn;
    let best = -Infinity;
    for (let h = firstRow; h < endRow; h++) {
      for (let w = firstColumn; w < endColumn; w++) {
        const value = x.at(n, c, h, w);
        if (value > best || Number.isNaN(value)) {
          best = value;
          winner = h * W + w;
        }
      }
    }
    return output === 0 ? best : winner;
  },
  terms: () => 0,
  gradient: (dy, [x], attrs, [, index]) => [
    () => maxPool2dGrad.one([dy, index], { ...attrs, image: imageOf(x.shape) }),
  ],
});

/**
 * dx[n,c,h,w] = Σ dy[n,c,p,q] over the windows whose winner is (h, w): several where windows overlap, none for most.
 * dy and index [N, C, P, Q] → dx [N, C, H, W].
 */
export const maxPool2dGrad: Op<PoolGradAttrs> = defineOp('maxPool2dGrad', {
  arity: 2,
  infer: ([dy], { image }) => [{ shape: [...dy.shape.slice(0, 2), ...image], dtype: 'f32' }],
  at: ([dy, index], [n, c, h, w], { window, stride, padding, image }) => {
    const [, , P, Q] = sizes4(dy.shape);
    const [firstP, endP] = windowsOver(h, P, window[0], stride[0], padding[0]);
    const [firstQ, endQ] = windowsOver(w, Q, window[1], stride[1], padding[1]);
    let sum = 0;
    for (let p = firstP; p < endP; p++) {
      for (let q = firstQ; q < endQ; q++) {
        if (index.at(n, c, p, q) === h * image[1] + w) sum += dy.at(n, c, p, q);
      }
    }
    return sum;
  },
  terms: (_, attrs) => (overlapOf(attrs) === 1 ? 0 : overlapOf(attrs)),
  gradient: (ddx, [, index], attrs) => [() => winners.one([ddx, index], attrs), undefined],
});

/**
 * y[n,c,p,q] = x[n,c, index[n,c,p,q]], a position in the plane: the pixels that won a max-pool, of another image of
 * the same size. x [N, C, H, W], index u32 [N, C, P, Q] → y [N, C, P, Q]. The adjoint of `maxPool2dGrad`.
 */
export const winners: Op<PoolGradAttrs> = defineOp('winners', {
  arity: 2,
  infer: ([, index]) => [{ shape: index.shape, dtype: 'f32' }],
  at: ([x, index], [n, c, p, q]) => {
    const [, , , W] = sizes4(x.shape);
    const position = index.at(n, c, p, q);
    return x.at(n, c, Math.floor(position / W), position % W);
  },
  terms: () => 0,
  gradient: (dy, [, index], attrs) => [() => maxPool2dGrad.one([dy, index], attrs), undefined],
});

/** Where a window begins and ends on the image itself: the padding around it holds −∞ and never wins. */
const clip = (first: number, window: number, size: number): readonly [first: number, end: number] => [
  Math.max(first, 0),
  Math.min(first + window, size),
];

/**
 * The largest value of each window.
 *
 *   y[n,c,p,q] = max_{r,s} x[n,c, p·stride+r−padding, q·stride+s−padding]
 *
 * The gradient flows to the winner of each window; of equal values the first in row-major order wins, and a NaN wins
 * over any number.
 *
 * @param x images [N, C, H, W]; outside the image x is −∞
 * @returns y [N, C, P, Q] with P = ⌊(H + 2·padding − window) / stride⌋ + 1, and Q likewise
 * @throws EngineError 'shape' if the window does not fit the padded image or the padding exceeds half a window
 * As torch.nn.functional.max_pool2d without dilation and with ceil_mode=False.
 */
export function maxPool2d(x: Tensor, options: PoolOptions): Tensor {
  const [y] = maxPool2dOp.apply([x], poolAttrs('maxPool2d', options));
  return y as Tensor;
}
