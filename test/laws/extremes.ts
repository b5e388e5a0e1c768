import type { Shape } from '../../src/core/shape.js';
import { gradients } from '../../src/graph/tape.js';
import { amax, amin, argmax, argmin } from '../../src/ops/extremes.js';
import { std, variance } from '../../src/ops/statistics.js';
import { kernelLaw, type KernelOperand } from '../support/checkOp.js';
import type { GpuLaw } from '../support/gpuLaw.js';

/** No axis, each alone, several apart, all; fewer terms than a workgroup has invocations, and more. */
const cases: readonly (readonly [Shape, readonly number[]])[] = [
  [[3, 5], []],
  [[3, 5], [0]],
  [[3, 5, 7], [1]],
  [
    [3, 5, 17],
    [0, 2],
  ],
  [
    [1, 7, 1],
    [0, 1, 2],
  ],
  [[2, 1021], [1]],
  [[257, 3], [0]],
];

/** Ties, at neighbouring places and at those of other lanes; NaN once, twice, and nothing else; infinities. */
const hard: KernelOperand = {
  shape: [6, 70],
  values: [
    (i: number) => (i % 7) - (i % 3),
    (i: number) => (i === 66 || i === 65 ? NaN : i),
    () => NaN,
    (i: number) => (i === 69 ? Infinity : -Infinity),
    () => -Infinity,
    (i: number) => (i === 0 ? NaN : Infinity),
  ].flatMap((row) => Array.from({ length: 70 }, (_, i) => row(i))),
};

export const extremeLaws: readonly GpuLaw[] = [
  ...cases.map(([shape, axes]) =>
    kernelLaw(`amax and amin of [${shape.join()}] over [${axes.join()}], and the gradient`, {
      inputs: { x: shape, dy: shape.map((size, axis) => (axes.includes(axis) ? 1 : size)) },
      build: ({ x, dy }) => {
        const largest = amax(x!, axes, { keepDims: true });
        return [largest, amin(x!, axes, { keepDims: true }), ...gradients(largest, [x!], dy)];
      },
    }),
  ),
  ...[0, 1, 2].map((axis) =>
    kernelLaw(`argmax and argmin of [5, 67, 3] along axis ${axis}`, {
      inputs: { x: [5, 67, 3] },
      build: ({ x }) => [argmax(x!, axis), argmin(x!, axis)],
    }),
  ),
  kernelLaw('the place of the largest of all', { inputs: { x: [5, 67, 3] }, build: ({ x }) => argmax(x!) }),
  ...[0, 1].flatMap((axis) => [
    kernelLaw(`NaN, ties and infinities along axis ${axis}`, {
      inputs: { x: hard },
      build: ({ x }) => [amax(x!, [axis]), amin(x!, [axis]), argmax(x!, axis), argmin(x!, axis)],
    }),
  ]),
  kernelLaw('variances, and their root', {
    inputs: { x: [5, 67, 3] },
    build: ({ x }) => [variance(x!, [1]), std(x!, [0, 2], { unbiased: false, keepDims: true })],
  }),
];
