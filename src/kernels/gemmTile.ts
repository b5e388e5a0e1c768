import { termsOf, type ConvGemmTile } from '../../shaders/convGemm.wgsl.js';
import type { Conv2dSizes } from '../../shaders/conv2d.wgsl.js';
import { gradWColumns, type GradWGemmTile } from '../../shaders/convGemmGradW.wgsl.js';
import { extentOf, gemmBytes, lanesOf, type GemmTile } from '../../shaders/lib/gemmTile.js';
import type { Profile } from '../core/profile.js';
import type { Variant } from './kernel.js';

// Which tile of workgroup memory a product gets on a GPU. Large tiles stage fewer numbers for each product and small
// ones leave work for every core; tiles that are far from square fit convolutions of few channels.

/** Rows × columns: 128 × 64, 64 × 64, 32 × 64, 64 × 16, 32 × 32, 16 × 64, 8 × 128, 16 × 32. */
export const TILES: readonly GemmTile[] = [
  { lanes: [16, 16], each: [8, 4] },
  { lanes: [16, 16], each: [4, 4] },
  { lanes: [8, 16], each: [4, 4] },
  { lanes: [16, 4], each: [4, 4] },
  { lanes: [8, 8], each: [4, 4] },
  { lanes: [4, 16], each: [4, 4] },
  { lanes: [2, 32], each: [4, 4] },
  { lanes: [4, 8], each: [4, 4] },
];

/** 128 × 128: the fewest loads for each product, but so many registers that convolutions have none left for addresses. */
export const LARGEST: GemmTile = { lanes: [16, 16], each: [8, 8] };

/** GPUs have 32 to 128 cores; a plan is made for one in between, and its tiles are at most twice too large or small. */
const CORES = 64;
/** Workgroups that a core needs at once: while one waits for memory or at a barrier, others multiply. */
const RESIDENT = 4;
/** Workgroups that keep every core busy. */
export const ENOUGH_WORKGROUPS = CORES * RESIDENT;
/** Instructions beside the one of each product: to load an entry of four numbers from a tile, and to stage one number. */
const INSTRUCTIONS = { entry: 2, staged: 4 } as const;
/** What every adapter offers. */
const MOST_BYTES = 16_384;
/** Workgroups along one axis of a dispatch, on any adapter. */
const MOST_BLOCKS = 65_535;

/** A product of matrices, as often as there are groups. */
export interface GemmWork {
  readonly rows: number;
  readonly columns: number;
  readonly groups: number;
  /** Slices that its sums may be cut into. */
  readonly slices: number;
}

/** Workgroups of a product whose sums are not cut. */
export function workgroupsOf({ rows, columns, groups }: GemmWork, tile: GemmTile): number {
  const [tileRows, tileColumns] = extentOf(tile);
  return groups * Math.ceil(rows / tileRows) * Math.ceil(columns / tileColumns);
}

/** Instructions of a workgroup for one term of its sums. */
function instructionsOf(tile: GemmTile): number {
  const [rows, columns] = tile.each;
  const [tileRows, tileColumns] = extentOf(tile);
  const own = rows * columns + ((rows + columns) / 4) * INSTRUCTIONS.entry;
  return lanesOf(tile) * own + (tileRows + tileColumns) * INSTRUCTIONS.staged;
}

/**
 * The tile with which the busiest core has least to do. A core that has fewer workgroups than it can hold waits for
 * memory as long as if it were full, so fewer of them gain nothing: a product that cannot fill the GPU gets small tiles.
 * What a tile computes past the edges of the matrix counts as well.
 */
export function gemmTileOf<T extends GemmTile>(work: GemmWork, tiles: readonly T[]): T | undefined {
  const timeOf = (tile: T): number => {
    const workgroups = workgroupsOf(work, tile);
    const slices = Math.min(work.slices, Math.max(1, ENOUGH_WORKGROUPS / workgroups));
    return (instructionsOf(tile) * Math.max(ENOUGH_WORKGROUPS, workgroups * slices)) / slices;
  };
  let best: T | undefined;
  for (const tile of tiles) if (best === undefined || timeOf(tile) < timeOf(best)) best = tile;
  return best;
}

/** Channels below which a product's tiles are mostly edge, and a kernel without workgroup memory does better. */
const FEWEST_CHANNELS = 8;
/** Channels of the result that are enough where a product takes whole dispatches along: half of the flattest tile. */
export const FEWEST_FUSED = 4;
/** Past this many taps, one row of a window at a time. */
const MOST_TAPS = 25;
const WIDEST_WINDOW = 16;
/** Terms at once: fewer where a tile is small, whose workgroups are many on a core. */
const termsWanted = (tile: GemmTile): number => (lanesOf(tile) >= 64 ? 18 : 9);

