import { countEqual, countPairs, liveMean, liveMeanGrad, softmaxCrossEntropy } from '../../src/ops/batch.js';
import { gradients } from '../../src/graph/tape.js';
import {
  argmaxRows,
  crossEntropyRows,
  crossEntropyRowsGrad,
  logSoftmax,
  logSoftmaxGrad,
  softmax,
  softmaxGrad,
} from '../../src/ops/softmax.js';
import { ALL_FINITE, firstNonFinite, recordStep } from '../../src/ops/control.js';
import { reshape } from '../../src/ops/reshape.js';
import { kernelLaw, type KernelOperand } from '../support/checkOp.js';
import type { GpuLaw } from '../support/gpuLaw.js';

const u32 = (...values: number[]): KernelOperand => ({ shape: [values.length], dtype: 'u32', values });

/** Labels that go round the classes. */
const labelsOf = (N: number, C: number): KernelOperand => u32(...Array.from({ length: N }, (_, n) => (3 * n) % C));

const sizes = [
  [1, 1],
  [3, 10],
  [7, 3],
  [65, 17],
] as const;

const rows: readonly GpuLaw[] = sizes.flatMap(([N, C]) => [
  kernelLaw(`softmax [${N}, ${C}]`, { inputs: { x: [N, C] }, build: ({ x }) => softmax(x!) }),
  kernelLaw(`softmaxGrad [${N}, ${C}]`, {
    inputs: { dy: [N, C], y: [N, C] },
    build: ({ dy, y }) => softmaxGrad.one([dy!, y!], {}),
  }),
  kernelLaw(`logSoftmaxGrad [${N}, ${C}]`, {
    inputs: { dy: [N, C], y: [N, C] },
    build: ({ dy, y }) => logSoftmaxGrad.one([dy!, y!], {}),
  }),
  kernelLaw(`crossEntropyRows [${N}, ${C}]`, {
    inputs: { x: [N, C], labels: labelsOf(N, C) },
    build: ({ x, labels }) => crossEntropyRows(x!, labels!),
  }),
  kernelLaw(`crossEntropyRowsGrad [${N}, ${C}]`, {
    inputs: { dy: [N], x: [N, C], labels: labelsOf(N, C) },
    build: ({ dy, x, labels }) => crossEntropyRowsGrad.one([dy!, x!, labels!], {}),
  }),
  kernelLaw(`argmaxRows [${N}, ${C}]`, { inputs: { x: [N, C] }, build: ({ x }) => argmaxRows(x!) }),
]);

/** Along every axis; fewer elements than a workgroup has invocations, and more. */
const axes: readonly GpuLaw[] = [
  ...[0, 1, 2].map((axis) => [[5, 70, 33], axis] as const),
  [[2, 67, 3], 1] as const,
].map(([shape, axis]) =>
  kernelLaw(`softmax and logSoftmax of [${shape.join()}] along axis ${axis}, and their gradients`, {
    inputs: { x: shape, dy: shape },
    build: ({ x, dy }) => {
      const [y, log] = [softmax(x!, axis), logSoftmax(x!, axis)];
      return [y, log, ...gradients(y, [x!], dy), ...gradients(log, [x!], dy)];
    },
  }),
);

/** NaN, or ∞, makes a row NaN, and no other; −∞ is no probability. */
const unbounded: KernelOperand = {
  shape: [4, 33],
  values: [NaN, Infinity, -Infinity, 0].flatMap((odd) => Array.from({ length: 33 }, (_, c) => (c === 20 ? odd : c))),
};

/** Rows whose exponentials would overflow or vanish without the subtraction; ties. */
const extremes: KernelOperand = {
  shape: [4, 3],
  values: [1e30, 1e30, -1e30, 88.5, -88.5, 0, -500, -500.5, -501, 0, 0, 0],
};

const hard: readonly GpuLaw[] = [
  kernelLaw('softmax and logSoftmax of what is no number', {
    inputs: { x: unbounded },
    build: ({ x }) => [softmax(x!), logSoftmax(x!)],
  }),
  kernelLaw('logSoftmax of extreme logits', { inputs: { x: extremes }, build: ({ x }) => logSoftmax(x!) }),
  kernelLaw('softmax of extreme logits', { inputs: { x: extremes }, build: ({ x }) => softmax(x!) }),
  kernelLaw('crossEntropyRows of extreme logits', {
    inputs: { x: extremes, labels: u32(1, 0, 2, 1) },
    build: ({ x, labels }) => crossEntropyRows(x!, labels!),
  }),
  kernelLaw('argmaxRows takes the first of equals', { inputs: { x: extremes }, build: ({ x }) => argmaxRows(x!) }),
  kernelLaw('a label beyond the classes has no loss', {
    inputs: { x: [3, 10], labels: u32(10, 4, 0xffff_ffff) },
    build: ({ x, labels }) => crossEntropyRows(x!, labels!),
  }),
  kernelLaw('a label beyond the classes is no class of the gradient', {
    inputs: { dy: [3], x: [3, 10], labels: u32(10, 4, 0xffff_ffff) },
    build: ({ dy, x, labels }) => crossEntropyRowsGrad.one([dy!, x!, labels!], {}),
  }),
];

