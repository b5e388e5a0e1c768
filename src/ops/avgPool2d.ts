import { sizes4 } from '../core/shape.js';
import type { Tensor } from '../graph/graph.js';
import { defineOp, sumOver, type Op } from '../graph/op.js';
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

/** The node behind `avgPool2d`. */
export const avgPool2dOp: Op<PoolAttrs> = defineOp('avgPool2d', {
  arity: 1,
  infer: ([x], attrs) => [{ shape: pooledShape('avgPool2d', x.shape, attrs), dtype: 'f32' }],
  at: ([x], [n, c, p, q], { window, stride, padding }) => {
    const [, , H, W] = sizes4(x.shape);
    const total = sumOver(window[0], (r) =>
      sumOver(window[1], (s) => {
        const row = p * stride[0] - padding[0] + r;
        const column = q * stride[1] - padding[1] + s;
        return row < 0 || row >= H || column < 0 || column >= W ? 0 : x.at(n, c, row, column);
      }),
    );
    return total / (window[0] * window[1]);
  },
  terms: (_, { window }) => window[0] * window[1],
  gradient: (dy, [x], attrs) => [() => avgPool2dGrad.one([dy], { ...attrs, image: imageOf(x.shape) })],
});

/**
 * dx[n,c,h,w] = Σ dy[n,c,p,q] / (R·S) over the windows (p, q) that see (h, w).
 * dy [N, C, P, Q] → dx [N, C, H, W].
 */
export const avgPool2dGrad: Op<PoolGradAttrs> = defineOp('avgPool2dGrad', {
  arity: 1,
  infer: ([dy], { image }) => [{ shape: [...dy.shape.slice(0, 2), ...image], dtype: 'f32' }],
  at: ([dy], [n, c, h, w], { window, stride, padding }) => {
    const [, , P, Q] = sizes4(dy.shape);
    const [firstP, endP] = windowsOver(h, P, window[0], stride[0], padding[0]);
    const [firstQ, endQ] = windowsOver(w, Q, window[1], stride[1], padding[1]);
    let sum = 0;
    for (let p = firstP; p < endP; p++) {
      for (let q = firstQ; q < endQ; q++) sum += dy.at(n, c, p, q);
    }
    return sum / (window[0] * window[1]);
  },
  terms: (_, attrs) => overlapOf(attrs) + 1,
  gradient: (ddx, _, { window, stride, padding }) => [() => avgPool2dOp.one([ddx], { window, stride, padding })],
});

/**
 * The mean of each window.
 *
 *   y[n,c,p,q] = 1/(R·S) · Σ_{r,s} x[n,c, p·stride+r−padding, q·stride+s−padding]
 *
 * @param x images [N, C, H, W]; outside the image x is 0, and those zeros count
 * @returns y [N, C, P, Q] with P = ⌊(H + 2·padding − window) / stride⌋ + 1, and Q likewise
 * @throws EngineError 'shape' if the window does not fit the padded image or the padding exceeds half a window
 * As torch.nn.functional.avg_pool2d with its defaults: count_include_pad=True, ceil_mode=False.
 */
export const avgPool2d = (x: Tensor, options: PoolOptions): Tensor =>
  avgPool2dOp.one([x], poolAttrs('avgPool2d', options));
