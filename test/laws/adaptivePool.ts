import type { Shape } from '../../src/core/shape.js';
import { uniform } from '../../src/core/random.js';
import { gradients } from '../../src/graph/tape.js';
import { adaptiveAvgPool2d, adaptiveMaxPool2dOp } from '../../src/ops/adaptivePool2d.js';
import { kernelLaw } from '../support/checkOp.js';
import type { GpuLaw } from '../support/gpuLaw.js';

/** Windows that share pixels, that do not, of one pixel, more windows than pixels; sides of 1, 7, 17 and 255. */
const cases: Readonly<Record<string, readonly [x: Shape, size: readonly [number, number]]>> = {
  'neighbours share a pixel': [
    [2, 3, 7, 17],
    [2, 5],
  ],
  'one axis of windows alike': [
    [2, 3, 6, 7],
    [3, 2],
  ],
  'one window of a row, many of a column': [
    [1, 2, 255, 3],
    [100, 1],
  ],
  'many windows of a row': [
    [1, 2, 3, 255],
    [2, 71],
  ],
  'more windows than pixels': [
    [2, 2, 3, 2],
    [7, 5],
  ],
  'more rows than pixels, fewer columns': [
    [3, 2, 2, 17],
    [5, 4],
  ],
  'a pixel for every window': [
    [2, 2, 1, 1],
    [3, 2],
  ],
};

const lawsOf = ([title, [x, size]]: (typeof entries)[number]): readonly GpuLaw[] => {
  const seed = [...x.slice(0, 2), ...size];
  return [
    kernelLaw(`adaptiveAvgPool2d and its gradient: ${title}`, {
      inputs: { x, seed },
      build: (by) => {
        const y = adaptiveAvgPool2d(by['x']!, size);
        return [y, ...gradients(y, [by['x']!], by['seed'])];
      },
    }),
    kernelLaw(`adaptiveMaxPool2d and its gradient: ${title}`, {
      inputs: { x, seed },
      build: (by) => {
        const [y, index] = adaptiveMaxPool2dOp.apply([by['x']!], { size });
        return [y!, index!, ...gradients(y!, [by['x']!], by['seed'])];
      },
    }),
  ];
};

const entries = Object.entries(cases);

const few = Array.from({ length: 2 * 7 * 35 }, (_, i) => [-1, 0, -0, 1, NaN][Math.floor(5 * uniform(3, 5, i))] ?? 0);

export const adaptivePoolLaws: readonly GpuLaw[] = [
  ...entries.flatMap(lawsOf),
  kernelLaw('adaptiveMaxPool2d: not a number, ties', {
    inputs: { x: { shape: [1, 2, 7, 35], values: few } },
    build: ({ x }) => adaptiveMaxPool2dOp.apply([x!], { size: [3, 12] }),
  }),
];
