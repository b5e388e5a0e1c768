import { uniform } from '../../src/core/random.js';
import { sizeOf, type Shape } from '../../src/core/shape.js';
import { Formulas } from '../../src/graph/evaluate.js';
import { Graph } from '../../src/graph/graph.js';
import { gradients } from '../../src/graph/tape.js';
import { avgPool2d, avgPool2dGrad, type AvgPoolOptions } from '../../src/ops/avgPool2d.js';
import { maxPool2dGrad, maxPool2dOp, winners } from '../../src/ops/maxPool2d.js';
import { imageOf, poolAttrs, type MaxPoolOptions, type PoolOptions } from '../../src/ops/poolWindow.js';
import { kernelLaw } from '../support/checkOp.js';
import type { GpuLaw } from '../support/gpuLaw.js';

/** Each setting alone, then together; sides of 1, 3, 7, 17 and 255; rows that no tile divides. */
const cases: Readonly<Record<string, readonly [Shape, PoolOptions]>> = {
  'one pixel': [[1, 1, 1, 1], { window: 1 }],
  'windows that tile the image': [[2, 6, 26, 26], { window: 2 }],
  'windows that leave a rim': [[2, 3, 7, 17], { window: 2 }],
  'the whole image': [[3, 2, 3, 7], { window: [3, 7] }],
  'windows that overlap': [[2, 2, 7, 17], { window: 3, stride: 1 }],
  'windows that overlap by a part': [[2, 2, 9, 35], { window: 3, stride: 2 }],
  'windows that leave gaps': [[1, 3, 17, 31], { window: 2, stride: 3 }],
  'rows of 255 pixels': [[1, 2, 3, 255], { window: [1, 3], stride: [1, 2] }],
  'columns of 255 pixels': [[1, 1, 255, 3], { window: [7, 3], stride: [5, 1] }],
  'padding of half a window': [[2, 2, 7, 5], { window: 2, padding: 1 }],
  'padded rows that no tile divides': [[1, 2, 5, 65], { window: 3, stride: 1, padding: 1 }],
  'windows of 49 pixels': [[1, 2, 17, 17], { window: 7, stride: 2, padding: 3 }],
  'a last window that reaches past the image': [[2, 3, 8, 20], { window: 3, ceilMode: true }],
  'a last window of one pixel, rows that no tile divides': [[1, 2, 5, 61], { window: 2, ceilMode: true }],
  'one window larger than the image': [[2, 3, 3, 2], { window: 4, ceilMode: true }],
  'padding, overlap and a window past it': [[2, 2, 6, 16], { window: 3, stride: 2, padding: 1, ceilMode: true }],
  'all at once, rows and columns apart': [[2, 3, 7, 37], { window: [3, 4], stride: [2, 3], padding: [1, 2] }],
};

const seeded = (shape: Shape) => Array.from({ length: sizeOf(shape) }, (_, i) => 2 * uniform(5, 1, i) - 1);

/** The winners of the windows of a seeded image. */
function winnersOf(shape: Shape, options: PoolOptions) {
  const graph = new Graph();
  const x = graph.state('x', shape);
  const [y, index] = maxPool2dOp.apply([x], poolAttrs('maxPool2d', options));
  const formulas = new Formulas(graph);
  formulas.set(x, seeded(shape));
  return { dy: y!.shape, index: { shape: y!.shape, dtype: 'u32' as const, values: formulas.read(index!).data } };
}

const lawsOf = ([title, [shape, options]]: readonly [string, readonly [Shape, PoolOptions]]): readonly GpuLaw[] => {
  const attrs = { ...poolAttrs('pool', options), image: imageOf(shape) };
  const { dy, index } = winnersOf(shape, options);
  return [
    kernelLaw(`maxPool2d: ${title}`, { inputs: { x: shape }, build: ({ x }) => maxPool2dOp.apply([x!], attrs) }),
    kernelLaw(`maxPool2dGrad: ${title}`, {
      inputs: { dy, index },
      build: (by) => maxPool2dGrad.one([by['dy']!, by['index']!], attrs),
    }),
    kernelLaw(`avgPool2d: ${title}`, { inputs: { x: shape }, build: ({ x }) => avgPool2d(x!, options) }),
    kernelLaw(`avgPool2dGrad: ${title}`, {
      inputs: { dy },
      build: (by) => avgPool2dGrad.one([by['dy']!], attrs),
    }),
  ];
};

