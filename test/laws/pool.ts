import { uniform } from '../../src/core/random.js';
import { sizeOf, type Shape } from '../../src/core/shape.js';
import { Formulas } from '../../src/graph/evaluate.js';
import { Graph } from '../../src/graph/graph.js';
import { avgPool2d, avgPool2dGrad } from '../../src/ops/avgPool2d.js';
import { maxPool2dGrad, maxPool2dOp, winners } from '../../src/ops/maxPool2d.js';
import { imageOf, poolAttrs, type PoolOptions } from '../../src/ops/poolWindow.js';
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

const maxOf = (title: string, shape: Shape, values: readonly number[], options: PoolOptions): GpuLaw =>
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
  maxOf('nothing but ties', [2, 3, 7, 17], few(714, [0.5]), { window: 3, stride: 2, padding: 1 }),
  maxOf('many ties, 0 and −0 among them', [2, 3, 7, 17], few(714, [0, -0, 1]), { window: 2 }),
  maxOf('a NaN wins', [1, 2, 7, 35], few(490, [-1, 0, 1, 2, NaN]), { window: 3, stride: 1, padding: 1 }),
  maxOf('infinities', [1, 2, 7, 35], few(490, [-Infinity, -Infinity, -Infinity, Infinity]), { window: 2, padding: 1 }),
  winnersLaw,
];
