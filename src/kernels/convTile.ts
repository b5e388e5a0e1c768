import type { Conv2dSizes } from '../../shaders/conv2d.wgsl.js';
import type { GradWTile } from '../../shaders/conv2dGradWSplit.wgsl.js';
import type { ConvTile } from '../../shaders/conv2dTiled.wgsl.js';
import { evenly, lanesFor } from './tiling.js';

/** Sums that an invocation holds while a loop runs: past these, a software adapter's compiler takes too long. */
const MOST_SUMS = 56;
const MOST_PIXELS = 14;
const MOST_CHANNELS = 8;
/** Taps that one iteration adds to each sum: enough to outweigh carrying the sum from iteration to iteration. */
const ENOUGH_TAPS = 12;
/** Filters of one channel that may be read at literal indices, all in one text. */
const MOST_LITERAL_WEIGHTS = 64;
/** Past this width a window row is no text to unroll. */
const WIDEST_WINDOW = 16;

/** What the cut of a convolution depends on: one direction's result row, channels of a group, and window. */
interface Work {
  readonly width: number;
  readonly lines: number;
  readonly results: number;
  readonly summed: number;
  readonly groups: number;
  readonly window: readonly [number, number];
  /** Tiles must begin at multiples of this. */
  readonly stride: number;
}

/** How a row-tiled convolution cuts its work; undefined where a window is too wide to unroll. */
export function forwardTile({ N, C, K, P, Q, R, S, groups }: Conv2dSizes): ConvTile | undefined {
  const [results, summed] = [K / groups, C / groups];
  return tileOf({ width: Q, lines: N * P, results, summed, groups, window: [R, S], stride: 1 });
}

/** The same for the gradient by the images. */
export function gradXTile({ N, C, K, H, W, R, S, groups, stride }: Conv2dSizes): ConvTile | undefined {
  const [results, summed] = [C / groups, K / groups];
  return tileOf({ width: W, lines: N * H, results, summed, groups, window: [R, S], stride: stride[1] });
}

function tileOf({ width, lines, results, summed, groups, window: [R, S], stride }: Work): ConvTile | undefined {
  if (S > WIDEST_WINDOW) return undefined;
  const rows = R * S <= 25 ? R : 1;
  const depth = largestDivisor(summed, Math.max(1, Math.floor(ENOUGH_TAPS / (rows * S))));
  const tiles = Math.ceil(width / MOST_PIXELS);
  const pixels = tiles === 1 ? width : Math.ceil(width / tiles / stride) * stride;
  const oneIteration = depth === summed && rows === R;
  const all = oneIteration && groups === 1 && results * depth * R * S <= MOST_LITERAL_WEIGHTS;
  const channels = all
    ? results
    : evenly(results, Math.min(MOST_CHANNELS, Math.max(1, Math.floor(MOST_SUMS / pixels))));
  const invocations = lines * Math.ceil(width / pixels) * groups * Math.ceil(results / channels);
  return { pixels, channels, depth, rows, lanes: lanesFor(invocations) };
}

/** Invocations that keep a machine busy to the end. */
const ENOUGH_INVOCATIONS = 1024;

/** How the gradient by the filters cuts its work; undefined where a window is too wide to unroll. */
export function gradWTile({ N, C, K, R, S, P, Q, groups }: Conv2dSizes): GradWTile | undefined {
  if (S > WIDEST_WINDOW) return undefined;
  const rows = R * S <= 25 ? R : 1;
  const filters = evenly(K / groups, Math.min(MOST_CHANNELS, Math.max(1, Math.floor(MOST_SUMS / (rows * S)))));
  const blocks = groups * Math.ceil(K / groups / filters) * (R / rows);
  const channels = C / groups;
  const wanted = Math.min(N * P, Math.ceil(ENOUGH_INVOCATIONS / (blocks * channels)));
  const slices = Math.ceil((N * P) / Math.ceil((N * P) / wanted));
  return { filters, rows, pixels: evenly(Q, MOST_PIXELS), slices, lanes: lanesFor(slices * channels * blocks) };
}

const largestDivisor = (count: number, most: number): number => {
  let divisor = Math.min(count, most);
  while (count % divisor !== 0) divisor--;
  return divisor;
};
