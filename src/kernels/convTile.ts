import type { Conv2dSizes } from '../../shaders/conv2d.wgsl.js';
import type { GradWTile } from '../../shaders/conv2dGradWSplit.wgsl.js';
import type { ConvTile } from '../../shaders/conv2dTiled.wgsl.js';
import type { Dialect } from '../core/profile.js';
import { evenly, lanesFor } from './tiling.js';

// How convolutions are cut for software adapters. A load costs there as much as ten multiplications, a sum that a loop
// carries as much as three, so tiles are as large as the adapter's compiler takes in about half a second.

const MOST_PIXELS = 14;
/** Sums of one invocation; more where quads share loads, because it is the loads that the compiler is slow with. */
const MOST_SUMS = { alone: 56, quads: 112 };
const MOST_CHANNELS = 8;
/** Taps that one iteration adds to each sum: enough to outweigh carrying the sum from iteration to iteration. */
const ENOUGH_TAPS = 12;
/** Filters of one channel that may be read at literal indices, all in one text. */
const MOST_LITERAL_WEIGHTS = 64;
/** Past this width a window row is no text to unroll. */
const WIDEST_WINDOW = 16;
/** Invocations that keep a machine busy to the end, and the most partial sums that one invocation should add later. */
const ENOUGH_INVOCATIONS = { cpu: 256, gpu: 4096 };
const MOST_SLICES = 256;
/** Workgroups along one axis of a dispatch, on any adapter. */
const MOST_BLOCKS = 65_535;
/** Loads in the text of the gradient by the filters: past these the adapter's compiler takes too long. */
const MOST_LOADS = 140;

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

/**
 * How a row-tiled convolution cuts its work.
 * @param quads whether invocations share filters; undefined is returned where that gains nothing
 * @returns undefined also where a window is too wide to unroll
 */
export function forwardTile({ N, C, K, P, Q, R, S, groups }: Conv2dSizes, quads: boolean): ConvTile | undefined {
  const [results, summed] = [K / groups, C / groups];
  return tileOf({ width: Q, lines: N * P, results, summed, groups, window: [R, S], stride: 1 }, quads);
}

/** The same for the gradient by the images. */
export function gradXTile({ N, C, K, H, W, R, S, groups, stride }: Conv2dSizes, quads: boolean): ConvTile | undefined {
  const [results, summed] = [C / groups, K / groups];
  return tileOf({ width: W, lines: N * H, results, summed, groups, window: [R, S], stride: stride[1] }, quads);
}

function tileOf(work: Work, quads: boolean): ConvTile | undefined {
  const { width, lines, results, summed, groups, stride } = work;
  const [R, S] = work.window;
  if (S > WIDEST_WINDOW) return undefined;
  const rows = R * S <= 25 ? R : 1;
  const depth = largestDivisor(summed, Math.max(1, Math.floor(ENOUGH_TAPS / (rows * S))));
  const tiles = Math.ceil(width / MOST_PIXELS);
  const pixels = tiles === 1 ? width : Math.ceil(width / tiles / stride) * stride;
  const oneIteration = depth === summed && rows === R;
  const literal = oneIteration && groups === 1 && results * depth * R * S <= MOST_LITERAL_WEIGHTS;
  const most = Math.floor((quads ? MOST_SUMS.quads : MOST_SUMS.alone) / pixels);
  const channels = literal ? results : evenly(results, Math.min(MOST_CHANNELS, Math.max(1, most)));
  const blocks = groups * Math.ceil(results / channels);
  if (blocks > MOST_BLOCKS || (quads && (literal || channels < 3))) return undefined;
  const invocations = lines * Math.ceil(width / pixels) * blocks;
  return { pixels, channels, depth, rows, lanes: lanesFor(invocations), quads };
}

/**
 * How the gradient by the filters cuts its work.
 * @param quads whether invocations share slopes; undefined is returned where that gains nothing
 * @returns undefined also where a window is too wide to unroll
 */
export function gradWTile({ N, C, K, R, S, P, Q, groups }: Conv2dSizes, quads: boolean): GradWTile | undefined {
  if (S > WIDEST_WINDOW) return undefined;
  const [Kg, Cg] = [K / groups, C / groups];
  const share = quads ? shareOf(Cg, Kg, N * P) : 1;
  if (quads && share === 1) return undefined;
  const rows = R * S <= (quads ? 12 : 25) ? R : 1;
  const pixels = chunkOf(Q);
  const loads = (filters: number): number =>
    (Q % pixels > 0 ? 2 : 1) * (rows * (pixels + S - 1) + (filters / share) * pixels);
  let most = Math.min(MOST_CHANNELS, Math.max(1, Math.floor((quads ? 72 : MOST_SUMS.alone) / (rows * S))));
  while (most > share && loads(most) > MOST_LOADS) most--;
  const filters = Math.ceil(evenly(Kg, most) / share) * share;
  const blocks = groups * Math.ceil(Kg / filters) * (R / rows);
  return blocks > MOST_BLOCKS ? undefined : { filters, rows, pixels, share };
}

/** Workgroups along y of the gradient by the filters: blocks of filters, and window rows if each has its own. */
export const gradWBlocks = ({ K, R, groups }: Conv2dSizes, { filters, rows }: GradWTile): number =>
  groups * Math.ceil(K / groups / filters) * (R / rows);

/** Into how many partial sums the image rows of a batch are cut. */
export function slicesOf(sizes: Conv2dSizes, tile: GradWTile, dialect: Dialect): number {
  const { N, P, C, groups } = sizes;
  const wanted = ENOUGH_INVOCATIONS[dialect] / (gradWBlocks(sizes, tile) * (C / groups));
  return nearestDivisor(N * P, Math.min(MOST_SLICES, wanted), tile.share === 1 ? 1 : 4 / tile.share);
}

/** Pixels of a row that are multiplied at once: about ten, and if possible a divisor of the row, which saves a text. */
function chunkOf(width: number): number {
  if (width <= MOST_PIXELS) return width;
  const fit = [10, 9, 11, 8, 12, 7, 13, 14].find((pixels) => width % pixels === 0);
  return fit ?? evenly(width, MOST_PIXELS);
}

/** How many channels can share their slopes; two of a quad's four only where slices can be paired. */
function shareOf(channels: number, filters: number, lines: number): 1 | 2 | 4 {
  if (channels % 4 === 0 && filters >= 4) return 4;
  return channels % 2 === 0 && filters >= 2 && lines % 2 === 0 ? 2 : 1;
}

const largestDivisor = (count: number, most: number): number => {
  let divisor = Math.min(count, most);
  while (count % divisor !== 0) divisor--;
  return divisor;
};

/** The divisor of `count` that is a multiple of `unit` and has the smallest ratio to the one that is wanted. */
function nearestDivisor(count: number, wanted: number, unit: number): number {
  const distance = (divisor: number): number => Math.abs(Math.log(divisor / wanted));
  let nearest = count;
  for (let divisor = unit; divisor <= count; divisor += unit) {
    if (count % divisor === 0 && distance(divisor) < distance(nearest)) nearest = divisor;
  }
  return nearest;
}
