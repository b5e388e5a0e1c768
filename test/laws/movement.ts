import type { Shape } from '../../src/core/shape.js';
import { concat } from '../../src/ops/concat.js';
import { permute } from '../../src/ops/permute.js';
import { pad, padOp, slice, type SliceRange } from '../../src/ops/slice.js';
import { kernelLaw, type KernelOperand } from '../support/checkOp.js';
import type { GpuLaw } from '../support/gpuLaw.js';

/** Two axes, narrow and wide; planes of matrices; runs that change places; orders that are no exchange; five axes. */
const orders: readonly (readonly [Shape, readonly number[]])[] = [
  [
    [3, 5],
    [1, 0],
  ],
  [
    [65, 33],
    [1, 0],
  ],
  [
    [3, 17, 40],
    [0, 2, 1],
  ],
  [
    [2, 4, 5, 17],
    [0, 3, 1, 2],
  ],
  [
    [2, 20, 3, 7],
    [0, 2, 3, 1],
  ],
  [
    [3, 4, 5],
    [2, 1, 0],
  ],
  [
    [2, 3, 2, 5, 3],
    [3, 1, 4, 0, 2],
  ],
];

const permutations: readonly GpuLaw[] = orders.map(([shape, axes]) =>
  kernelLaw(`permute [${shape.join()}] by [${axes.join()}]`, {
    inputs: { x: shape },
    build: ({ x }) => permute(x!, axes),
  }),
);

/** Everything; the first axis, a middle one, the last; steps that do and do not divide; one element. */
const parts: readonly (readonly [Shape, readonly (SliceRange | undefined)[]])[] = [
  [[7], []],
  [[255, 3], [{ start: 3, end: 251 }]],
  [
    [3, 17, 5],
    [undefined, { start: 2, step: 3 }],
  ],
  [
    [2, 3, 4, 9],
    [{ start: 1 }, { end: 2 }, { step: 3 }, { start: 1, end: 8, step: 2 }],
  ],
  [
    [5, 5],
    [
      { start: 4, end: 5 },
      { start: 4, end: 5 },
    ],
  ],
];

const textOf = (ranges: readonly (SliceRange | undefined)[]): string =>
  ranges.map((range) => (range === undefined ? 'all' : Object.entries(range).join(' '))).join('; ');

const slices: readonly GpuLaw[] = parts.map(([shape, ranges]) =>
  kernelLaw(`slice [${shape.join()}] by ${textOf(ranges)}`, {
    inputs: { x: shape },
    build: ({ x }) => slice(x!, ranges),
  }),
);

/** No side, one side, both; axes apart and beside each other. */
const sides: readonly (readonly [Shape, readonly (readonly [number, number])[]])[] = [
  [[7], [[0, 0]]],
  [[7], [[3, 0]]],
  [[2, 3], [[0, 1]]],
  [
    [2, 3, 5, 5],
    [
      [0, 0],
      [0, 0],
      [1, 1],
      [2, 1],
    ],
  ],
  [
    [3, 85],
    [
      [2, 1],
      [0, 4],
    ],
  ],
];

const pads: readonly GpuLaw[] = sides.flatMap(([shape, around]) =>
  [0, -1.5, -Infinity, NaN].map((value) =>
    kernelLaw(`pad [${shape.join()}] by ${around.join('; ')} with ${value}`, {
      inputs: { x: shape },
      build: ({ x }) => pad(x!, around, value),
    }),
  ),
);

const apart: readonly GpuLaw[] = [
  kernelLaw('pad between elements, as the gradient of a slice with steps', {
    inputs: { x: [2, 3, 4] },
    build: ({ x }) => padOp.one([x!], { before: [1, 0, 2], after: [0, 2, 1], steps: [3, 2, 1], value: 0 }),
  }),
];

/** One operand, two, more than one dispatch binds; the first axis, a middle one, the last; one operand twice. */
const joins: readonly GpuLaw[] = (
  [
    [[[3, 4]], 0],
    [[[3], [4]], 0],
    [
      [
        [3, 4],
        [2, 4],
        [7, 4],
      ],
      0,
    ],
    [
      [
        [3, 4, 5],
        [3, 1, 5],
      ],
      1,
    ],
    [
      [
        [17, 3],
        [17, 12],
      ],
      1,
    ],
    [Array.from({ length: 17 }, (_, i) => [2, 1 + (i % 3), 3]), 1],
  ] as const satisfies readonly (readonly [readonly Shape[], number])[]
).map(([shapes, axis]) =>
  kernelLaw(`concat of ${shapes.length} along axis ${axis} of ${shapes[0]?.length}`, {
    inputs: Object.fromEntries(shapes.map((shape, i) => [`x${i}`, shape])),
    build: (by) =>
      concat(
        shapes.map((_, i) => by[`x${i}`]!),
        axis,
      ),
  }),
);

/** Words that no arithmetic would leave as they are: signs of zero, infinities, the largest whole number. */
const odd: KernelOperand = { shape: [5], values: [-0, NaN, Infinity, -Infinity, 1e-45] };
const words: KernelOperand = { shape: [2, 3], dtype: 'u32', values: [0, 1, 2 ** 32 - 1, 2 ** 31, 7, 0x7fc0_0001] };

const untouched: readonly GpuLaw[] = [
  kernelLaw('numbers that are none pass a slice, a pad and a concat', {
    inputs: { x: odd },
    build: ({ x }) => concat([slice(x!, [{ step: 2 }]), pad(x!, [[1, 1]]), x!]),
  }),
  kernelLaw('whole numbers are permuted, cut, padded and joined like others', {
    inputs: { x: words },
    build: ({ x }) => [
      permute(x!, [1, 0]),
      slice(x!, [undefined, { start: 1 }]),
      pad(x!, [[0, 1]], 2 ** 32 - 1),
      concat([x!, x!], 1),
    ],
  }),
];

export const movementLaws: readonly GpuLaw[] = [...permutations, ...slices, ...pads, ...apart, ...joins, ...untouched];
