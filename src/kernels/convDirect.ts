import type { Conv2dSizes } from '../../shaders/conv2d.wgsl.js';
import type { ConvTile } from '../../shaders/conv2dTiled.wgsl.js';

// How convolutions of few channels are cut for GPUs: a few pixels of a row for a few channels an invocation, all in
// registers. Invocations of a workgroup read the same filters at the same time, which costs them one load together.

/** Channels an invocation: each image number that it loads is used so often. */
const MOST_CHANNELS = 8;
/** Pixels an invocation, the most first: neighbours share what their windows have in common. */
const PIXELS = [4, 2, 1] as const;
/** Invocations below which cores are left without work: 64 cores of 256 each. */
const ENOUGH_INVOCATIONS = 16_384;
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
  const blocks = Math.ceil(work.channels / MOST_CHANNELS);
  if (groups * blocks > MOST_BLOCKS) return undefined;
  const channels = Math.ceil(work.channels / blocks);
  const invocations = (pixels: number): number => work.lines * Math.ceil(work.width / pixels) * groups * blocks;
  const sizes = PIXELS.map((pixels) => Math.ceil(pixels / work.stride) * work.stride).map((pixels) =>
    Math.min(pixels, Math.max(work.width, 1)),
  );
  const fitting = sizes.filter((pixels) => pixels === work.width || pixels % work.stride === 0);
  const pixels = fitting.find((count) => invocations(count) >= ENOUGH_INVOCATIONS) ?? fitting.at(-1) ?? work.width;
  return { pixels, channels, depth: 1, rows: R * S <= MOST_TAPS ? R : 1, lanes: LANES, quads: false };
}
