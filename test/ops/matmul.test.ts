import { describe, expect, it } from 'vitest';
import { Formulas } from '../../src/graph/evaluate.js';
import { Graph } from '../../src/graph/graph.js';
import { dense, matmul, type MatmulLayout } from '../../src/ops/matmul.js';
import type { Shape } from '../../src/core/shape.js';
import { checkCalculus } from '../support/calculus.js';

const operands = (layout: MatmulLayout, [M, N, K]: readonly [number, number, number]): readonly [Shape, Shape] => [
  layout === 'tn' ? [K, M] : [M, K],
  layout === 'nt' ? [N, K] : [K, N],
];

describe('the gradients of matmul are its derivatives', () => {
  for (const layout of ['nn', 'nt', 'tn'] as const) {
    for (const sizes of [
      [1, 1, 1],
      [3, 5, 2],
      [4, 1, 7],
    ] as const) {
      const [a, b] = operands(layout, sizes);
      checkCalculus(`${layout}, ${sizes.join(' × ')}`, {
        inputs: { a, b },
        build: (by) => matmul(by['a']!, by['b']!, layout),
      });
    }
  }
  checkCalculus('a matrix times its own transpose', { inputs: { a: [3, 4] }, build: ({ a }) => matmul(a!, a!, 'nt') });
});

describe('the gradients of dense are its derivatives', () => {
  checkCalculus('with a bias', {
    inputs: { x: [4, 3], w: [5, 3], b: [5] },
    build: ({ x, w, b }) => dense(x!, w!, b),
  });
  checkCalculus('without', { inputs: { x: [4, 3], w: [5, 3] }, build: ({ x, w }) => dense(x!, w!) });
});

describe('matmul', () => {
  it('adds products along the axis that its layout says', () => {
    const graph = new Graph();
    const [a, b] = [graph.state('a', [2, 2]), graph.state('b', [2, 2])];
    const formulas = new Formulas(graph);
    formulas.set(a, [1, 2, 3, 4]);
    formulas.set(b, [5, 6, 7, 8]);
    const product = (layout: MatmulLayout) => [...formulas.read(matmul(a, b, layout)).data];
    expect(product('nn')).toEqual([19, 22, 43, 50]);
    expect(product('nt')).toEqual([17, 23, 39, 53]);
    expect(product('tn')).toEqual([26, 30, 38, 44]);
  });

  it.each([
    ['nn', [2, 3], [4, 5], /a \[2, 3\] and b \[4, 5\]; wanted sums of one length; a's is 3/],
    ['nt', [2, 3], [3, 5], /sums of one length/],
    ['tn', [2, 3], [3, 5], /sums of one length; a's is 2/],
    ['nn', [2, 3, 1], [3, 5], /a \[2, 3, 1\]; wanted a \[M, K\], 2 axes/],
    ['tn', [6], [6, 5], /wanted a \[K, M\]/],
    ['nt', [2, 3], [3], /b \[3\]; wanted b \[N, K\], 2 axes/],
  ] as const)('%s of %j and %j is refused', (layout, a, b, sentence) => {
    const graph = new Graph();
    expect(() => matmul(graph.state('a', a), graph.state('b', b), layout)).toThrow(
      expect.objectContaining({ code: 'shape', message: expect.stringMatching(sentence) }),
    );
  });
});
