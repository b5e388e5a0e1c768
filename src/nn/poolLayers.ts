import {
  adaptiveAvgPool2d as adaptiveAvg,
  adaptiveMaxPool2d as adaptiveMax,
  globalAvgPool as globalAvg,
  globalMaxPool as globalMax,
} from '../ops/adaptivePool2d.js';
import { avgPool2d as avgPool, type AvgPoolOptions } from '../ops/avgPool2d.js';
import { pairOf, type Pair } from '../ops/convWindow.js';
import { maxPool2d as maxPool } from '../ops/maxPool2d.js';
import {
  adaptiveAvgPool1d as adaptiveAvgLine,
  adaptiveMaxPool1d as adaptiveMaxLine,
  avgPool1d as avgPoolLine,
  maxPool1d as maxPoolLine,
  type AvgPool1dOptions,
  type MaxPool1dOptions,
} from '../ops/pool1d.js';
import type { MaxPoolOptions } from '../ops/poolWindow.js';
import type { Layer } from './layer.js';

export type MaxPoolLayerOptions = Omit<MaxPoolOptions, 'window'>;
export type AvgPoolLayerOptions = Omit<AvgPoolOptions, 'window'>;
export type MaxPool1dLayerOptions = Omit<MaxPool1dOptions, 'window'>;
export type AvgPool1dLayerOptions = Omit<AvgPool1dOptions, 'window'>;

const named = (kind: string, sizes: Pair): string => `${kind} ${pairOf(sizes, 1).join('×')}`;

/** The largest value of each window of [N, C, H, W]. */
export const maxPool2d = (window: Pair, options: MaxPoolLayerOptions = {}): Layer => ({
  label: named('maxPool2d', window),
  apply: (x) => maxPool(x, { window, ...options }),
});

/** The mean of each window of [N, C, H, W]; padding counts as zeros unless the options say otherwise. */
export const avgPool2d = (window: Pair, options: AvgPoolLayerOptions = {}): Layer => ({
  label: named('avgPool2d', window),
  apply: (x) => avgPool(x, { window, ...options }),
});

/** The largest value of each window of [N, C, L]. */
export const maxPool1d = (window: number, options: MaxPool1dLayerOptions = {}): Layer => ({
  label: `maxPool1d ${window}`,
  apply: (x) => maxPoolLine(x, { window, ...options }),
});

/** The mean of each window of [N, C, L]; padding counts as zeros unless the options say otherwise. */
export const avgPool1d = (window: number, options: AvgPool1dLayerOptions = {}): Layer => ({
  label: `avgPool1d ${window}`,
  apply: (x) => avgPoolLine(x, { window, ...options }),
});

/** The means of so many windows that cover [N, C, H, W], whatever H and W are. */
export const adaptiveAvgPool2d = (size: Pair): Layer => ({
  label: named('adaptiveAvgPool2d', size),
  apply: (x) => adaptiveAvg(x, size),
});

/** The largest values of so many windows that cover [N, C, H, W], whatever H and W are. */
export const adaptiveMaxPool2d = (size: Pair): Layer => ({
  label: named('adaptiveMaxPool2d', size),
  apply: (x) => adaptiveMax(x, size),
});

/** The means of so many windows that cover [N, C, L], whatever L is. */
export const adaptiveAvgPool1d = (size: number): Layer => ({
  label: `adaptiveAvgPool1d ${size}`,
  apply: (x) => adaptiveAvgLine(x, size),
});

/** The largest values of so many windows that cover [N, C, L], whatever L is. */
export const adaptiveMaxPool1d = (size: number): Layer => ({
  label: `adaptiveMaxPool1d ${size}`,
  apply: (x) => adaptiveMaxLine(x, size),
});

/** The mean of each channel's image: [N, C, H, W] → [N, C, 1, 1]; `flatten` makes [N, C] of it. */
export const globalAvgPool = (): Layer => ({ label: 'globalAvgPool', apply: globalAvg });

/** The largest pixel of each channel: [N, C, H, W] → [N, C, 1, 1]; `flatten` makes [N, C] of it. */
export const globalMaxPool = (): Layer => ({ label: 'globalMaxPool', apply: globalMax });
