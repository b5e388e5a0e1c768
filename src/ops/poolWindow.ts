import { EngineError } from '../core/errors.js';
import { mustBeWhole, mustHaveRank, sizes4, textOf, type Shape } from '../core/shape.js';
import { pairOf, reachOf, windowsAlong, type Pair } from './convWindow.js';

/** How a pooling window walks over an image; each pair is [rows, columns]. */
export interface PoolAttrs {
  readonly window: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly padding: readonly [number, number];
  /** Pixels between neighbouring taps of a window; absent for 1. */
  readonly dilation?: readonly [number, number];
  /** Whether a last window may reach past the padded image; absent for no. */
  readonly ceil?: true;
}

/** The attributes of a pool, and H and W of its image: stride and flooring hide them from y. */
export type PoolGradAttrs = PoolAttrs & { readonly image: readonly [number, number] };

export interface PoolOptions {
  /** Pixels of a window, at least 1: one number for both axes, or rows and columns. */
  readonly window: Pair;
  /** Pixels between neighbouring windows, at least 1; the window itself by default, so that windows tile the image. */
  readonly stride?: Pair;
  /** Pixels added on every side, at most half the window; 0 by default. */
  readonly padding?: Pair;
  /**
   * Whether pixels at the end that fill no window get one more, which reaches past the padded image; it must begin in
   * the image or in the padding before it. False by default.
   */
  readonly ceilMode?: boolean;
}

export interface MaxPoolOptions extends PoolOptions {
  /** Pixels between neighbouring taps of one window, at least 1; 1 by default. */
  readonly dilation?: Pair;
}

/** The attributes behind the options of a pool. */
export function poolAttrs(
  place: string,
  { window, stride, padding, dilation, ceilMode = false }: MaxPoolOptions,
): PoolAttrs {
  const sides = pairOf(window, 1);
  const steps = pairOf(dilation, 1);
  const attrs: PoolAttrs = { window: sides, stride: pairOf(stride ?? sides, 1), padding: pairOf(padding, 0) };
  for (const axis of [0, 1] as const) {
    mustBeWhole(place, 'window', attrs.window[axis], 1);
    mustBeWhole(place, 'stride', attrs.stride[axis], 1);
    mustBeWhole(place, 'padding', attrs.padding[axis], 0);
    mustBeWhole(place, 'dilation', steps[axis], 1);
    if (2 * attrs.padding[axis] > reachOf(sides[axis], steps[axis])) {
      throw new EngineError('shape', {
        place,
        given: `padding ${attrs.padding.join('×')} around windows of ${attrs.window.join('×')}`,
        wanted: 'at most half a window of padding, so that every window sees the image',
      });
    }
  }
  const isDense = steps[0] === 1 && steps[1] === 1;
  return { ...attrs, ...(isDense ? {} : { dilation: steps }), ...(ceilMode ? { ceil: true } : {}) };
}

/**
 * [N, C, H, W] → [N, C, P, Q] with P = ⌊(H + 2·padding − dilation·(window − 1) − 1) / stride⌋ + 1, and Q likewise; ⌈⌉
 * where a last window may reach past the image, less one that would begin past it.
 */
export function pooledShape(place: string, x: Shape, attrs: PoolAttrs): Shape {
  mustHaveRank(place, 'x', x, 4, '[N, C, H, W]');
  const [N, C, H, W] = sizes4(x);
  const counts = [countAlong(H, 0, attrs), countAlong(W, 1, attrs)] as const;
  const { window, padding, dilation = [1, 1] } = attrs;
  const dilated = attrs.dilation === undefined ? '' : ` with dilation ${dilation.join('×')}`;
  const given = `a ${window.join('×')} window${dilated} on a ${H}×${W} image with padding ${padding.join('×')} (x ${textOf(x)})`;
  if (counts[0] < 1 || counts[1] < 1) {
    throw new EngineError('shape', {
      place,
      given,
      wanted: 'a window that fits the padded image',
      wayOut: 'Use a smaller window.',
    });
  }
  if (isBlind(H, counts[0], 0, attrs) || isBlind(W, counts[1], 1, attrs)) {
    throw new EngineError('shape', { place, given, wanted: 'windows that each see a pixel of the image' });
  }
  return [N, C, ...counts];
}

function countAlong(size: number, axis: 0 | 1, attrs: PoolAttrs): number {
  const [window, stride, padding] = [attrs.window[axis], attrs.stride[axis], attrs.padding[axis]];
  const dilation = attrs.dilation?.[axis] ?? 1;
  if (attrs.ceil !== true) return windowsAlong(size, window, stride, padding, dilation);
  const count = windowsAlong(size, window, stride, padding, dilation, padding + stride - 1);
  return (count - 1) * stride >= size + padding ? count - 1 : count;
}

/** Whether the taps of some window leave out the whole image: dilation may step over it. */
function isBlind(size: number, count: number, axis: 0 | 1, attrs: PoolAttrs): boolean {
  if (attrs.dilation === undefined) return false;
  return Array.from({ length: count }, (_, p) => tapsAlong(p, size, axis, attrs)).some(({ length }) => length === 0);
}

/** The rows, or columns, of the image that a window sees, first to last. */
export function tapsAlong(result: number, size: number, axis: 0 | 1, attrs: PoolAttrs): number[] {
  const first = result * attrs.stride[axis] - attrs.padding[axis];
  const step = attrs.dilation?.[axis] ?? 1;
  return Array.from({ length: attrs.window[axis] }, (_, tap) => first + tap * step).filter(
    (at) => at >= 0 && at < size,
  );
}

/** The same windows without holes: all that lies between their first tap and their last. */
export const filled = ({ window, stride, padding, dilation = [1, 1] }: PoolAttrs): PoolAttrs => ({
  window: [reachOf(window[0], dilation[0]), reachOf(window[1], dilation[1])],
  stride,
  padding,
});

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
