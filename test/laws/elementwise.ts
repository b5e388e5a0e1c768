import type { Shape } from '../../src/core/shape.js';
import { accumulate, fill } from '../../src/graph/tape.js';
import { add, mul } from '../../src/ops/arithmetic.js';
import { broadcastTo } from '../../src/ops/reduce.js';
import { scale } from '../../src/ops/scale.js';
import { kernelLaw } from '../support/checkOp.js';
import type { GpuLaw } from '../support/gpuLaw.js';

/** Fewer elements than one invocation takes, an odd number of them, more than one workgroup. */
const sizes: readonly Shape[] = [[], [3], [2, 3, 7], [17, 255]];

const each: readonly GpuLaw[] = sizes.flatMap((shape) => [
  kernelLaw(`scale [${shape.join()}]`, { inputs: { x: shape }, build: ({ x }) => scale(x!, -1 / 3) }),
  kernelLaw(`fill [${shape.join()}]`, { inputs: { x: shape }, build: ({ x }) => fill.one([x!], { value: 1e-7 }) }),
  kernelLaw(`accumulate [${shape.join()}]`, {
    inputs: { a: shape, b: shape },
    build: ({ a, b }) => accumulate.one([a!, b!], {}),
  }),
]);

/** Equal shapes, each operand the smaller one, axes in the middle, both smaller than the result, scalars. */
const pairs: readonly (readonly [Shape, Shape])[] = [
  [
    [2, 3, 7],
    [2, 3, 7],
  ],
  [[5, 17], [17]],
  [
    [1, 7],
    [3, 1],
  ],
  [
    [2, 3, 1, 5],
    [3, 7, 1],
  ],
  [[], [3, 5]],
  [
    [4, 6, 5, 5],
    [6, 1, 1],
  ],
];

const broadcasts: readonly GpuLaw[] = pairs.flatMap(([a, b]) => {
  const title = `[${a.join()}] and [${b.join()}]`;
  return [
    kernelLaw(`add ${title}`, { inputs: { a, b }, build: (by) => add(by['a']!, by['b']!) }),
    kernelLaw(`mul ${title}`, { inputs: { a, b }, build: (by) => mul(by['a']!, by['b']!) }),
  ];
});

export const elementwiseLaws: readonly GpuLaw[] = [
  ...each,
  ...broadcasts,
  kernelLaw('broadcast along the first, a middle and the last axis', {
    inputs: { x: [3, 1, 5, 1] },
    build: ({ x }) => broadcastTo(x!, [2, 3, 7, 5, 3]),
  }),
  kernelLaw('broadcast of a scalar', { inputs: { x: [] }, build: ({ x }) => broadcastTo(x!, [255]) }),
];
