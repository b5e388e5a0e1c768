import { uniform } from '../../src/core/random.js';
import { sizeOf, type Shape } from '../../src/core/shape.js';
import type { Tensor } from '../../src/graph/graph.js';
import { gradients } from '../../src/graph/tape.js';
import { add } from '../../src/ops/arithmetic.js';
import { countEqual, softmaxCrossEntropy } from '../../src/ops/batch.js';
import { conv2d } from '../../src/ops/conv2d.js';
import type { Conv2dOptions } from '../../src/ops/convWindow.js';
import { gatherImages } from '../../src/ops/data.js';
import { dense } from '../../src/ops/matmul.js';
import { maxPool2dOp } from '../../src/ops/maxPool2d.js';
import { poolAttrs, type MaxPoolOptions } from '../../src/ops/poolWindow.js';
import { relu } from '../../src/ops/relu.js';
import { reshape } from '../../src/ops/reshape.js';
import { argmaxRows } from '../../src/ops/softmax.js';
import { kernelLaw, type KernelCase, type KernelOperand } from '../support/checkOp.js';
import type { GpuLaw } from '../support/gpuLaw.js';

// Runs of ops that one kernel computes, forward and backward, each link there or not. Held in the dialect of software
// adapters, whose kernels these are.

const fusedLaw = (title: string, given: KernelCase): GpuLaw => kernelLaw(title, { dialects: ['cpu'], ...given });

interface LayerCase {
  readonly x: Shape;
  readonly w: Shape;
  readonly options?: Conv2dOptions;
  readonly pool?: MaxPoolOptions;
  readonly bias?: boolean;
  readonly relu?: boolean;
}

/** Sides and counts that no tile divides, one image and more than a quad, windows that leave a rim. */
const layers: Readonly<Record<string, LayerCase>> = {
  'the second layer of a small net': { x: [5, 6, 13, 13], w: [16, 6, 3, 3], pool: { window: 2 } },
  'one image of one channel': { x: [1, 1, 6, 7], w: [1, 1, 3, 3], pool: { window: 2 } },
  'no bias': { x: [4, 3, 8, 9], w: [5, 3, 3, 3], pool: { window: 2 }, bias: false },
  'no relu': { x: [6, 2, 9, 8], w: [4, 2, 2, 3], pool: { window: 2 }, relu: false },
  'no pool': { x: [3, 2, 7, 17], w: [5, 2, 3, 3] },
  'padding, 7 filters': { x: [3, 4, 7, 11], w: [7, 4, 3, 3], options: { padding: 1 }, pool: { window: 2 } },
  'windows of 3': { x: [2, 3, 11, 14], w: [8, 3, 3, 3], options: { padding: [0, 1] }, pool: { window: 3 } },
  'windows of 2 × 1': { x: [2, 3, 9, 7], w: [6, 3, 1, 3], pool: { window: [2, 1] } },
  'stride and dilation': {
    x: [2, 2, 15, 17],
    w: [4, 2, 3, 3],
    options: { stride: 2, dilation: 2 },
    pool: { window: 2 },
  },
  'more padding after than before': {
    x: [3, 3, 7, 8],
    w: [6, 3, 4, 2],
    options: { padding: 'same' },
    pool: { window: 2 },
  },
  'many channels': { x: [2, 20, 6, 18], w: [18, 20, 3, 3], pool: { window: 2 } },
  'a window as large as the image': { x: [3, 2, 3, 3], w: [6, 2, 3, 3] },
  'pools that overlap': { x: [2, 3, 8, 8], w: [4, 3, 3, 3], pool: { window: 3, stride: 2 } },
  'a pool with holes': { x: [2, 3, 10, 10], w: [4, 3, 3, 3], pool: { window: 2, stride: 2, dilation: 2 } },
  'a last window past the pixels': { x: [2, 3, 7, 9], w: [4, 3, 3, 3], pool: { window: 2, ceilMode: true } },
  'one column of windows, wider than the pixels': {
    x: [2, 2, 7, 3],
    w: [4, 2, 2, 3],
    pool: { window: 2, ceilMode: true },
  },
  groups: { x: [2, 4, 7, 8], w: [6, 2, 3, 3], options: { groups: 2 }, pool: { window: 2 } },
};

/** conv2d, bias, relu, max-pool, as a net says them. */
function layerOf(x: Tensor, w: Tensor, b: Tensor | undefined, { options, pool, relu: after = true }: LayerCase) {
  const sum = conv2d(x, w, options);
  const shifted = b === undefined ? sum : add(sum, reshape(b, [b.shape[0] ?? 1, 1, 1]));
  const z = after ? relu(shifted) : shifted;
  return pool === undefined ? [z] : maxPool2dOp.apply([z], poolAttrs('maxPool2d', pool));
}

