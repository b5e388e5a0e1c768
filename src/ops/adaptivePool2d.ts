import { mustBeWhole, mustHaveRank, sizes4, type Shape } from '../core/shape.js';
import type { Tensor } from '../graph/graph.js';
import { defineOp, sumOver, type Op } from '../graph/op.js';
import { avgPool2d } from './avgPool2d.js';
import { pairOf, type Pair } from './convWindow.js';
import { largestOf, maxPool2d, maxPool2dGrad } from './maxPool2d.js';
import { imageOf, type PoolAttrs } from './poolWindow.js';
import { mean } from './reduce.js';

// Pools that cut an image into so many windows, whatever its size. Windows along an axis differ by at most a pixel or
// two: the p-th of P over `size` pixels is [⌊p·size/P⌋, ⌈(p+1)·size/P⌉), and neighbours may share a pixel.

/** Rows and columns of the result. */
export interface AdaptiveAttrs {
  readonly size: readonly [number, number];
}

/** H and W of the image. */
export interface AdaptiveGradAttrs {
  readonly image: readonly [number, number];
}

/** Roundings of a division: WGSL allows it 2.5 ULP. */
const DIVISION = 5;

/** The pixels of a window along one axis: the first, and one past the last. */
export const windowAlong = (p: number, count: number, size: number): readonly [first: number, end: number] => [
  Math.floor((p * size) / count),
  Math.ceil(((p + 1) * size) / count),
];

const pixelsOf = (p: number, count: number, size: number): number[] => {
  const [first, end] = windowAlong(p, count, size);
  return Array.from({ length: end - first }, (_, i) => first + i);
};

/** The windows that see a pixel: the first, and one past the last. */
const windowsAt = (pixel: number, count: number, size: number): readonly [first: number, end: number] => [
  Math.floor((pixel * count) / size),
  Math.ceil(((pixel + 1) * count) / size),
];

const pooled = (x: Shape, { size }: AdaptiveAttrs): Shape => [...x.slice(0, 2), ...size];

/** The most pixels of a window, or windows of a pixel. */
const most = (of: readonly [number, number], among: readonly [number, number]): number =>
  (Math.ceil(of[0] / among[0]) + 1) * (Math.ceil(of[1] / among[1]) + 1);

/** The node behind `adaptiveAvgPool2d` where windows are unequal. */
export const adaptiveAvgPool2dOp: Op<AdaptiveAttrs> = defineOp('adaptiveAvgPool2d', {
  arity: 1,
  infer: ([x], attrs) => [{ shape: pooled(x.shape, attrs), dtype: 'f32' }],
  at: ([x], [n, c, p, q], { size: [P, Q] }) => {
    const [, , H, W] = sizes4(x.shape);
    const [rows, columns] = [pixelsOf(p, P, H), pixelsOf(q, Q, W)];
    const total = rows.reduce((sum, h) => columns.reduce((row, w) => row + x.at(n, c, h, w), sum), 0);
    return total / (rows.length * columns.length);
  },
  terms: ([x], { size }) => most(imageOf(x.shape), size) + DIVISION,
  gradient: (dy, [x]) => [() => adaptiveAvgPool2dGrad.one([dy], { image: imageOf(x.shape) })],
  half: true,
});

/**
 * dx[n,c,h,w] = Σ dy[n,c,p,q] / (pixels of window p, q) over the windows that see (h, w).
 * dy [N, C, P, Q] → dx [N, C, H, W].
 */
export const adaptiveAvgPool2dGrad: Op<AdaptiveGradAttrs> = defineOp('adaptiveAvgPool2dGrad', {
  arity: 1,
  infer: ([dy], { image }) => [{ shape: [...dy.shape.slice(0, 2), ...image], dtype: 'f32' }],
  at: ([dy], [n, c, h, w], { image: [H, W] }) => {
    const [, , P, Q] = sizes4(dy.shape);
    const [firstP, endP] = windowsAt(h, P, H);
    const [firstQ, endQ] = windowsAt(w, Q, W);
    return sumOver(endP - firstP, (i) =>
      sumOver(endQ - firstQ, (j) => {
        const [p, q] = [firstP + i, firstQ + j];
        return dy.at(n, c, p, q) / (pixelsOf(p, P, H).length * pixelsOf(q, Q, W).length);
      }),
    );
  },
  terms: ([dy], { image }) => most(imageOf(dy.shape), image) + DIVISION,
  gradient: (ddx, [dy]) => [() => adaptiveAvgPool2dOp.one([ddx], { size: imageOf(dy.shape) })],
  half: true,
});

