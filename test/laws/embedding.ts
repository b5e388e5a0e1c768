import type { Shape } from '../../src/core/shape.js';
import { constant } from '../../src/ops/constant.js';
import { embedding, embeddingGrad } from '../../src/ops/embedding.js';
import { kernelLaw, type KernelOperand } from '../support/checkOp.js';
import type { GpuLaw } from '../support/gpuLaw.js';

const u32 = (shape: Shape, ...values: number[]): KernelOperand => ({ shape, dtype: 'u32', values });

/** One place of one row; rows that come often and rows that never come; a sequence of lines; columns that none divides. */
const cases: readonly (readonly [V: number, D: number, indices: KernelOperand])[] = [
  [1, 1, u32([1], 0)],
  [5, 3, u32([4], 4, 0, 4, 2)],
  [7, 17, u32([2, 3], 6, 1, 1, 0, 1, 5)],
  [65, 8, u32([255], ...Array.from({ length: 255 }, (_, i) => (i * i) % 65))],
];

export const embeddingLaws: readonly GpuLaw[] = [
  ...cases.flatMap(([V, D, indices]) => [
    kernelLaw(`embedding of ${indices.shape.join(' × ')} places in [${V}, ${D}]`, {
      inputs: { table: [V, D], indices },
      build: (by) => embedding(by['table']!, by['indices']!),
    }),
    kernelLaw(`embeddingGrad of ${indices.shape.join(' × ')} places in [${V}, ${D}]`, {
      inputs: { dy: [...indices.shape, D], indices },
      build: (by) => embeddingGrad.one([by['dy']!, by['indices']!], { rows: V }),
    }),
  ]),
  kernelLaw('constants: one number, more than an invocation takes, whole numbers in a plane', {
    inputs: { beside: [2] },
    build: ({ beside }) => {
      const many = Array.from({ length: 257 }, (_, i) => (i - 100) / 7);
      const words = Array.from({ length: 15 }, (_, i) => 2 ** 32 - 1 - i ** 5);
      const plane = constant(beside!, words, { shape: [3, 5], dtype: 'u32' });
      return [constant(beside!, [-0.25]), constant(beside!, many), plane];
    },
  }),
  kernelLaw('an index past the table gives a row of NaN', {
    inputs: { table: [3, 5], indices: u32([4], 2, 3, 0xffff_ffff, 0) },
    build: ({ table, indices }) => embedding(table!, indices!),
  }),
  kernelLaw('an index past the table adds to no row', {
    inputs: { dy: [4, 5], indices: u32([4], 2, 3, 0xffff_ffff, 0) },
    build: ({ dy, indices }) => embeddingGrad.one([dy!, indices!], { rows: 3 }),
  }),
];
