import type { Shape } from '../../src/core/shape.js';
import { augment } from '../../src/ops/augment.js';
import type { AugmentOptions } from '../../src/ops/augmentation.js';
import { kernelLaw, type KernelOperand } from '../support/checkOp.js';
import type { GpuLaw } from '../support/gpuLaw.js';

const u32 = (...values: number[]): KernelOperand => ({ shape: [values.length], dtype: 'u32', values });

const everything: AugmentOptions = {
  shift: 2,
  rotate: 20,
  scale: [0.8, 1.25],
  shear: 10,
  elastic: { most: 1.5, spacing: 3 },
  erase: { chance: 0.5, least: 0.1, most: 0.6 },
  noise: 0.25,
};

/** Each kind alone, all at once, and none; images that are no squares, of one pixel, of several channels. */
const cases: readonly (readonly [string, Shape, AugmentOptions])[] = [
  ['nothing', [2, 1, 3, 5], {}],
  ['shift', [3, 1, 5, 7], { shift: 2 }],
  ['rotate', [3, 1, 7, 5], { rotate: 90 }],
  ['scale', [3, 1, 5, 7], { scale: [0.5, 2] }],
  ['shear', [3, 1, 5, 7], { shear: 45 }],
  ['elastic', [3, 2, 9, 7], { elastic: { most: 3, spacing: 4 } }],
  ['a displacement of each pixel', [3, 1, 3, 4], { elastic: { most: 1, spacing: 1 } }],
  ['noise', [3, 2, 3, 5], { noise: 0.7 }],
  ['erase', [3, 2, 5, 7], { erase: { chance: 1, least: 0, most: 1 } }],
  ['everything', [3, 1, 28, 28], everything],
  ['everything in three channels', [2, 3, 9, 11], everything],
  ['one pixel', [3, 1, 1, 1], { rotate: 10, noise: 0.1, erase: { chance: 0.3 } }],
];

const attrs = { seed: 7, stream: 3, perEpoch: 4, fill: -0.42 };

export const augmentLaws: readonly GpuLaw[] = [
  ...cases.map(([name, shape, options]) =>
    kernelLaw(`augment of [${shape.join()}]: ${name}`, {
      inputs: { x: shape, indices: u32(...[9, 60_000, 2].slice(0, shape[0])), step: u32(23) },
      build: ({ x, indices, step }) => augment(x!, indices!, step!, { ...options, ...attrs }),
    }),
  ),
  kernelLaw('augment with every word of seed, stream, step and index', {
    inputs: { x: [1, 1, 6, 6], indices: u32(2 ** 32 - 1), step: u32(2 ** 32 - 1) },
    build: ({ x, indices, step }) =>
      augment(x!, indices!, step!, { ...everything, ...attrs, seed: 2 ** 32 - 1, stream: 2 ** 32 - 1, perEpoch: 1 }),
  }),
  kernelLaw('augment lets NaN through', {
    inputs: { x: { shape: [1, 1, 4, 4], values: new Array<number>(16).fill(NaN) }, indices: u32(1), step: u32(0) },
    build: ({ x, indices, step }) => augment(x!, indices!, step!, { shift: 1, noise: 1, ...attrs }),
  }),
];
