import type { Shape } from '../../src/core/shape.js';
import type { MatmulLayout } from '../../src/ops/matmul.js';
import { matmulBatched } from '../../src/ops/matmulBatched.js';
import { kernelLaw } from '../support/checkOp.js';
import type { GpuLaw } from '../support/gpuLaw.js';

/** Axes before the matrices: alike, one shared by all, each operand the smaller one, both smaller than the result. */
const leads: readonly (readonly [a: Shape, b: Shape])[] = [
  [[3], [3]],
  [[], [2]],
  [
    [2, 3],
    [2, 1],
  ],
  [[3], [2, 1]],
  [
    [2, 1, 3],
    [5, 1],
  ],
];

/** Ones; sizes that no tile divides; a matrix that is one tile, and long sums; more than a tile. */
const sizes = [
  [1, 1, 1],
  [7, 3, 17],
  [16, 24, 40],
  [33, 65, 10],
] as const;

const layouts: readonly MatmulLayout[] = ['nn', 'nt', 'tn'];

const law = (layout: MatmulLayout, leadA: Shape, leadB: Shape, [M, N, K]: readonly [number, number, number]): GpuLaw =>
  kernelLaw(`matmul ${layout} of [${leadA.join()}] and [${leadB.join()}] matrices, ${M} × ${N}, sums of ${K}`, {
    inputs: {
      a: [...leadA, ...(layout === 'tn' ? [K, M] : [M, K])],
      b: [...leadB, ...(layout === 'nt' ? [N, K] : [K, N])],
    },
    build: ({ a, b }) => matmulBatched(a!, b!, layout),
  });

export const matmulBatchedLaws: readonly GpuLaw[] = [
  ...layouts.flatMap((layout) => sizes.map((size) => law(layout, [3], [3], size))),
  ...leads.map(([a, b]) => law('nn', a, b, [5, 9, 4])),
  ...leads.map(([a, b]) => law('tn', a, b, [5, 9, 4])),
  law('nt', [2, 3], [], [5, 9, 4]),
];
