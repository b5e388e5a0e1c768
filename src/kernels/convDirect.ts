import type { Conv2dSizes } from '../../shaders/conv2d.wgsl.js';
import type { ConvTile } from '../../shaders/conv2dTiled.wgsl.js';
import { evenly } from './tiling.js';

// How convolutions of few channels are cut for GPUs: a few pixels of a row for a few channels an invocation, all in
// registers. Invocations of a workgroup read the same filters at the same time, which costs them one load together.

/**
 * Pixels of a row × channels an invocation, the most products for each load first: neighbouring pixels share filters and
 * what their windows have in common, channels share pixels.
 */
const CUTS = [
  [4, 8],
  [4, 4],
  [2, 4],
  [1, 4],
] as const;
/** Invocations below which cores are left without work: 64 cores of 128 each. */
const ENOUGH_INVOCATIONS = 8192;
const LANES = 64;
/** Products of one sum in one iteration: past these, a text is long and gains nothing. */
const MOST_TAPS = 25;
const WIDEST_WINDOW = 16;
/** Workgroups along one axis of a dispatch, on any adapter. */
const MOST_BLOCKS = 65_535;

/** The tile of a convolution; undefined for windows too wide to unroll. */
export const directForwardTile = (sizes: Conv2dSizes): ConvTile | undefined =>
  directTile(sizes, { width: sizes.Q, lines: sizes.N * sizes.P, channels: sizes.K / sizes.groups, stride: 1 });

/** The same for the gradient by the images, whose tiles begin at multiples of the stride. */
export const directGradXTile = (sizes: Conv2dSizes): ConvTile | undefined =>
  directTile(sizes, {
    width: sizes.W,
    lines: sizes.N * sizes.H,
    channels: sizes.C / sizes.groups,
    stride: sizes.stride[1],
  });

interface Work {
  readonly width: number;
  readonly lines: number;
  /** Channels of the result in a group. */
  readonly channels: number;
  readonly stride: number;
}

function directTile({ R, S, groups }: Conv2dSizes, work: Work): ConvTile | undefined {
  if (S > WIDEST_WINDOW) return undefined;
  const cuts = CUTS.map(([most, channels]) => ({
    // A row of one tile is never stepped, so it may have any number of pixels.
    pixels: Math.min(work.width, Math.ceil(most / work.stride) * work.stride),
    channels: evenly(work.channels, channels),
  }));
  const blocks = (channels: number): number => groups * Math.ceil(work.channels / channels);
  const fitting = cuts.filter(({ channels }) => blocks(channels) <= MOST_BLOCKS);
  const invocations = ({ pixels, channels }: (typeof cuts)[number]): number =>
    work.lines * Math.ceil(work.width / pixels) * blocks(channels);
  const cut = fitting.find((each) => invocations(each) >= ENOUGH_INVOCATIONS) ?? fitting.at(-1);
  return cut && { ...cut, depth: 1, rows: R * S <= MOST_TAPS ? R : 1, lanes: LANES, quads: false };
}
