import { mustBeWhole, sizes4, type Shape } from '../core/shape.js';
import type { Tensor } from '../graph/graph.js';
import { defineOp, sumOver, type Op } from '../graph/op.js';
import {
  imageOf,
  overlapOf,
  poolAttrs,
  pooledShape,
  tapsAlong,
  windowsOver,
  type PoolAttrs,
  type PoolOptions,
} from './poolWindow.js';

/**
 * What the sum of a window is divided by: one number for all; or counted for each, its pixels in the padded image or in
 * the image itself.
 */
export type Divisor = number | 'padded' | 'image';

/** The attributes of an average; the window's pixels divide it where no divisor is named. */
export type AvgPoolAttrs = PoolAttrs & { readonly divisor?: Divisor };

/** The same, and H and W of the image. */
export type AvgPoolGradAttrs = AvgPoolAttrs & { readonly image: readonly [number, number] };

export interface AvgPoolOptions extends PoolOptions {
  /** Whether padding counts as zeros that are averaged too; true by default. */
  readonly countIncludePad?: boolean;
  /** What every sum is divided by instead, a whole number of at least 1. */
  readonly divisorOverride?: number;
}

/** Roundings of a division by a counted divisor: WGSL allows it 2.5 ULP. */
const DIVISION = 5;

/** What the sum of window (p, q) is divided by, on an image of H rows and W columns. */
export const divisorAt = (p: number, q: number, [H, W]: readonly [number, number], attrs: AvgPoolAttrs): number => {
  const { window, divisor = window[0] * window[1] } = attrs;
  if (typeof divisor === 'number') return divisor;
  const along = (result: number, size: number, axis: 0 | 1): number =>
    divisor === 'image'
      ? tapsAlong(result, size, axis, attrs).length
      : Math.min(attrs.window[axis], size + 2 * attrs.padding[axis] - result * attrs.stride[axis]);
  return along(p, H, 0) * along(q, W, 1);
};

const roundingsOf = (terms: number, { divisor }: AvgPoolAttrs): number =>
  typeof divisor === 'string' ? terms + DIVISION : terms;

/** The node behind `avgPool2d`. */
export const avgPool2dOp: Op<AvgPoolAttrs> = defineOp('avgPool2d', {
  arity: 1,
  infer: ([x], attrs) => [{ shape: pooledShape('avgPool2d', x.shape, attrs), dtype: 'f32' }],
  at: ([x], [n, c, p, q], attrs) => {
    const image = imageOf(x.shape);
    const columns = tapsAlong(q, image[1], 1, attrs);
    const rows = tapsAlong(p, image[0], 0, attrs).map((h) => columns.reduce((total, w) => total + x.at(n, c, h, w), 0));
    return rows.reduce((total, row) => total + row, 0) / divisorAt(p, q, image, attrs);
  },
  terms: (_, attrs) => roundingsOf(attrs.window[0] * attrs.window[1], attrs),
  gradient: (dy, [x], attrs) => [() => avgPool2dGrad.one([dy], { ...attrs, image: imageOf(x.shape) })],
  half: true,
});

/**
 * dx[n,c,h,w] = Σ dy[n,c,p,q] / divisor(p, q) over the windows (p, q) that see (h, w).
 * dy [N, C, P, Q] → dx [N, C, H, W].
 */
export const avgPool2dGrad: Op<AvgPoolGradAttrs> = defineOp('avgPool2dGrad', {
  arity: 1,
  infer: ([dy], { image }) => [{ shape: [...dy.shape.slice(0, 2), ...image], dtype: 'f32' }],
  at: ([dy], [n, c, h, w], attrs) => {
    const { window, stride, padding, image } = attrs;
    const [, , P, Q] = sizes4(dy.shape);
    const [firstP, endP] = windowsOver(h, P, window[0], stride[0], padding[0]);
    const [firstQ, endQ] = windowsOver(w, Q, window[1], stride[1], padding[1]);
    return sumOver(endP - firstP, (i) =>
      sumOver(endQ - firstQ, (j) => {
        const [p, q] = [firstP + i, firstQ + j];
        return dy.at(n, c, p, q) / divisorAt(p, q, image, attrs);
      }),
    );
  },
  terms: (_, attrs) => roundingsOf(overlapOf(attrs) + 1, attrs),
  gradient: (ddx, _, { image: _image, ...attrs }) => [() => avgPool2dOp.one([ddx], attrs)],
  half: true,
});

function attrsFrom(x: Shape, options: AvgPoolOptions): AvgPoolAttrs {
  const { countIncludePad = true, divisorOverride } = options;
  const attrs = poolAttrs('avgPool2d', options);
  if (divisorOverride !== undefined) {
    mustBeWhole('avgPool2d', 'divisorOverride', divisorOverride, 1);
    return { ...attrs, divisor: divisorOverride };
  }
  const { window, stride, padding } = attrs;
  const results = imageOf(pooledShape('avgPool2d', x, attrs));
  const image = imageOf(x);
  const isWhole = ([0, 1] as const).every(
    (axis) =>
      (results[axis] - 1) * stride[axis] + window[axis] <= image[axis] + 2 * padding[axis] &&
      (countIncludePad || padding[axis] === 0),
  );
  return isWhole ? attrs : { ...attrs, divisor: countIncludePad ? 'padded' : 'image' };
}

/**
 * The mean of each window.
 *
 *   y[n,c,p,q] = 1/divisor · Σ_{r,s} x[n,c, p·stride+r−padding, q·stride+s−padding]
 *
 * The divisor is the number of pixels of the window: R·S, less those past the padded image that `ceilMode` lets it reach;
 * without `countIncludePad` only those of the image; or `divisorOverride`.
 *
 * @param x images [N, C, H, W]; outside the image x is 0
 * @returns y [N, C, P, Q] with P = ⌊(H + 2·padding − window) / stride⌋ + 1, and Q likewise; with `ceilMode` ⌈⌉, less a
 *   window that would begin past the image
 * @throws EngineError 'shape' if the window does not fit the padded image, the padding exceeds half a window, or the
 *   divisor is no whole number of at least 1
 * As torch.nn.functional.avg_pool2d.
 */
export const avgPool2d = (x: Tensor, options: AvgPoolOptions): Tensor =>
  avgPool2dOp.one([x], attrsFrom(x.shape, options));
