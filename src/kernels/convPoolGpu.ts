import type { Conv2dSizes } from '../../shaders/conv2d.wgsl.js';
import {
  convPoolBytes,
  convPoolGpu,
  convPoolGroups,
  type ConvPoolTile,
  type PoolAfter,
} from '../../shaders/convPoolGpu.wgsl.js';
import { sizeOf } from '../core/shape.js';
import type { Tensor } from '../graph/graph.js';
import { conv2dFlops } from './conv2dSizes.js';
import type { Gathered } from './gathered.js';
import { sharedVariant } from './gemmTile.js';
import type { Variant } from './kernel.js';

/** A convolution, what follows it up to its pool, and a relu behind the pool. */
export interface ConvPool {
  readonly sizes: Conv2dSizes;
  readonly pool: Pick<PoolAfter, 'window' | 'stride' | 'padding'>;
  readonly x: Tensor;
  /** Where x is gathered from, to read it there; absent where it is in memory. */
  readonly gathered?: Gathered | undefined;
  readonly w: Tensor;
  /** [K] in memory, whatever its shape; absent for none. */
  readonly b?: Tensor | undefined;
  /** On which side of the pool: the values are the same, but of two numbers below zero the larger wins only after it. */
  readonly relu?: 'before' | 'after' | undefined;
  readonly y: Tensor;
  /** The winners' places; absent where nobody reads them. */
  readonly index?: Tensor | undefined;
}

/** Sums in the registers of an invocation: past these, too few invocations fit a core. */
const MOST_SUMS = 64;
/** Pixels of a window, and taps of a filter, that are unrolled. */
const MOST_WINDOW = 9;
const MOST_TAPS = 25;
/** Taps whose filters are in workgroup memory at once: 2 KB of eight channels. */
const MOST_STAGED = 64;
/** Invocations below which cores are left without work: 64 cores of 128 each. */
const ENOUGH_INVOCATIONS = 8192;
const LANES = 64;
/** Workgroups along one axis of a dispatch, on any adapter. */
const MOST_BLOCKS = 65_535;

/** As much in registers as leaves every core work, wide before deep: windows side by side share what they load. */
export function convPoolTile(sizes: Conv2dSizes, pool: PoolAfter): ConvPoolTile | undefined {
  const { N, C, K, R, S, groups } = sizes;
  const [U, V] = pool.results;
  const [results, summed] = [K / groups, C / groups];
  if (sizeOf(pool.window) > MOST_WINDOW || R * S > MOST_TAPS) return undefined;
  let depth = Math.min(summed, Math.floor(MOST_STAGED / (R * S)));
  while (summed % depth !== 0) depth--;
  const cuts = [2, 1].flatMap((windows) => [8, 4].map((channels) => ({ windows, channels, depth, lanes: LANES })));
  const blocks = ({ channels }: ConvPoolTile): number => groups * Math.ceil(results / channels);
  const fitting = cuts.filter((cut) => {
    const columns = (cut.windows - 1) * pool.stride[1] + pool.window[1];
    const sums = cut.channels * pool.window[0] * columns;
    return (
      cut.windows <= V &&
      cut.channels < results + 4 &&
      blocks(cut) <= MOST_BLOCKS &&
      sums <= Math.max(MOST_SUMS, 4 * sizeOf(pool.window))
    );
  });
  const invocations = (cut: ConvPoolTile): number => N * U * Math.ceil(V / cut.windows) * blocks(cut);
  return fitting.find((cut) => invocations(cut) >= ENOUGH_INVOCATIONS) ?? fitting.at(-1);
}

/**
 * The run conv2d → add → relu → maxPool2d → relu, each but the convolution and the pool if it is there, for GPUs.
 * @param cut a tile to take instead of the one that fits a GPU
 * @returns undefined for windows that are too large to hold in registers
 */
export function convPoolGpuVariant(run: ConvPool, cut?: ConvPoolTile): Variant | undefined {
  const { sizes, x, gathered, w, b, relu, y, index } = run;
  const [, , U = 1, V = 1] = y.shape;
  const pool: PoolAfter = { ...run.pool, results: [U, V] };
  const tile = cut ?? convPoolTile(sizes, pool);
  if (tile === undefined) return undefined;
  const epilogue = { bias: b !== undefined, relu, index: index !== undefined };
  const perPixel = Number(epilogue.bias) + Number(relu === 'before');
  const flops =
    conv2dFlops(sizes) +
    perPixel * sizes.N * sizes.K * sizes.P * sizes.Q +
    (sizeOf(pool.window) + Number(relu === 'after')) * sizeOf(y.shape);
  return sharedVariant('window', convPoolBytes(sizes, tile), tile.lanes, () => [
    {
      code: convPoolGpu(sizes, pool, tile, epilogue, gathered?.bytes),
      bind: { ...(gathered?.bind ?? { x }), w, y, ...(b && { b }), ...(index && { index }) },
      groups: convPoolGroups(sizes, pool, tile),
      flops,
    },
  ]);
}
