// The run from a convolution to its pool in one kernel for GPUs, with the cut that its sizes get and with cuts that they
// do not, each in less than 2 KB of workgroup memory.

import type { ConvPoolTile } from '../../shaders/convPoolGpu.wgsl.js';
import type { Shape } from '../../src/core/shape.js';
import type { Node, Tensor } from '../../src/graph/graph.js';
import type { Op } from '../../src/graph/op.js';
import { conv2dSizes } from '../../src/kernels/conv2dSizes.js';
import { convPoolGpuVariant } from '../../src/kernels/convPoolGpu.js';
import type { Kernel } from '../../src/kernels/kernel.js';
import { operandsOf } from '../../src/kernels/single.js';
import { add, addOp } from '../../src/ops/arithmetic.js';
import { conv2d, conv2dOp } from '../../src/ops/conv2d.js';
import type { Conv2dOptions } from '../../src/ops/convWindow.js';
import { maxPool2dOp } from '../../src/ops/maxPool2d.js';
import { poolAttrs, type PoolAttrs, type PoolOptions } from '../../src/ops/poolWindow.js';
import { relu, reluOp } from '../../src/ops/relu.js';
import { reshape } from '../../src/ops/reshape.js';
import { kernelLaw } from '../support/checkOp.js';
import type { GpuLaw } from '../support/gpuLaw.js';

/** The run in the order in which nets have it, each but the convolution and the pool if it is there. */
const convPool = (cut: ConvPoolTile | undefined, indexed: boolean): Kernel => ({
  name: 'convPool',
  match: (node, uses) => {
    const conv = operandsOf(conv2dOp, node);
    if (conv === undefined) return undefined;
    const [x, w] = conv.inputs;
    const nodes = [node];
    let y: Tensor = conv.outputs[0];
    const take = (next: Node): Node => {
      nodes.push(next);
      y = next.outputs[0] ?? y;
      return next;
    };
    const follows = (op: Op<PoolAttrs> | typeof addOp): Node | undefined => {
      const next = uses.soleReader(y);
      return next !== undefined && op.attrsOf(next) !== undefined ? take(next) : undefined;
    };
    const sum = y;
    const b = follows(addOp)?.inputs.find((input) => input !== sum);
    const before = follows(reluOp) !== undefined;
    const pool = follows(maxPool2dOp);
    if (pool === undefined) return undefined;
    const index = pool.outputs[1];
    const after = !before && follows(reluOp) !== undefined;
    const variant = convPoolGpuVariant(
      {
        sizes: conv2dSizes(x.shape, w.shape, conv.outputs[0].shape, conv.attrs),
        pool: maxPool2dOp.attrsOf(pool)!,
        x,
        w,
        b,
        relu: before ? 'before' : after ? 'after' : undefined,
        y,
        index: indexed ? index : undefined,
      },
      cut,
    );
    return variant && { nodes, variants: [{ ...variant, dialect: 'any' }] };
  },
});

interface ConvPoolCase {
  readonly x: Shape;
  readonly w: Shape;
  readonly conv?: Conv2dOptions;
  readonly pool: PoolOptions;
  /** Which of these stand in the run, in this order. */
  readonly run: readonly ('bias' | 'relu before' | 'relu after' | 'index')[];
  readonly cut?: ConvPoolTile;
}

/** Each link alone and all of them; windows that overlap, leave a rim, are padded; counts that no block divides. */
export const convPoolCases: Readonly<Record<string, ConvPoolCase>> = {
  'the first layer of a small net': {
    x: [2, 1, 28, 28],
    w: [6, 1, 3, 3],
    pool: { window: 2 },
    run: ['bias', 'relu before', 'index'],
  },
  'the second layer of a small net, relu behind': {
    x: [2, 6, 13, 13],
    w: [16, 6, 3, 3],
    pool: { window: 2 },
    run: ['bias', 'relu after', 'index'],
    cut: { windows: 2, channels: 8, depth: 6, lanes: 32 },
  },
  'nothing but the pool, nobody asks who won': {
    x: [1, 2, 5, 7],
    w: [4, 2, 2, 2],
    pool: { window: 2 },
    run: [],
  },
  'channels in several parts, two windows side by side, a row of three': {
    x: [2, 4, 5, 8],
    w: [10, 4, 2, 3],
    pool: { window: 2 },
    run: ['bias', 'relu after'],
    cut: { windows: 2, channels: 8, depth: 2, lanes: 8 },
  },
  'padding before and in the pool, windows overlap': {
    x: [2, 2, 6, 7],
    w: [5, 2, 3, 3],
    conv: { padding: 1 },
    pool: { window: 3, stride: 2, padding: 1 },
    run: ['bias', 'relu before', 'index'],
    cut: { windows: 2, channels: 4, depth: 1, lanes: 16 },
  },
  'a last window past the pixels': {
    x: [2, 2, 6, 8],
    w: [6, 2, 2, 2],
    pool: { window: 2, ceilMode: true },
    run: ['bias', 'relu after', 'index'],
    cut: { windows: 2, channels: 4, depth: 2, lanes: 8 },
  },
  'a relu behind a padded pool': {
    x: [1, 1, 5, 5],
    w: [4, 1, 2, 2],
    pool: { window: 2, padding: 1 },
    run: ['relu after', 'index'],
  },
  'all settings at once': {
    x: [2, 4, 11, 9],
    w: [12, 2, 3, 2],
    conv: { stride: [2, 1], padding: [2, 1], dilation: [1, 2], groups: 2 },
    pool: { window: [2, 3], stride: [1, 2], padding: [0, 1] },
    run: ['bias', 'relu before', 'index'],
    cut: { windows: 1, channels: 4, depth: 2, lanes: 4 },
  },
};

const lawOf = ([title, { x, w, conv, pool, run, cut }]: readonly [string, ConvPoolCase]): GpuLaw => {
  const [K = 1] = w;
  return kernelLaw(`convolution to pool: ${title}`, {
    inputs: { x, w, ...(run.includes('bias') ? { b: [K] } : {}) },
    build: (by) => {
      let before = conv2d(by['x']!, by['w']!, conv);
      if (by['b'] !== undefined) before = add(before, reshape(by['b'], [K, 1, 1]));
      if (run.includes('relu before')) before = relu(before);
      const [y, index] = maxPool2dOp.apply([before], poolAttrs('maxPool2d', pool));
      const last = run.includes('relu after') ? relu(y!) : y!;
      return run.includes('index') ? [last, index!] : last;
    },
    kernels: [convPool(cut, run.includes('index'))],
  });
};

/** A NaN wins over any number, also through a relu; of equal pixels the first wins. */
const odd: GpuLaw = kernelLaw('convolution to pool: not a number, ties', {
  inputs: {
    x: {
      shape: [1, 1, 4, 6],
      values: [1, 1, -1, -2, NaN, 3, 1, 1, -3, -4, 5, 6, 0, -0, 2, 7, 7, 2, -0, 0, 7, 2, NaN, NaN],
    },
    w: { shape: [2, 1, 1, 1], values: [1, -1] },
  },
  build: ({ x, w }) => maxPool2dOp.apply([relu(conv2d(x!, w!))], poolAttrs('maxPool2d', { window: 2 })),
  kernels: [convPool(undefined, true)],
});

export const convPoolGpuLaws: readonly GpuLaw[] = [...Object.entries(convPoolCases).map(lawOf), odd];
