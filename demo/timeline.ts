// The times of a step's dispatches, laid end to end, and under the adapter's roof.

import { roofOf, type Peaks } from '../bench/peaks.js';
import type { ShownDispatch } from './protocol/kernels.js';

/** A piece of the step. */
export interface Piece {
  /** In the plan's list, 0 for the first. */
  readonly position: number;
  readonly ms: number;
  /** Where it begins and ends, in parts of all of them. */
  readonly from: number;
  readonly to: number;
}

/** Pieces one after the other: in the order in which they run, or the longest first. */
export function timelineOf(ms: readonly number[], longestFirst = false): readonly Piece[] {
  const total = ms.reduce((sum, each) => sum + each, 0);
  const order = ms.map((each, position) => ({ ms: each, position }));
  if (longestFirst) order.sort((a, b) => b.ms - a.ms);
  let gone = 0;
  return order.map((one) => {
    const from = gone;
    gone += one.ms;
    return { ...one, from: from / total, to: gone / total };
  });
}

/** A kernel under the roof. */
export interface RoofPoint {
  readonly position: number;
  readonly kernel: string;
  readonly ms: number;
  /** Of the step. */
  readonly share: number;
  /** FLOP for each byte. */
  readonly intensity: number;
  readonly gflops: number;
  readonly gbytes: number;
  /** What it reaches of the most that it could. */
  readonly part: number;
}

/** Dispatches that compute, those that take longest first; what only moves data has no place under a roof. */
export function roofPoints(
  dispatches: readonly Pick<ShownDispatch, 'kernel' | 'flops' | 'bytes'>[],
  ms: readonly number[],
  peaks: Peaks,
): readonly RoofPoint[] {
  const total = ms.reduce((sum, each) => sum + each, 0);
  return dispatches
    .flatMap(({ kernel, flops, bytes }, position): readonly RoofPoint[] => {
      const own = ms[position] ?? 0;
      if (flops === 0 || !(own > 0)) return [];
      const gflops = flops / own / 1e6;
      const part = gflops / roofOf(peaks, flops, bytes);
      const gbytes = bytes / own / 1e6;
      return [{ position, kernel, ms: own, share: own / total, intensity: flops / bytes, gflops, gbytes, part }];
    })
    .sort((a, b) => b.ms - a.ms);
}
