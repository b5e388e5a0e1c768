import { EngineError } from '../core/errors.js';
import { mustBeWhole, mustHaveRank, sizes4, textOf, type Shape } from '../core/shape.js';
import { pairOf, windowsAlong } from './convWindow.js';

/** How a pooling window walks over an image; each pair is [rows, columns]. */
export interface PoolAttrs {
  readonly window: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly padding: readonly [number, number];
}

/** The attributes of a pool, and H and W of its image: stride and flooring hide them from y. */
export type PoolGradAttrs = PoolAttrs & { readonly image: readonly [number, number] };

export interface PoolOptions {
  /** Pixels of a window, at least 1: one number for both axes, or rows and columns. */
  readonly window: number | readonly [number, number];
  /** Pixels between neighbouring windows, at least 1; the window itself by default, so that windows tile the image. */
  readonly stride?: number | readonly [number, number];
  /** Pixels added on every side, at most half the window; 0 by default. */
  readonly padding?: number | readonly [number, number];
}

/** The attributes behind the options of a pool. */
export function poolAttrs(place: string, { window, stride, padding }: PoolOptions): PoolAttrs {
  const sides = pairOf(window, 1);
  const attrs: PoolAttrs = { window: sides, stride: pairOf(stride ?? sides, 1), padding: pairOf(padding, 0) };
  for (const axis of [0, 1] as const) {
    mustBeWhole(place, 'window', attrs.window[axis], 1);
    mustBeWhole(place, 'stride', attrs.stride[axis], 1);
    mustBeWhole(place, 'padding', attrs.padding[axis], 0);
    if (2 * attrs.padding[axis] > attrs.window[axis]) {
      throw new EngineError('shape', {
        place,
        given: `padding ${attrs.padding.join('×')} around windows of ${attrs.window.join('×')}`,
        wanted: 'at most half a window of padding, so that every window sees the image',
      });
    }
  }
  return attrs;
}

/** [N, C, H, W] → [N, C, P, Q] with P = ⌊(H + 2·padding − window) / stride⌋ + 1, and Q likewise. */
export function pooledShape(place: string, x: Shape, { window, stride, padding }: PoolAttrs): Shape {
  mustHaveRank(place, 'x', x, 4, '[N, C, H, W]');
  const [N, C, H, W] = sizes4(x);
  const P = windowsAlong(H, window[0], stride[0], padding[0]);
  const Q = windowsAlong(W, window[1], stride[1], padding[1]);
  if (P < 1 || Q < 1) {
    throw new EngineError('shape', {
      place,
      given: `a ${window.join('×')} window on a ${H}×${W} image with padding ${padding.join('×')} (x ${textOf(x)})`,
      wanted: 'a window that fits the padded image',
      wayOut: 'Use a smaller window.',
    });
  }
  return [N, C, P, Q];
}

/** H and W of a batch of images. */
export function imageOf(x: Shape): readonly [number, number] {
  const [, , H, W] = sizes4(x);
  return [H, W];
}

/** Along one axis, the windows that see a pixel: the first, and one past the last. */
export function windowsOver(
  pixel: number,
  count: number,
  window: number,
  stride: number,
  padding: number,
): readonly [first: number, end: number] {
  const position = pixel + padding;
  return [
    Math.max(0, Math.floor((position - window) / stride) + 1),
    Math.min(count, Math.floor(position / stride) + 1),
  ];
}

/** Most windows that one pixel can lie in. */
export const overlapOf = ({ window, stride }: PoolAttrs): number =>
  Math.ceil(window[0] / stride[0]) * Math.ceil(window[1] / stride[1]);
