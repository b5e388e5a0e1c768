import { sizes4 } from '../core/shape.js';
import type { Tensor } from '../graph/graph.js';
import { defineOp, type Op } from '../graph/op.js';
import {
  filled,
  imageOf,
  overlapOf,
  poolAttrs,
  pooledShape,
  tapsAlong,
  windowsOver,
  type MaxPoolOptions,
  type PoolAttrs,
  type PoolGradAttrs,
} from './poolWindow.js';

/** The largest value at these rows and columns of a plane, and its place h·W + w: the first of equals, or a NaN. */
export function largestOf(
  rows: readonly number[],
  columns: readonly number[],
  width: number,
  value: (h: number, w: number) => number,
): readonly [value: number, place: number] {
  let place = (rows[0] ?? 0) * width + (columns[0] ?? 0);
  let best = -Infinity;
  for (const h of rows) {
    for (const w of columns) {
      const each = value(h, w);
      if (each > best || Number.isNaN(each)) [best, place] = [each, h * width + w];
    }
  }
  return [best, place];
}

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
  at: ([x], [n, c, p, q], attrs, output) => {
    const [, , H, W] = sizes4(x.shape);
    const [rows, columns] = [tapsAlong(p, H, 0, attrs), tapsAlong(q, W, 1, attrs)];
    return largestOf(rows, columns, W, (h, w) => x.at(n, c, h, w))[output] ?? NaN;
  },
  terms: () => 0,
  gradient: (dy, [x], attrs, [, index]) => [
    () => maxPool2dGrad.one([dy, index], { ...filled(attrs), image: imageOf(x.shape) }),
  ],
  half: true,
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
  half: true,
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

/**
 * The largest value of each window.
 *
 *   y[n,c,p,q] = max_{r,s} x[n,c, p·stride+r·dilation−padding, q·stride+s·dilation−padding]
 *
 * The gradient flows to the winner of each window; of equal values the first in row-major order wins, and a NaN wins
 * over any number.
 *
 * @param x images [N, C, H, W]; outside the image x is −∞
 * @returns y [N, C, P, Q] with P = ⌊(H + 2·padding − dilation·(window − 1) − 1) / stride⌋ + 1, and Q likewise; with
 *   `ceilMode` ⌈⌉, less a window that would begin past the image
 * @throws EngineError 'shape' if the window does not fit the padded image, the padding exceeds half a window, or a
 *   dilated window sees no pixel
 * As torch.nn.functional.max_pool2d.
 */
export function maxPool2d(x: Tensor, options: MaxPoolOptions): Tensor {
  const [y] = maxPool2dOp.apply([x], poolAttrs('maxPool2d', options));
  return y as Tensor;
}
