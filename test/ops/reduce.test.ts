import { describe, expect, it } from 'vitest';
import { Formulas } from '../../src/graph/evaluate.js';
import { Graph } from '../../src/graph/graph.js';
import { broadcastTo, mean, sum, sumTo } from '../../src/ops/reduce.js';
import type { Shape } from '../../src/core/shape.js';
import { checkCalculus } from '../support/calculus.js';

/** All axes, none, the first, the last, the middle, two that do and two that do not touch. */
const cases: readonly (readonly [Shape, readonly number[] | undefined])[] = [
  [[], undefined],
  [[7], undefined],
  [[2, 3, 4], undefined],
  [[2, 3, 4], []],
  [[2, 3, 4], [0]],
  [[2, 3, 4], [1]],
  [[2, 3, 4], [2]],
  [
    [2, 3, 4],
    [1, 2],
  ],
  [
    [2, 3, 2, 3],
    [3, 0, 2],
  ],
];

const nameOf = (shape: Shape, axes: readonly number[] | undefined): string =>
  `[${shape.join(', ')}] over ${axes === undefined ? 'all axes' : `[${axes.join(', ')}]`}`;

describe('the gradients of sum and mean are their derivatives', () => {
  for (const [x, axes] of cases) {
    for (const keepDims of [false, true]) {
      const title = `${nameOf(x, axes)}${keepDims ? ', sizes kept' : ''}`;
      checkCalculus(`sum ${title}`, { inputs: { x }, build: (by) => sum(by['x']!, axes, { keepDims }) });
      checkCalculus(`mean ${title}`, { inputs: { x }, build: (by) => mean(by['x']!, axes, { keepDims }) });
    }
  }
});

describe('the gradients of broadcastTo and sumTo are their derivatives', () => {
  const repeats: readonly (readonly [Shape, Shape])[] = [
    [[], [2, 3]],
    [[1], [5]],
    [[3], [2, 3]],
    [
      [2, 1, 3],
      [4, 2, 5, 3],
    ],
    [
      [2, 3],
      [2, 3],
    ],
  ];
  for (const [small, large] of repeats) {
    const title = `[${small.join(', ')}] and [${large.join(', ')}]`;
    checkCalculus(`broadcastTo ${title}`, { inputs: { x: small }, build: ({ x }) => broadcastTo(x!, large) });
    checkCalculus(`sumTo ${title}`, { inputs: { x: large }, build: ({ x }) => sumTo(x!, small) });
  }
});

describe('sums by formula', () => {
  const graph = new Graph();
  const x = graph.state('x', [2, 3]);
  const formulas = new Formulas(graph);
  formulas.set(x, [1, 2, 3, 4, 5, 6]);

  it('drop the axes that they add up, or keep them with size 1', () => {
    expect(sum(x).shape).toEqual([]);
    expect(sum(x, [1]).shape).toEqual([2]);
    expect(sum(x, [1], { keepDims: true }).shape).toEqual([2, 1]);
    expect(sum(x, [], { keepDims: true }).shape).toEqual([2, 3]);
  });

  it('are those of rows and columns', () => {
    expect([...formulas.read(sum(x)).data]).toEqual([21]);
    expect([...formulas.read(sum(x, [0])).data]).toEqual([5, 7, 9]);
    expect([...formulas.read(sum(x, [1])).data]).toEqual([6, 15]);
    expect([...formulas.read(sum(x, [])).data]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('divided by how many they are, are means', () => {
    expect(formulas.read(mean(x)).data[0]).toBeCloseTo(3.5, 14);
    expect(formulas.read(mean(x, [1])).data[1]).toBeCloseTo(5, 14);
  });

  it('have the error bound of as many terms as they add up, wherever those lie', () => {
    const bound = (axes: readonly number[]): number =>
      sum(x, axes, { keepDims: true }).node?.behaviour.errorBound([formulas.read(x)], [0, 0], 0) ?? NaN;
    // γ₄ · 6 for a row of three, γ₃ · 5 for a column of two, nothing for no sum but one rounding.
    expect(bound([1])).toBeCloseTo(4 * 6 * 2 ** -24, 10);
    expect(bound([0])).toBeCloseTo(3 * 5 * 2 ** -24, 10);
  });

  it.each([[[2]], [[-1]], [[0.5]], [[0, 0]]])('axes %j are refused', (axes) => {
    expect(() => sum(x, axes)).toThrow(
      expect.objectContaining({ code: 'shape', place: 'sum', message: expect.stringMatching(/of \[2, 3\]; wanted/) }),
    );
  });

  it('a shape that x cannot be repeated to is refused', () => {
    for (const shape of [[3, 2], [3], [2, 6], [4, 3]]) {
      expect(() => broadcastTo(x, shape)).toThrow(expect.objectContaining({ code: 'shape', place: 'broadcastTo' }));
    }
  });
});
