import { batchOf, gatherImages, gatherLabels, scatterRows } from '../../src/ops/data.js';
import { kernelLaw, type KernelOperand } from '../support/checkOp.js';
import type { GpuLaw } from '../support/gpuLaw.js';

const u32 = (...values: number[]): KernelOperand => ({ shape: [values.length], dtype: 'u32', values });
const bytes = (...shape: number[]): KernelOperand => ({
  shape,
  dtype: 'u8',
  values: Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => (i * 37) % 256),
});

/** First and last batch of an epoch, full and short; a batch larger than the set; every word of step and seed. */
const batches: readonly GpuLaw[] = (
  [
    [{ count: 7, batch: 3, seed: 0, shuffle: false }, 5],
    [{ count: 7, batch: 3, seed: 0, shuffle: true }, 5],
    [{ count: 1, batch: 3, seed: 9, shuffle: true }, 4],
    [{ count: 60_000, batch: 255, seed: 2 ** 32 - 1, shuffle: true }, 235],
    [{ count: 1000, batch: 100, seed: 1, shuffle: true }, 2 ** 32 - 1],
  ] as const
).map(([attrs, step]) =>
  kernelLaw(`batchOf ${attrs.count} by ${attrs.batch}${attrs.shuffle ? ', shuffled' : ''}, step ${step}`, {
    inputs: { step: u32(step) },
    build: (by) => {
      const { indices, live } = batchOf(by['step']!, attrs);
      return [indices, live];
    },
  }),
);

/** Images of whole words and of odd bytes; the normalisation of a net, and none. */
const gathers: readonly GpuLaw[] = [
  [4, 7],
  [3, 5],
  [1, 1],
].flatMap(([rows = 1, columns = 1]) =>
  [
    { mean: 0.1307, std: 0.3081 },
    { mean: 0, std: 1 },
  ].map((normalisation) =>
    kernelLaw(`gatherImages of ${rows} × ${columns}, mean ${normalisation.mean}`, {
      inputs: { images: bytes(9, rows, columns), indices: u32(8, 0, 3, 3, 7) },
      build: ({ images, indices }) => gatherImages(images!, indices!, normalisation),
    }),
  ),
);

const scatters: readonly GpuLaw[] = (
  [
    [0, 3],
    [2, 3],
    [2, 1],
    [3, 1],
  ] as const
).map(([step, live]) =>
  kernelLaw(`scatterRows at step ${step}, ${live} live`, {
    inputs: { target: [10], rows: [3], step: u32(step), live: u32(live) },
    build: ({ target, rows, step: at, live: count }) => scatterRows(target!, rows!, at!, count!),
  }),
);

export const dataLaws: readonly GpuLaw[] = [
  ...batches,
  ...gathers,
  kernelLaw('gatherLabels', {
    inputs: { labels: bytes(9), indices: u32(8, 0, 3, 3, 7) },
    build: ({ labels, indices }) => gatherLabels(labels!, indices!),
  }),
  kernelLaw('a batch and its labels', {
    inputs: { labels: bytes(11), images: bytes(11, 2, 3), step: u32(6) },
    build: ({ labels, images, step }) => {
      const { indices, live } = batchOf(step!, { count: 11, batch: 4, seed: 3, shuffle: true });
      return [gatherLabels(labels!, indices), gatherImages(images!, indices, { mean: 0, std: 1 }), live];
    },
  }),
  kernelLaw('labels of another set than the batch', {
    inputs: { labels: bytes(20), step: u32(1) },
    build: ({ labels, step }) => {
      const { indices, live } = batchOf(step!, { count: 11, batch: 4, seed: 3, shuffle: false });
      return [gatherLabels(labels!, indices), live];
    },
  }),
  ...scatters,
  kernelLaw('scatterRows of whole numbers', {
    inputs: { target: u32(1, 2, 3, 4), rows: u32(7, 0xffff_ffff), step: u32(1), live: u32(2) },
    build: ({ target, rows, step, live }) => scatterRows(target!, rows!, step!, live!),
  }),
];
