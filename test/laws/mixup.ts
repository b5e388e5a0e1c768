import { mixedCrossEntropyRows, mixedCrossEntropyRowsGrad } from '../../src/ops/mixedLoss.js';
import { mixRows, mixup } from '../../src/ops/mixup.js';
import { kernelLaw, type KernelOperand } from '../support/checkOp.js';
import type { GpuLaw } from '../support/gpuLaw.js';

const u32 = (...values: number[]): KernelOperand => ({ shape: [values.length], dtype: 'u32', values });
const some = (count: number): number[] => Array.from({ length: count }, (_, i) => (i * 40_503) % 60_000);
const LARGEST = 2 ** 32 - 1;

const cases = [
  { indices: [7], live: 1, alpha: 0.2 },
  { indices: some(3), live: 2, alpha: 1 },
  { indices: some(64), live: 64, alpha: 0.2 },
  { indices: some(65), live: 37, alpha: 0.01 },
  { indices: some(301), live: 300, alpha: 100 },
] as const;

export const mixupLaws: readonly GpuLaw[] = [
  ...cases.map(({ indices, live, alpha }) =>
    kernelLaw(`mixup of ${live} live rows of ${indices.length}, α ${alpha}`, {
      inputs: { indices: u32(...indices), live: u32(live), step: u32(23) },
      build: ({ indices: of, live: count, step }) => {
        const { partners, images, own } = mixup(of!, count!, step!, { alpha, seed: 7, stream: 3, perEpoch: 4 });
        return [partners, images, own];
      },
    }),
  ),
  kernelLaw('mixup with every word of seed, stream, step and index', {
    inputs: { indices: u32(LARGEST, 0), live: u32(2), step: u32(LARGEST) },
    build: ({ indices, live, step }) => {
      const attrs = { alpha: 0.3, seed: LARGEST, stream: LARGEST, perEpoch: 1 };
      const { partners, images, own } = mixup(indices!, live!, step!, attrs);
      return [partners, images, own];
    },
  }),
  ...[
    [1, 1],
    [5, 3],
    [67, 10],
  ].flatMap(([N = 1, C = 1]) => {
    const of = (step: number): KernelOperand => u32(...Array.from({ length: N }, (_, n) => (n * step) % C));
    const own: KernelOperand = { shape: [N], values: Array.from({ length: N }, (_, n) => 0.5 + (n % 9) / 16) };
    return [
      kernelLaw(`mixedCrossEntropyRows [${N}, ${C}]`, {
        inputs: { x: [N, C], labels: of(1), others: of(3), own },
        build: ({ x, labels, others, own: part }) =>
          mixedCrossEntropyRows(x!, labels!, { labels: others!, own: part! }),
      }),
      kernelLaw(`mixedCrossEntropyRowsGrad [${N}, ${C}]`, {
        inputs: { dy: [N], x: [N, C], labels: of(1), others: of(3), own },
        build: ({ dy, x, labels, others, own: part }) =>
          mixedCrossEntropyRowsGrad.one([dy!, x!, labels!, others!, part!], {}),
      }),
    ];
  }),
  kernelLaw('a mixture with a label beyond the classes has no loss', {
    inputs: {
      x: [4, 3],
      labels: u32(0, 3, LARGEST, 1),
      others: u32(1, 2, 0, 3),
      own: { shape: [4], values: [0.5, 0.75, 1, 1] },
    },
    build: ({ x, labels, others, own }) => mixedCrossEntropyRows(x!, labels!, { labels: others!, own: own! }),
  }),
  ...[[1], [3, 5], [2, 3, 5, 7], [65, 1, 9, 9]].map((shape) =>
    kernelLaw(`mixRows of [${shape.join()}]`, {
      inputs: {
        x: shape,
        partners: u32(...Array.from({ length: shape[0] ?? 1 }, (_, n) => (n * 7 + 1) % (shape[0] ?? 1))),
        own: shape.slice(0, 1),
      },
      build: ({ x, partners, own }) => mixRows(x!, partners!, own!),
    }),
  ),
];