/** The node behind `adaptiveMaxPool2d` where windows are unequal; output 1 is the winners, as of `maxPool2d`. */
export const adaptiveMaxPool2dOp: Op<AdaptiveAttrs> = defineOp('adaptiveMaxPool2d', {
  arity: 1,
  infer: ([x], attrs) => {
    const shape = pooled(x.shape, attrs);
    return [
      { shape, dtype: 'f32' },
      { shape, dtype: 'u32' },
    ];
  },
  at: ([x], [n, c, p, q], { size: [P, Q] }, output) => {
    const [, , H, W] = sizes4(x.shape);
    return largestOf(pixelsOf(p, P, H), pixelsOf(q, Q, W), W, (h, w) => x.at(n, c, h, w))[output] ?? NaN;
  },
  terms: () => 0,
  gradient: (dy, [x], attrs, [, index]) => [
    () => maxPool2dGrad.one([dy, index], { ...covering(imageOf(x.shape), attrs), image: imageOf(x.shape) }),
  ],
  half: true,
});

/**
 * Windows of one size and stride that hold the unequal ones, window for window: enough to find who asks for a pixel,
 * since the winners say who has it.
 */
function covering(image: readonly [number, number], { size }: AdaptiveAttrs): PoolAttrs {
  const along = (axis: 0 | 1) => {
    const count = size[axis];
    const stride = Math.max(1, Math.floor(image[axis] / count));
    const windows = Array.from({ length: count }, (_, p) => {
      const [first, end] = windowAlong(p, count, image[axis]);
      return [first - p * stride, end - p * stride] as const;
    });
    const padding = Math.max(0, ...windows.map(([first]) => -first));
    return { stride, padding, window: padding + Math.max(...windows.map(([, end]) => end)) };
  };
  const [rows, columns] = [along(0), along(1)];
  return {
    window: [rows.window, columns.window],
    stride: [rows.stride, columns.stride],
    padding: [rows.padding, columns.padding],
  };
}

/** The size that is asked for, and the windows if they are all alike. */
function planOf(place: string, x: Shape, size: Pair): AdaptiveAttrs & { readonly even?: readonly [number, number] } {
  mustHaveRank(place, 'x', x, 4, '[N, C, H, W]');
  const wanted = pairOf(size, 1);
  for (const axis of [0, 1] as const) mustBeWhole(place, 'size', wanted[axis], 1);
  const [H, W] = imageOf(x);
  const isEven = H % wanted[0] === 0 && W % wanted[1] === 0;
  return { size: wanted, ...(isEven ? { even: [H / wanted[0], W / wanted[1]] } : {}) };
}

/**
 * The means of P × Q windows that cover the image, whatever its size.
 *
 *   y[n,c,p,q] = mean of x[n,c,h,w] over ⌊p·H/P⌋ ≤ h < ⌈(p+1)·H/P⌉, and so for w
 *
 * @param x images [N, C, H, W]
 * @param size P and Q, or one number for both; they may exceed H and W
 * @returns y [N, C, P, Q]
 * @throws EngineError 'shape' if x is no batch of images or a size is no whole number of at least 1
 * As torch.nn.functional.adaptive_avg_pool2d.
 */
export function adaptiveAvgPool2d(x: Tensor, size: Pair): Tensor {
  const { even, ...attrs } = planOf('adaptiveAvgPool2d', x.shape, size);
  if (even === undefined) return adaptiveAvgPool2dOp.one([x], attrs);
  return attrs.size[0] * attrs.size[1] === 1 ? globalAvgPool(x) : avgPool2d(x, { window: even });
}

/**
 * The largest values of P × Q windows that cover the image, as `adaptiveAvgPool2d` cuts it. The gradient flows to the
 * winner of each window, as that of `maxPool2d`.
 * @param x images [N, C, H, W]
 * @param size P and Q, or one number for both; they may exceed H and W
 * @returns y [N, C, P, Q]
 * @throws EngineError 'shape' if x is no batch of images or a size is no whole number of at least 1
 * As torch.nn.functional.adaptive_max_pool2d.
 */
export function adaptiveMaxPool2d(x: Tensor, size: Pair): Tensor {
  const { even, ...attrs } = planOf('adaptiveMaxPool2d', x.shape, size);
  return even === undefined ? (adaptiveMaxPool2dOp.apply([x], attrs)[0] as Tensor) : maxPool2d(x, { window: even });
}

/** The mean of each channel's image: [N, C, H, W] → [N, C, 1, 1]. As ONNX GlobalAveragePool. */
export function globalAvgPool(x: Tensor): Tensor {
  mustHaveRank('globalAvgPool', 'x', x.shape, 4, '[N, C, H, W]');
  return mean(x, [2, 3], { keepDims: true });
}

/** The largest pixel of each channel: [N, C, H, W] → [N, C, 1, 1]. As ONNX GlobalMaxPool. */
export function globalMaxPool(x: Tensor): Tensor {
  mustHaveRank('globalMaxPool', 'x', x.shape, 4, '[N, C, H, W]');
  return maxPool2d(x, { window: imageOf(x.shape) });
}
