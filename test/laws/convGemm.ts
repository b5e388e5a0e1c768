// Convolutions as products in workgroup memory, in tiles that need less than 2 KB of it: a software adapter takes a
// quarter of a second for every KB. Other numbers, the same text: the tiles of nets meet Tint in test/shaders, and a real
// GPU in test/kernels/gemmTiles.gpu.test.ts.

import type { GemmTile } from '../../shaders/lib/gemmTile.js';
import { defaultProfile } from '../../src/core/profile.js';
import type { Shape } from '../../src/core/shape.js';
import type { Tensor } from '../../src/graph/graph.js';
import { convBiasReluKernel } from '../../src/kernels/convBiasRelu.js';
import { conv2dGradXKernel, conv2dKernel } from '../../src/kernels/conv2d.js';
import { conv2dGradWKernel } from '../../src/kernels/conv2dGradW.js';
import { conv2dSizes } from '../../src/kernels/conv2dSizes.js';
import { forwardGemmVariant, gradWGemmVariant, gradXGemmVariant } from '../../src/kernels/convGemm.js';
import type { Kernel, Step, Variant } from '../../src/kernels/kernel.js';
import { add } from '../../src/ops/arithmetic.js';
import { conv2d, conv2dGradW, conv2dGradX } from '../../src/ops/conv2d.js';
import { convAttrs, convShape, type Conv2dAttrs, type Conv2dOptions } from '../../src/ops/convWindow.js';
import { relu } from '../../src/ops/relu.js';
import { reshape } from '../../src/ops/reshape.js';
import { kernelLaw } from '../support/checkOp.js';
import type { GpuLaw } from '../support/gpuLaw.js';

interface GemmCase {
  readonly x: Shape;
  readonly w: Shape;
  readonly options?: Conv2dOptions;
  readonly tile: GemmTile;
  /** Channels and window rows at once; pixels at once and iterations of a slice, for the gradient by the filters. */
  readonly depth: number;
  readonly rows: number;
  readonly pixels: number;
  readonly steps: number;
}

const square: GemmTile = { lanes: [4, 4], each: [4, 4] };
const flat: GemmTile = { lanes: [2, 4], each: [4, 8] };
const tall: GemmTile = { lanes: [2, 2], each: [8, 4] };

/** Each setting alone, then together; tiles that divide nothing, and one that divides all; slices of every kind. */
export const gemmCases: Readonly<Record<string, GemmCase>> = {
  'tiles divide everything': {
    x: [2, 4, 6, 6],
    w: [16, 4, 3, 3],
    tile: square,
    depth: 1,
    rows: 3,
    pixels: 8,
    steps: 2,
  },
  'tiles divide nothing, channels are left over': {
    x: [3, 5, 5, 7],
    w: [10, 5, 2, 3],
    tile: square,
    depth: 2,
    rows: 2,
    pixels: 8,
    steps: 3,
  },
  'rows of a window one after another, padding, one slice': {
    x: [1, 8, 5, 5],
    w: [9, 8, 3, 3],
    options: { padding: 1 },
    tile: square,
    depth: 4,
    rows: 1,
    pixels: 4,
    steps: 7,
  },
  '1×1 windows': { x: [2, 11, 3, 7], w: [17, 11, 1, 1], tile: flat, depth: 9, rows: 1, pixels: 8, steps: 2 },
  'stride 2': {
    x: [2, 3, 9, 9],
    w: [8, 3, 3, 3],
    options: { stride: 2 },
    tile: flat,
    depth: 1,
    rows: 3,
    pixels: 2,
    steps: 4,
  },
  'three groups, dilation 2, more padding than window': {
    x: [2, 9, 5, 6],
    w: [12, 3, 2, 2],
    options: { groups: 3, dilation: 2, padding: 3 },
    tile: tall,
    depth: 3,
    rows: 2,
    pixels: 4,
    steps: 16,
  },
  'padding at the end alone': {
    x: [2, 3, 5, 6],
    w: [8, 3, 2, 3],
    options: {
      padding: [
        [0, 1],
        [0, 2],
      ],
    },
    tile: flat,
    depth: 2,
    rows: 2,
    pixels: 4,
    steps: 5,
  },
  'stride, padding, dilation and groups at once': {
    x: [2, 4, 7, 13],
    w: [22, 2, 3, 2],
    options: { stride: [3, 2], padding: [2, 1], dilation: [1, 3], groups: 2 },
    tile: tall,
    depth: 1,
    rows: 3,
    pixels: 1,
    steps: 5,
  },
};

