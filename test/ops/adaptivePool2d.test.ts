import { describe, expect, it } from 'vitest';
import type { Shape } from '../../src/core/shape.js';
import { Formulas } from '../../src/graph/evaluate.js';
import { Graph, type Tensor } from '../../src/graph/graph.js';
import { gradients } from '../../src/graph/tape.js';
import {
  adaptiveAvgPool2d,
  adaptiveAvgPool2dGrad,
  adaptiveMaxPool2d,
  adaptiveMaxPool2dOp,
  globalAvgPool,
  globalMaxPool,
} from '../../src/ops/adaptivePool2d.js';
import { adaptiveAvgPool1d, adaptiveMaxPool1d } from '../../src/ops/pool1d.js';
import { checkCalculus } from '../support/calculus.js';
import { stepped, valuesOf } from './stepped.js';

/** Windows alike and unequal, on one axis and on both, more of them than pixels. */
const cases: Readonly<Record<string, readonly [x: Shape, size: readonly [number, number]]>> = {
  'one pixel': [
    [1, 1, 1, 1],
    [1, 1],
  ],
  'windows alike': [
    [2, 2, 4, 6],
    [2, 3],
  ],
  'one window': [
    [2, 2, 3, 5],
    [1, 1],
  ],
  'a window for each pixel': [
    [1, 2, 3, 4],
    [3, 4],
  ],
  'neighbours share a pixel': [
    [2, 2, 5, 7],
    [2, 3],
  ],
  'one axis of windows alike': [
    [1, 2, 4, 7],
    [2, 4],
  ],
  'more windows than pixels': [
    [1, 2, 2, 3],
    [5, 4],
  ],
  'more rows than pixels, fewer columns': [
    [1, 2, 2, 7],
    [3, 3],
  ],
};

describe('the gradient of adaptiveAvgPool2d is its derivative', () => {
  for (const [title, [x, size]] of Object.entries(cases)) {
    checkCalculus(title, { inputs: { x }, build: ({ x: images }) => adaptiveAvgPool2d(images!, size) });
  }
});

describe('the gradient of adaptiveMaxPool2d is its derivative', () => {
  for (const [title, [x, size]] of Object.entries(cases)) {
    checkCalculus(title, { inputs: { x }, build: ({ x: images }) => adaptiveMaxPool2d(images!, size) });
  }
});

describe('the gradients of other pools are their derivatives', () => {
  checkCalculus('adaptiveAvgPool2dGrad', {
    inputs: { dy: [1, 2, 2, 3] },
    build: ({ dy }) => adaptiveAvgPool2dGrad.one([dy!], { image: [5, 4] }),
  });
  checkCalculus('globalAvgPool', { inputs: { x: [2, 3, 4, 5] }, build: ({ x }) => globalAvgPool(x!) });
  checkCalculus('globalMaxPool', { inputs: { x: [2, 3, 4, 5] }, build: ({ x }) => globalMaxPool(x!) });
});

const of = (shape: Shape, build: (x: Tensor) => Tensor): number[] => valuesOf([shape], ([x]) => build(x!));
const near = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 12) as number);

describe('PyTorch’s values', () => {
  it('are the means of unequal windows', () => {
    expect(of([1, 1, 5, 7], (x) => adaptiveAvgPool2d(x, [2, 3]))).toEqual(near([-1 / 9, 2 / 9, 0, 0, -2 / 9, 1 / 9]));
  });

  it('are the means of more windows than pixels', () => {
    expect(of([1, 1, 2, 3], (x) => adaptiveAvgPool2d(x, [3, 5]))).toEqual([
      -2, -1.5, -1, -0.5, 0, -0.5, 0, 0.5, -0.25, -1, 1, 1.5, 2, 0, -2,
    ]);
  });

  it('are the winners of unequal windows, the first of equals', () => {
    const graph = new Graph();
    const x = graph.state('x', [1, 1, 5, 7]);
    const [y, index] = adaptiveMaxPool2dOp.apply([x], { size: [2, 3] });
    const formulas = new Formulas(graph);
    formulas.set(x, stepped(x.shape));
    expect([...formulas.read(y!).data]).toEqual([2, 2, 2, 2, 2, 2]);
    expect([...formulas.read(index!).data]).toEqual([9, 4, 4, 14, 24, 19]);
  });

  it('in one dimension are those of images of one row', () => {
    expect(of([1, 2, 5], (x) => adaptiveAvgPool1d(x, 2))).toEqual([-1, 1, -1, 1]);
    expect(of([1, 1, 7], (x) => adaptiveMaxPool1d(x, 3))).toEqual([0, 2, 2]);
  });
});

it('windows that are alike are those of the common pools, which have faster kernels', () => {
  const graph = new Graph();
  const x = graph.state('x', [2, 3, 6, 8]);
  adaptiveAvgPool2d(x, [3, 4]);
  adaptiveMaxPool2d(x, 2);
  adaptiveAvgPool2d(x, 1);
  expect(graph.nodes.map(({ op }) => op)).toEqual(['avgPool2d', 'maxPool2d', 'sum', 'scale']);
});

it('a pixel that won several windows has the slopes of all of them', () => {
  const graph = new Graph();
  const x = graph.state('x', [1, 1, 1, 2]);
  const y = adaptiveMaxPool2d(x, [1, 5]);
  const formulas = new Formulas(graph);
  formulas.set(x, [1, 2]);
  const [dx] = gradients(y, [x], y);
  expect([...formulas.read(y).data]).toEqual([1, 1, 2, 2, 2]);
  expect([...formulas.read(dx!).data]).toEqual([2, 6]);
});

describe('adaptive pools refuse', () => {
  it.each([
    ['adaptiveAvgPool2d', adaptiveAvgPool2d],
    ['adaptiveMaxPool2d', adaptiveMaxPool2d],
  ])('images of three axes, and no windows (%s)', (place, pool) => {
    const apply = (shape: Shape, size: number) => () => pool(new Graph().state('x', shape), size);
    const refusal = (sentence: RegExp) =>
      expect.objectContaining({ code: 'shape', place, message: expect.stringMatching(sentence) });
    expect(apply([1, 4, 4], 2)).toThrow(refusal(/x \[1, 4, 4\]; wanted x \[N, C, H, W\]/));
    expect(apply([1, 1, 4, 4], 0)).toThrow(refusal(/size 0; wanted a whole number of at least 1/));
  });
});
