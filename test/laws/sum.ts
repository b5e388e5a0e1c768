import type { Shape } from '../../src/core/shape.js';
import { mean, sum } from '../../src/ops/reduce.js';
import { kernelLaw } from '../support/checkOp.js';
import type { GpuLaw } from '../support/gpuLaw.js';

/** No axis, each alone, several apart, all; few results of many terms, with factors and without. */
const cases: readonly (readonly [Shape, readonly number[]])[] = [
  [[3, 5], []],
  [[3, 5], [0]],
  [[3, 5], [1]],
  [[3, 5, 7], [1]],
  [
    [3, 5, 7],
    [0, 2],
  ],
  [
    [1, 7, 1],
    [0, 1, 2],
  ],
  [
    [64, 6, 13, 13],
    [0, 2, 3],
  ],
  [[2, 1021], [1]],
  [[1024, 3], [0]],
  [[4099], [0]],
];

export const sumLaws: readonly GpuLaw[] = [
  ...cases.map(([shape, axes]) =>
    kernelLaw(`sum of [${shape.join()}] over [${axes.join()}]`, {
      inputs: { x: shape },
      build: ({ x }) => sum(x!, axes, { keepDims: true }),
    }),
  ),
  kernelLaw('mean of everything', {
    inputs: { x: [7, 17, 3] },
    build: ({ x }) => mean(x!, [0, 1, 2], { keepDims: true }),
  }),
];
