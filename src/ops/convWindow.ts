import { EngineError } from '../core/errors.js';
import { mustBeWhole, mustHaveRank, sizes4, textOf, type Shape } from '../core/shape.js';

/** How a window walks over an image; each pair is [rows, columns]. */
export interface Conv2dAttrs {
  readonly stride: readonly [number, number];
  /** Zeros before the first row and the first column: where the first window begins. */
  readonly padding: readonly [number, number];
  /**
   * Zeros after the last row and the last column, where they are not as many as before the first. They decide nothing
   * but how many windows there are; a number below zero leaves the last pixels out.
   */
  readonly end?: readonly [number, number];
  readonly dilation: readonly [number, number];
  readonly groups: number;
}

export type Pair = number | readonly [number, number];

/** Zeros around an image: as many on each side, for rows and columns, or [[top, bottom], [left, right]]. */
export type Sides = Pair | readonly [rows: readonly [number, number], columns: readonly [number, number]];

export interface Conv2dOptions {
  /** Pixels between neighbouring windows, at least 1; 1 by default. */
  readonly stride?: Pair;
  /**
   * Zeros around the image; 0 by default. 'valid' is 0. 'same' gives as many results as there are pixels, for stride 1
   * alone: dilation·(window − 1) zeros along each axis, half of them before, and the odd one after.
   */
  readonly padding?: Sides | 'same' | 'valid';
  /** Pixels between neighbouring taps of one window, at least 1; 1 by default. */
  readonly dilation?: Pair;
  /** Channels are split into so many independent convolutions; 1 by default. */
  readonly groups?: number;
}

/** A number for both axes, or one for each. */
export const pairOf = (value: Pair | undefined, otherwise: number): readonly [number, number] =>
  value === undefined ? [otherwise, otherwise] : typeof value === 'number' ? [value, value] : value;

/** Pixels from the first tap of a window to its last, both inclusive. */
export const reachOf = (window: number, dilation: number): number => dilation * (window - 1) + 1;

/** Windows along one axis: ⌊(size + padding + end − dilation·(window − 1) − 1) / stride⌋ + 1. */
export const windowsAlong = (
  size: number,
  window: number,
  stride: number,
  padding: number,
  dilation = 1,
  end = padding,
): number => Math.floor((size + padding + end - reachOf(window, dilation)) / stride) + 1;

/** The attributes behind the options of a convolution with filters w [K, C/groups, R, S]. */
export function convAttrs(place: string, options: Conv2dOptions, w: Shape): Conv2dAttrs {
  const [, , R, S] = sizes4(w);
  const stride = pairOf(options.stride, 1);
  const dilation = pairOf(options.dilation, 1);
  const groups = options.groups ?? 1;
  for (const axis of [0, 1] as const) {
    mustBeWhole(place, 'stride', stride[axis], 1);
    mustBeWhole(place, 'dilation', dilation[axis], 1);
  }
  mustBeWhole(place, 'groups', groups, 1);
  const { padding = 0 } = options;
  if (padding === 'same' && (stride[0] > 1 || stride[1] > 1)) {
    throw new EngineError('shape', {
      place,
      given: `padding 'same' with stride ${stride.join('×')}`,
      wanted: 'stride 1',
      wayOut: 'Give the padding as numbers.',
    });
  }
  const [rows, columns] =
    padding === 'same'
      ? [sameSides(R, dilation[0]), sameSides(S, dilation[1])]
      : sidesOf(padding === 'valid' ? 0 : padding);
  for (const zeros of [rows[0], columns[0], rows[1], columns[1]]) mustBeWhole(place, 'padding', zeros, 0);
  const attrs: Conv2dAttrs = { stride, padding: [rows[0], columns[0]], dilation, groups };
  return rows[0] === rows[1] && columns[0] === columns[1] ? attrs : { ...attrs, end: [rows[1], columns[1]] };
}

const sameSides = (window: number, dilation: number): readonly [number, number] => {
  const zeros = dilation * (window - 1);
  return [Math.floor(zeros / 2), Math.ceil(zeros / 2)];
};

/** [before, after] along rows, and along columns. */
function sidesOf(padding: Sides): readonly [readonly [number, number], readonly [number, number]] {
  if (typeof padding === 'number') return sidesOf([padding, padding]);
  const [rows, columns] = padding;
  return [typeof rows === 'number' ? [rows, rows] : rows, typeof columns === 'number' ? [columns, columns] : columns];
}

/** x [N, C, H, W], w [K, C/groups, R, S] → y [N, K, P, Q]. */
export function convShape(place: string, x: Shape, w: Shape, attrs: Conv2dAttrs): Shape {
  const { stride, padding, end = padding, dilation, groups } = attrs;
  mustHaveRank(place, 'x', x, 4, '[N, C, H, W]');
  mustHaveRank(place, 'w', w, 4, '[K, C/groups, R, S]');
  const [N, C, H, W] = sizes4(x);
  const [K, Cg, R, S] = sizes4(w);
  if (C !== Cg * groups || K % groups !== 0) {
    throw new EngineError('shape', {
      place,
      given: `${C} channels and ${K} filters of ${Cg} channels in ${groups} groups (x ${textOf(x)}, w ${textOf(w)})`,
      wanted: 'channels = groups × channels of a filter, and a number of filters that groups divide',
    });
  }
  const P = windowsAlong(H, R, stride[0], padding[0], dilation[0], end[0]);
  const Q = windowsAlong(W, S, stride[1], padding[1], dilation[1], end[1]);
  if (P < 1 || Q < 1) {
    const sides = attrs.end === undefined ? padding.join('×') : `${textOf(padding)} before and ${textOf(end)} after`;
    throw new EngineError('shape', {
      place,
      given: `a ${R}×${S} window with dilation ${dilation.join('×')} on a ${H}×${W} image with padding ${sides}`,
      wanted: 'a window that fits the padded image',
      wayOut: 'Add padding or use a smaller window.',
    });
  }
  return [N, K, P, Q];
}

/** The same convolution with exactly so many windows on an image of so many pixels, whatever its settings would make of it. */
export function withWindows(
  attrs: Conv2dAttrs,
  image: readonly [number, number],
  window: readonly [number, number],
  counts: readonly [number, number],
): Conv2dAttrs {
  const { stride, padding, end = padding, dilation, groups } = attrs;
  const endOf = (axis: 0 | 1): number => {
    const own = windowsAlong(image[axis], window[axis], stride[axis], padding[axis], dilation[axis], end[axis]);
    const last = (counts[axis] - 1) * stride[axis] + reachOf(window[axis], dilation[axis]);
    return own === counts[axis] ? end[axis] : last - padding[axis] - image[axis];
  };
  const ends = [endOf(0), endOf(1)] as const;
  const plain = { stride, padding, dilation, groups };
  return ends[0] === padding[0] && ends[1] === padding[1] ? plain : { ...plain, end: ends };
}
