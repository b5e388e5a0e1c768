import { avgPool2d as avgPool } from '../ops/avgPool2d.js';
import { pairOf } from '../ops/convWindow.js';
import { maxPool2d as maxPool } from '../ops/maxPool2d.js';
import type { Layer } from './layer.js';

export interface PoolLayerOptions {
  /** The window's size by default. */
  readonly stride?: number | readonly [number, number];
  /** 0 by default, at most half the window. */
  readonly padding?: number | readonly [number, number];
}

/** The largest value of each window of [N, C, H, W]. */
export const maxPool2d = (window: number | readonly [number, number], options: PoolLayerOptions = {}): Layer => ({
  label: `maxPool2d ${pairOf(window, 1).join('×')}`,
  apply: (x) => maxPool(x, { window, ...options }),
});

/** The mean of each window of [N, C, H, W]; padding counts as zeros. */
export const avgPool2d = (window: number | readonly [number, number], options: PoolLayerOptions = {}): Layer => ({
  label: `avgPool2d ${pairOf(window, 1).join('×')}`,
  apply: (x) => avgPool(x, { window, ...options }),
});
