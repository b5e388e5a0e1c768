import { gradients } from '../../src/graph/tape.js';
import type { Tensor } from '../../src/graph/graph.js';
import { elementwiseOps } from '../../src/ops/elementwise.js';
import {
  bceWithLogits,
  crossEntropy,
  klDivergence,
  l1,
  mse,
  nll,
  smoothL1,
  type Reduction,
} from '../../src/ops/losses.js';
import { isCounted, pick, pickGrad } from '../../src/ops/pick.js';
import { kernelLaw, type KernelOperand } from '../support/checkOp.js';
import type { GpuLaw } from '../support/gpuLaw.js';

/** Labels that go round so many classes. */
const labelsOf = (N: number, M: number, C: number): KernelOperand => ({
  shape: [N, M],
  dtype: 'u32',
  values: Array.from({ length: N * M }, (_, i) => (3 * i) % C),
});

/** In (0, 1), with some at either end. */
const probabilities = (N: number, C: number): KernelOperand => ({
  shape: [N, C],
  values: Array.from({ length: N * C }, (_, i) => ((7 * i) % 11) / 10).map((p) => Math.min(p, 1)),
});

const classWeights: KernelOperand = { shape: [10], values: [1, 0.5, 2, 0.25, 1.5, 3, 1, 0.1, 0.7, 1] };

const picks: readonly GpuLaw[] = [
  ...(
    [
      [3, 10, 1],
      [5, 7, 13],
    ] as const
  ).flatMap(([N, C, M]) => [
    kernelLaw(`pick of [${N},${C},${M}], where one label is ignored and one is beyond`, {
      inputs: { x: [N, C, M], labels: labelsOf(N, M, C + 1) },
      build: ({ x, labels }) => [pick(x!, labels!), pick(x!, labels!, 3), isCounted(labels!, 3), isCounted(labels!)],
    }),
    kernelLaw(`the gradient of pick of [${N},${C},${M}]`, {
      inputs: { dy: [N, M], labels: labelsOf(N, M, C + 1) },
      build: ({ dy, labels }) => [
        pickGrad.one([dy!, labels!], { classes: C }),
        pickGrad.one([dy!, labels!], { classes: C, ignoreIndex: 3 }),
      ],
    }),
  ]),
  kernelLaw('pick of one weight a class', {
    inputs: { x: { ...classWeights, shape: [1, 10, 1] }, labels: labelsOf(5, 13, 10) },
    build: ({ x, labels }) => pick(x!, labels!, 0),
  }),
];

const reductions: readonly Reduction[] = ['none', 'mean', 'sum'];

const withGradient = (loss: Tensor, x: Tensor, seed?: Tensor): readonly Tensor[] => [
  loss,
  ...gradients(loss, [x], seed),
];

const classes: readonly GpuLaw[] = [
  kernelLaw('crossEntropy of images, weighted, smoothed, one label ignored, and its gradient', {
    inputs: { x: [3, 10, 7], labels: labelsOf(3, 7, 10), weight: classWeights },
    build: ({ x, labels, weight }) =>
      withGradient(crossEntropy(x!, labels!, { weight: weight!, labelSmoothing: 0.1, ignoreIndex: 3 }), x!),
  }),
  kernelLaw('crossEntropy with probabilities, weighted and smoothed, and its gradient', {
    inputs: { x: [7, 10], t: probabilities(7, 10), weight: classWeights },
    build: ({ x, t, weight }) => withGradient(crossEntropy(x!, t!, { weight: weight!, labelSmoothing: 0.2 }), x!),
  }),
  kernelLaw('nll of each row, and its gradient', {
    inputs: { x: [5, 10, 3], labels: labelsOf(5, 3, 10), dy: [5, 3] },
    build: ({ x, labels, dy }) => withGradient(nll(x!, labels!, { reduction: 'none' }), x!, dy),
  }),
];

const pairs = { mse, l1, smoothL1, klDivergence, bceWithLogits };

const elements: readonly GpuLaw[] = Object.entries(pairs).flatMap(([title, loss]) =>
  reductions.map((reduction) =>
    kernelLaw(`${title}, reduced to ${reduction}`, {
      inputs: { x: [7, 33], t: probabilities(7, 33) },
      build: ({ x, t }) => loss(x!, t!, { reduction }),
    }),
  ),
);

export const lossFunctionLaws: readonly GpuLaw[] = [
  ...picks,
  ...classes,
  ...elements,
  kernelLaw('bceWithLogits with weights, and its gradient, however large the logits', {
    inputs: {
      x: { shape: [2, 4], values: [60, -60, 90, -90, 0, 1, -1, 20] },
      t: { shape: [2, 4], values: [1, 0, 1, 0, 0.5, 0, 1, 0.25] },
      p: { shape: [4], values: [2, 1, 0.5, 3] },
      dy: [2, 4],
    },
    build: ({ x, t, p, dy }) => withGradient(bceWithLogits(x!, t!, { posWeight: p!, reduction: 'none' }), x!, dy),
  }),
  kernelLaw('klDivergence from logarithms', {
    inputs: { x: [7, 10], t: [7, 10] },
    build: ({ x, t }) => klDivergence(x!, t!, { logTarget: true, reduction: 'batchMean' }),
  }),
  kernelLaw('the gradient of smoothL1', {
    inputs: { x: [7, 33], t: [7, 33], dy: [] },
    build: ({ x, t, dy }) => gradients(smoothL1(x!, t!, { beta: 0.3 }), [x!], dy),
  }),
  kernelLaw('x·log x of every kind of number', {
    inputs: { x: { shape: [9], values: [NaN, Infinity, 0, 1e-30, 0.3, 1, 2, 1e30, -1] } },
    build: ({ x }) => elementwiseOps.xlogx.one([x!], {}),
  }),
];