const layerLaws = ([title, layer]: readonly [string, LayerCase]): readonly GpuLaw[] => {
  const { x, w, bias = true } = layer;
  const inputs = { x, w, ...(bias ? { b: [w[0] ?? 1] } : {}) };
  return [
    fusedLaw(`a convolutional layer: ${title}`, {
      inputs,
      build: (by) => layerOf(by['x']!, by['w']!, by['b'], layer)[0]!,
    }),
    fusedLaw(`the gradients of a convolutional layer: ${title}`, {
      inputs: { ...inputs, seed: [1] },
      build: (by) => {
        const [y] = layerOf(relu(by['x']!), by['w']!, by['b'], layer);
        // Slopes that differ from pixel to pixel, and are whole where the operands are.
        const wanted = [by['x']!, by['w']!, ...(bias ? [by['b']!] : [])];
        return [y!, ...gradients(y!, wanted, y)];
      },
    }),
  ];
};

/** A set of images as bytes, and which of them a batch has. */
const images = (count: number, side: number): KernelOperand => ({
  shape: [count, side, side],
  dtype: 'u8',
  values: Array.from({ length: sizeOf([count, side, side]) }, (_, i) => Math.floor(256 * uniform(4, 9, i))),
});

const gathered = (
  title: string,
  side: number,
  layer: Omit<LayerCase, 'x'>,
  dialects: KernelCase['dialects'] = ['cpu'],
): GpuLaw =>
  kernelLaw(`a first layer that reads bytes: ${title}`, {
    dialects,
    inputs: {
      images: images(7, side),
      indices: { shape: [5], dtype: 'u32', values: [6, 0, 3, 3, 5] },
      w: layer.w,
      b: [layer.w[0] ?? 1],
    },
    build: ({ images: set, indices, w, b }) => {
      const x = gatherImages(set!, indices!, { mean: 0.13, std: 0.31 });
      const [y] = layerOf(x, w!, b, { ...layer, x: x.shape });
      return [y!, ...gradients(y!, [w!, b!], y)];
    },
  });

/** What dense layers learn from, in both dialects. */
const denseGradients = (N: number, C: number, K: number): GpuLaw =>
  kernelLaw(`the gradients of a dense layer [${N}, ${C}] → [${N}, ${K}]`, {
    inputs: { x: [N, C], w: [K, C], b: [K] },
    build: ({ x, w, b }) => {
      const y = dense(x!, w!, b);
      return [y, ...gradients(y, [x!, w!, b!], y)];
    },
  });

/** The end of a net: dense layers, their loss, and the way back to the first layer's input. */
const tail = (
  title: string,
  N: number,
  live: number,
  sizes: readonly number[],
  input: 'relu' | 'plain' | 'data',
): GpuLaw =>
  fusedLaw(`the end of a net: ${title}`, {
    inputs: {
      x: [N, sizes[0] ?? 1],
      labels: { shape: [N], dtype: 'u32', values: Array.from({ length: N }, (_, n) => n % (sizes.at(-1) ?? 1)) },
      live: { shape: [1], dtype: 'u32', values: [live] },
      ...Object.fromEntries(
        sizes.slice(1).flatMap((outputs, l) => [
          [`w${l}`, { shape: [outputs, sizes[l] ?? 1], arena: 'parameters' }],
          [`b${l}`, { shape: [outputs], arena: 'parameters' }],
        ]),
      ),
    },
    build: ({ x, labels, live: count, ...parameters }) => {
      const weights = Object.values(parameters);
      let h = input === 'relu' ? relu(x!) : x!;
      sizes.slice(1).forEach((_, l) => {
        h = dense(h, parameters[`w${l}`]!, parameters[`b${l}`]);
        if (l < sizes.length - 2) h = relu(h);
      });
      const loss = softmaxCrossEntropy(h, labels!, count);
      const correct = countEqual(argmaxRows(h), labels!, count!);
      return [loss, correct, ...gradients(loss, [...weights, ...(input === 'data' ? [] : [x!])])];
    },
  });

export const fusedLaws: readonly GpuLaw[] = [
  ...Object.entries(layers).flatMap(layerLaws),
  gathered('the first layer of a small net', 28, { w: [6, 1, 3, 3], pool: { window: 2 } }),
  gathered('padding at the end alone', 12, {
    w: [4, 1, 3, 3],
    options: {
      padding: [
        [0, 1],
        [0, 1],
      ],
    },
  }),
  gathered(
    'with few filters, in both dialects',
    11,
    { w: [3, 1, 3, 3], pool: { window: 2 }, options: { padding: 1 } },
    ['cpu', 'gpu'],
  ),
  gathered('without a pool', 12, { w: [4, 1, 3, 3] }),
  gathered('rows that are no whole words', 11, { w: [3, 1, 3, 3], pool: { window: 2 } }),
  denseGradients(20, 12, 10),
  denseGradients(7, 33, 17),
  denseGradients(3, 5, 4),
  denseGradients(256, 32, 3),
  tail('two layers', 16, 16, [9, 6, 4], 'relu'),
  tail('a short batch that no quad divides', 7, 5, [9, 6, 3], 'plain'),
  tail('three layers on data', 5, 5, [6, 5, 7, 3], 'data'),
  tail('one layer', 33, 33, [11, 5], 'relu'),
];