/** Windows with holes: alone, over padding, past the image, in gradients whose windows overlap. */
const dilated: Readonly<Record<string, readonly [Shape, MaxPoolOptions]>> = {
  'dilation 2': [[2, 3, 9, 17], { window: 2, dilation: 2 }],
  'padding that taps step over': [[2, 2, 7, 9], { window: 3, dilation: 2, padding: 2, stride: 1 }],
  'taps 3 apart, padding of an odd count': [
    [1, 2, 11, 13],
    { window: [3, 2], dilation: [3, 2], padding: [2, 1], stride: [2, 1] },
  ],
  'a dilated window past the image': [[1, 3, 8, 11], { window: [2, 3], dilation: [1, 2], stride: 3, ceilMode: true }],
};

/** What the mean is divided by: another number, or what each window has. */
const averages: Readonly<Record<string, readonly [Shape, AvgPoolOptions]>> = {
  'another divisor': [[2, 3, 7, 17], { window: 3, stride: 2, divisorOverride: 2 }],
  'another divisor past the image': [[2, 3, 8, 17], { window: 3, padding: 1, ceilMode: true, divisorOverride: 7 }],
  'pixels of the image alone': [[2, 3, 7, 17], { window: 3, stride: 2, padding: 1, countIncludePad: false }],
  'pixels of the padded image, past which a window reaches': [
    [2, 2, 6, 16],
    { window: [3, 4], stride: [2, 3], padding: [1, 2], ceilMode: true },
  ],
  'pixels of the image alone, past which a window reaches': [
    [1, 3, 8, 20],
    { window: 3, padding: [1, 0], ceilMode: true, countIncludePad: false },
  ],
};

const optionLaws: readonly GpuLaw[] = [
  ...Object.entries(dilated).map(([title, [shape, options]]) =>
    kernelLaw(`maxPool2d and its gradient: ${title}`, {
      inputs: { x: shape },
      build: ({ x }) => {
        const [y, index] = maxPool2dOp.apply([x!], poolAttrs('maxPool2d', options));
        return [y!, index!, ...gradients(y!, [x!], y)];
      },
    }),
  ),
  ...Object.entries(averages).map(([title, [shape, options]]) =>
    kernelLaw(`avgPool2d and its gradient: ${title}`, {
      inputs: { x: shape, seed: avgPool2d(new Graph().state('x', shape), options).shape },
      build: ({ x, seed }) => {
        const y = avgPool2d(x!, options);
        return [y, ...gradients(y, [x!], seed)];
      },
    }),
  ),
];

const maxOf = (title: string, shape: Shape, values: readonly number[], options: MaxPoolOptions): GpuLaw =>
  kernelLaw(`maxPool2d: ${title}`, {
    inputs: { x: { shape, values } },
    build: ({ x }) => maxPool2dOp.apply([x!], poolAttrs('maxPool2d', options)),
  });

const few = (count: number, among: readonly number[]) =>
  Array.from({ length: count }, (_, i) => among[Math.floor(uniform(3, 4, i) * among.length)] ?? 0);

const winnersLaw = ((): GpuLaw => {
  const shape = [2, 3, 7, 17];
  const options: PoolOptions = { window: 3, stride: 2, padding: 1 };
  const { index } = winnersOf(shape, options);
  return kernelLaw('winners of another image', {
    inputs: { x: shape, index },
    build: (by) => winners.one([by['x']!, by['index']!], { ...poolAttrs('pool', options), image: imageOf(shape) }),
  });
})();

export const poolLaws: readonly GpuLaw[] = [
  ...Object.entries(cases).flatMap(lawsOf),
  ...optionLaws,
  maxOf('a NaN wins through holes', [1, 2, 7, 35], few(490, [-1, 0, 1, 2, NaN]), {
    window: 3,
    dilation: 2,
    padding: 2,
  }),
  maxOf('nothing but ties', [2, 3, 7, 17], few(714, [0.5]), { window: 3, stride: 2, padding: 1 }),
  maxOf('many ties, 0 and −0 among them', [2, 3, 7, 17], few(714, [0, -0, 1]), { window: 2 }),
  maxOf('a NaN wins', [1, 2, 7, 35], few(490, [-1, 0, 1, 2, NaN]), { window: 3, stride: 1, padding: 1 }),
  maxOf('infinities', [1, 2, 7, 35], few(490, [-Infinity, -Infinity, -Infinity, Infinity]), { window: 2, padding: 1 }),
  winnersLaw,
];
