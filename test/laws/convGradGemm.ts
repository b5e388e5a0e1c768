// The way back of a convolutional layer in as few kernels as a GPU has for it: a pool's slopes scattered as they are staged,
// relu's gate in the store, the bias beside the filters, pixels from bytes. In tiles of less than 2 KB of workgroup
// memory, as in convGemm.ts.

import type { GemmTile } from '../../shaders/lib/gemmTile.js';
import { uniform } from '../../src/core/random.js';
import type { Shape } from '../../src/core/shape.js';
import type { Tensor } from '../../src/graph/graph.js';
import { convGradWGemmKernel, convGradXGemmKernel } from '../../src/kernels/convGradGemm.js';
import type { Kernel } from '../../src/kernels/kernel.js';
import { conv2dGradW, conv2dGradX } from '../../src/ops/conv2d.js';
import { convAttrs, convShape, type Conv2dOptions } from '../../src/ops/convWindow.js';
import { gatherImages } from '../../src/ops/data.js';
import { maxPool2dGrad, maxPool2dOp } from '../../src/ops/maxPool2d.js';
import { poolAttrs, pooledShape, type MaxPoolOptions } from '../../src/ops/poolWindow.js';
import { sum } from '../../src/ops/reduce.js';
import { reluGrad } from '../../src/ops/relu.js';
import { kernelLaw } from '../support/checkOp.js';
import type { GpuLaw } from '../support/gpuLaw.js';

/** How the products of a way back are cut. */
export interface BackTile extends GemmTile {
  /** Channels and window rows at once; pixels at once and iterations of a slice, for the gradient by the filters. */
  readonly depth: number;
  readonly rows: number;
  readonly pixels: number;
  readonly steps: number;
}

/** The kernels of the way back, with one tile for all. */
export const backKernels = ({ depth, rows, pixels, steps, ...tile }: BackTile): readonly Kernel[] => [
  convGradXGemmKernel(({ R }) => ({ ...tile, depth, rows: Math.min(rows, R) === R ? R : 1 })),
  convGradWGemmKernel(() => ({ ...tile, depth: pixels, steps })),
];

interface BackCase {
  readonly x: Shape;
  readonly w: Shape;
  readonly options?: Conv2dOptions;
  readonly pool?: MaxPoolOptions;
  readonly gate?: boolean;
  readonly bias?: boolean;
  /** Pixels are gathered from bytes. */
  readonly bytes?: boolean;
  readonly tile: BackTile;
}

const square: BackTile = { lanes: [4, 4], each: [4, 4], depth: 1, rows: 3, pixels: 8, steps: 3 };
const flat: BackTile = { lanes: [2, 4], each: [4, 8], depth: 2, rows: 3, pixels: 8, steps: 2 };
const tall: BackTile = { lanes: [2, 2], each: [8, 4], depth: 3, rows: 1, pixels: 4, steps: 100 };

/** Each link alone and all of them; rims that no window sees; taps that fill their tiles, so that sums begin another. */
const cases: Readonly<Record<string, BackCase>> = {
  'all of it': { x: [2, 5, 8, 8], w: [9, 5, 3, 3], pool: { window: 2 }, gate: true, bias: true, tile: square },
  'a pool alone': { x: [2, 3, 7, 6], w: [5, 3, 2, 3], pool: { window: 2 }, tile: flat },
  'a pool with holes, whose slopes no window has alone': {
    x: [1, 2, 8, 8],
    w: [4, 2, 3, 3],
    pool: { window: 2, stride: 2, dilation: 2 },
    gate: true,
    tile: flat,
  },
  'a gate alone': { x: [1, 6, 5, 6], w: [4, 6, 3, 3], gate: true, tile: tall },
  'a bias alone': { x: [3, 2, 5, 5], w: [7, 2, 2, 2], bias: true, tile: flat },
  'a rim that no window sees': {
    x: [2, 2, 7, 9],
    w: [6, 2, 3, 3],
    options: { padding: 1 },
    pool: { window: [2, 3] },
    gate: true,
    bias: true,
    tile: square,
  },
  'taps fill their tiles, one slice': {
    x: [1, 4, 6, 6],
    w: [8, 4, 2, 2],
    pool: { window: 2 },
    bias: true,
    tile: { ...square, steps: 20, rows: 2 },
  },
  'stride, padding, dilation and groups': {
    x: [2, 4, 8, 9],
    w: [10, 2, 3, 2],
    options: { stride: [2, 1], padding: [2, 1], dilation: [1, 3], groups: 2 },
    pool: { window: 2 },
    gate: true,
    bias: true,
    tile: flat,
  },
  'from bytes': { x: [5, 1, 12, 12], w: [6, 1, 3, 3], pool: { window: 2 }, bias: true, bytes: true, tile: square },
  'from bytes, rows that are no whole words, padding': {
    x: [3, 1, 7, 5],
    w: [4, 1, 3, 3],
    options: { padding: 1 },
    bias: true,
    bytes: true,
    tile: flat,
  },
};

const lawOf = ([title, given]: readonly [string, BackCase]): GpuLaw => {
  const { x, w, options = {}, pool, gate = false, bias = false, bytes = false, tile } = given;
  const attrs = convAttrs('law', options, w);
  const [N = 1, , H = 1, W = 1] = x;
  const [K = 1, , R = 1, S = 1] = w;
  const [, , P = 1, Q = 1] = convShape('law', x, w, attrs);
  const pooling = pool && poolAttrs('maxPool2d', pool);
  const slopes = pooling === undefined ? [P, Q] : pooledShape('law', [N, K, P, Q], pooling).slice(2);
  const set = 7;
  const images = {
    images: {
      shape: [set, H, W],
      dtype: 'u8' as const,
      values: Array.from({ length: set * H * W }, (_, i) => Math.floor(256 * uniform(4, 9, i))),
    },
    indices: { shape: [N], dtype: 'u32' as const, values: Array.from({ length: N }, (_, n) => (5 * n + 6) % set) },
  };
  return kernelLaw(`the way back of a convolution by products: ${title}`, {
    inputs: {
      dy: [N, K, ...slopes],
      ...(pooling && { z: [N, K, P, Q] }),
      ...(bytes ? images : { x, w }),
      ...(gate && { y: x }),
    },
    build: (by) => {
      const [, index] = pooling === undefined ? [] : maxPool2dOp.apply([by['z']!], pooling);
      const before: Tensor =
        pooling === undefined ? by['dy']! : maxPool2dGrad.one([by['dy']!, index!], { ...pooling, image: [P, Q] });
      const from = bytes ? gatherImages(by['images']!, by['indices']!, { mean: 0.13, std: 0.31 }) : by['x']!;
      // The sums first, as in the gradients of a net.
      const results = bias ? [sum(by['dy']!, [0, 2, 3])] : [];
      results.push(conv2dGradW.one([before, from], { ...attrs, window: [R, S] }));
      if (bytes) return results;
      const dx = conv2dGradX.one([before, by['w']!], { ...attrs, image: [H, W] });
      return [...results, gate ? reluGrad.one([dx, by['y']!], {}) : dx];
    },
    dialects: ['gpu'],
    kernels: backKernels({ ...tile, ...(tile.depth > K ? { depth: K } : {}) }),
  });
};

export const convGradGemmLaws: readonly GpuLaw[] = Object.entries(cases).map(lawOf);