/** All rows live, some, one. */
const batches: readonly GpuLaw[] = [17, 5, 1].flatMap((live) => [
  kernelLaw(`liveMean of ${live} rows of 17`, {
    inputs: { rows: [17], live: u32(live) },
    build: ({ rows: values, live: count }) => liveMean(values!, count!),
  }),
  kernelLaw(`liveMeanGrad of ${live} rows of 17`, {
    inputs: { dy: [], live: u32(live) },
    build: ({ dy, live: count }) => liveMeanGrad.one([dy!, count!], { rows: 17 }),
  }),
  kernelLaw(`countEqual of ${live} rows of 17`, {
    inputs: {
      a: u32(...Array.from({ length: 17 }, (_, n) => n % 3)),
      b: u32(...Array.from({ length: 17 }, (_, n) => n % 2)),
      live: u32(live),
    },
    build: ({ a, b, live: count }) => countEqual(a!, b!, count!),
  }),
  // Labels and answers beyond the classes are among them, and pairs that come often.
  kernelLaw(`countPairs of ${live} rows of 17`, {
    inputs: {
      total: { shape: [3, 3], dtype: 'u32', values: [0, 1, 2, 3, 4, 5, 6, 7, 2 ** 31] },
      a: u32(...Array.from({ length: 17 }, (_, n) => (n === 4 ? 3 : n % 3))),
      b: u32(...Array.from({ length: 17 }, (_, n) => (n === 2 ? 2 ** 32 - 1 : n % 2))),
      live: u32(live),
    },
    build: ({ total, a, b, live: count }) => countPairs(total!, a!, b!, count!),
  }),
]);

/** A batch's loss, accuracy and gradient, as a training step wants them. */
const head = (title: string, N: number, C: number, live: number, x: KernelOperand = { shape: [N, C] }): GpuLaw =>
  kernelLaw(`the loss head of ${title}`, {
    inputs: { x, labels: labelsOf(N, C), live: u32(live) },
    build: ({ x: logits, labels, live: count }) => {
      const loss = softmaxCrossEntropy(logits!, labels!, count);
      return [loss, countEqual(argmaxRows(logits!), labels!, count!), ...gradients(loss, [logits!])];
    },
  });

const heads: readonly GpuLaw[] = [
  head('one row of one class', 1, 1, 1),
  head('a full batch', 64, 10, 64),
  head('a short batch', 7, 10, 5),
  head('more rows than a workgroup, most of them not live', 255, 3, 1),
  head('many classes', 3, 1000, 3),
  head('extreme logits', 4, 3, 4, extremes),
  kernelLaw('the loss head where a row that is not live holds no numbers', {
    inputs: {
      x: { shape: [3, 2], values: [1, 2, 3, -1, NaN, Infinity] },
      labels: u32(0, 1, 0),
      live: u32(2),
    },
    build: ({ x, labels, live }) => {
      const loss = softmaxCrossEntropy(x!, labels!, live);
      return [loss, countEqual(argmaxRows(x!), labels!, live!)];
    },
  }),
  kernelLaw('the loss head whose loss and accuracy others read too', {
    inputs: { x: [7, 10], labels: labelsOf(7, 10), live: u32(5), ring: [3, 3], step: u32(4), guard: u32(ALL_FINITE) },
    build: ({ x, labels, live, ring, step, guard }) => {
      const loss = softmaxCrossEntropy(x!, labels!, live);
      const correct = countEqual(labels!, argmaxRows(x!), live!);
      const [dx] = gradients(loss, [x!]);
      const healthy = firstNonFinite(guard!, loss, reshape(dx!, [70]), [0]);
      return [recordStep(ring!, step!, loss, correct, live!), healthy];
    },
  }),
];

export const softmaxLaws: readonly GpuLaw[] = [
  ...rows,
  ...axes,
  ...hard,
  ...batches,
  ...heads,
  kernelLaw('the loss of a short batch and its gradient', {
    inputs: { x: [7, 10], labels: labelsOf(7, 10), live: u32(5) },
    build: ({ x, labels, live }) => {
      const loss = softmaxCrossEntropy(x!, labels!, live);
      return [loss, ...gradients(loss, [x!])];
    },
  }),
];