/** The tile of a convolution; undefined for few channels, or windows too wide for workgroup memory. */
export const forwardGemm = (sizes: Conv2dSizes): ConvGemmTile | undefined => {
  const { N, C, K, P, Q, groups } = sizes;
  return convGemm(sizes, { rows: K / groups, columns: N * P * Q, groups, slices: 1 }, C / groups);
};

/**
 * The same for the gradient by the images.
 * @param fewest channels of the result below which there is none
 */
export const gradXGemm = (sizes: Conv2dSizes, fewest = FEWEST_CHANNELS): ConvGemmTile | undefined => {
  const { N, C, K, H, W, groups } = sizes;
  return convGemm(sizes, { rows: C / groups, columns: N * H * W, groups, slices: 1 }, K / groups, fewest);
};

function convGemm(
  sizes: Conv2dSizes,
  work: GemmWork,
  summed: number,
  fewest = FEWEST_CHANNELS,
): ConvGemmTile | undefined {
  const { R, S } = sizes;
  if (S > WIDEST_WINDOW || work.rows < fewest || summed < FEWEST_CHANNELS) return undefined;
  const rows = R * S <= MOST_TAPS ? R : 1;
  const tiles = TILES.map((tile) => ({ ...tile, rows, depth: depthOf(summed, termsWanted(tile) / (rows * S)) }));
  const fitting = tiles.filter(
    (tile) =>
      gemmBytes(tile, termsOf(sizes, tile)) <= MOST_BYTES &&
      work.groups * Math.ceil(work.rows / extentOf(tile)[0]) <= MOST_BLOCKS,
  );
  return gemmTileOf(work, fitting);
}

/** Channels at once: a divisor of all if one is near, so that no iteration tests for the end. */
function depthOf(summed: number, wanted: number): number {
  const most = Math.max(1, Math.min(summed, Math.floor(wanted)));
  for (let depth = most; depth > most / 2; depth--) if (summed % depth === 0) return depth;
  return most;
}

/** Planes that a weight's sum may be put together from: the second dispatch reads them one after another. */
const MOST_SLICES = 64;
/** Iterations of a slice: fewer do not outweigh its stores. */
const FEWEST_STEPS = 4;
const FEWEST_FILTERS = 8;
/** Taps of all channels of a group: a product of fewer columns is all edge. */
const FEWEST_TAPS = 9;

/**
 * The tile of the gradient by the filters, and its slices; undefined for few filters or taps.
 * @param bias whether the sums of the slopes are one more column
 * @param fewest filters below which there is none
 */
export function gradWGemm(sizes: Conv2dSizes, bias = false, fewest = FEWEST_FILTERS): GradWGemmTile | undefined {
  const { N, K, P, Q, groups } = sizes;
  const [filters, columns] = [K / groups, gradWColumns(sizes, bias)];
  if (filters < fewest || gradWColumns(sizes, false) < FEWEST_TAPS) return undefined;
  const depthAt = (tile: GemmTile): number => (lanesOf(tile) >= 64 ? 16 : 8);
  const work = { rows: filters, columns, groups, slices: slicesUpTo(N * P * Q, 16) };
  const tile = gemmTileOf(
    work,
    TILES.filter((each) => groups * Math.ceil(filters / extentOf(each)[0]) <= MOST_BLOCKS),
  );
  if (tile === undefined) return undefined;
  const depth = depthAt(tile);
  const slices = Math.min(slicesUpTo(N * P * Q, depth), Math.ceil(ENOUGH_WORKGROUPS / workgroupsOf(work, tile)));
  return { ...tile, depth, steps: Math.ceil((N * P * Q) / depth / slices) };
}

const slicesUpTo = (pixels: number, depth: number): number =>
  Math.max(1, Math.min(MOST_SLICES, Math.floor(pixels / (depth * FEWEST_STEPS))));

/** A variant for GPUs with so much workgroup memory, in workgroups of so many invocations. */
export const sharedVariant = (name: string, bytes: number, lanes: number, steps: Variant['steps']): Variant => ({
  name,
  dialect: 'gpu',
  fits: ({ limits }: Profile) =>
    limits.maxComputeWorkgroupStorageSize >= bytes && limits.maxComputeInvocationsPerWorkgroup >= lanes,
  steps,
});