/** A kernel with one variant alone, which any adapter runs. */
function only(kernel: Kernel, variantOf: (step: Step, attrs: Conv2dAttrs) => Variant): Kernel {
  return {
    name: kernel.name,
    match: (node, uses) => {
      const match = kernel.match(node, uses);
      const [step] = match?.variants.find(({ name }) => name === 'plain')?.steps(defaultProfile('gpu')) ?? [];
      if (match === undefined || step === undefined) return undefined;
      return { ...match, variants: [{ ...variantOf(step, node.attrs as Conv2dAttrs), dialect: 'any' }] };
    },
  };
}

/** The kernels of a case, each with the case's tile. */
export function gemmKernels(cut: Pick<GemmCase, 'tile' | 'depth' | 'rows' | 'pixels' | 'steps'>): readonly Kernel[] {
  const tile = { ...cut.tile, depth: cut.depth, rows: cut.rows };
  const forward = ({ bind, code, flops }: Step, attrs: Conv2dAttrs): Variant => {
    const { x, w, y } = bind as Record<string, Tensor>;
    const sizes = conv2dSizes(x!.shape, w!.shape, y!.shape, attrs);
    return forwardGemmVariant(sizes, tile, { bias: 'b' in bind, relu: code.includes('Relu(') }, bind, flops);
  };
  return [
    only(convBiasReluKernel, forward),
    only(conv2dKernel, forward),
    only(conv2dGradXKernel, ({ bind }, attrs) => {
      const { dy, w, dx } = bind as Record<string, Tensor>;
      return gradXGemmVariant(conv2dSizes(dx!.shape, w!.shape, dy!.shape, attrs), tile, bind);
    }),
    only(conv2dGradWKernel, ({ bind }, attrs) => {
      const { dy, x, dw } = bind as Record<string, Tensor>;
      const sizes = conv2dSizes(x!.shape, dw!.shape, dy!.shape, attrs);
      const own = { ...cut.tile, depth: cut.pixels, steps: cut.steps };
      return gradWGemmVariant(sizes, own, { dy: dy!, x: x! }, { dw: dw! });
    }),
  ];
}

export function gemmLawsOf([title, { x, w, options = {}, ...cut }]: readonly [string, GemmCase]): readonly GpuLaw[] {
  const attrs = convAttrs('conv2d', options, w);
  const [, , H = 1, W = 1] = x;
  const [K = 1, , R = 1, S = 1] = w;
  const dy = convShape('conv2d', x, w, attrs);
  const kernels = gemmKernels(cut);
  return [
    kernelLaw(`conv2d by products: ${title}`, {
      inputs: { x, w, b: [K] },
      build: (by) => relu(add(conv2d(by['x']!, by['w']!, options), reshape(by['b']!, [K, 1, 1]))),
      kernels,
    }),
    kernelLaw(`conv2dGradX by products: ${title}`, {
      inputs: { dy, w },
      build: (by) => conv2dGradX.one([by['dy']!, by['w']!], { ...attrs, image: [H, W] }),
      kernels,
    }),
    kernelLaw(`conv2dGradW by products: ${title}`, {
      inputs: { dy, x },
      build: (by) => conv2dGradW.one([by['dy']!, by['x']!], { ...attrs, window: [R, S] }),
      kernels,
    }),
  ];
}

const alone: GpuLaw = kernelLaw('conv2d by products, nothing after it', {
  inputs: { x: [1, 3, 5, 5], w: [5, 3, 2, 2] },
  build: ({ x, w }) => conv2d(x!, w!),
  kernels: gemmKernels({ tile: square, depth: 2, rows: 2, pixels: 8, steps: 1 }),
});

export const convGemmLaws: readonly GpuLaw[] = [...Object.entries(gemmCases).flatMap(gemmLawsOf), alone];
