import { describe, expect, it } from 'vitest';
import { Formulas } from '../../src/graph/evaluate.js';
import { Graph } from '../../src/graph/graph.js';
import { accumulate } from '../../src/graph/tape.js';
import { add, mul } from '../../src/ops/arithmetic.js';
import { relu, reluGrad } from '../../src/ops/relu.js';
import { scale } from '../../src/ops/scale.js';
import type { Shape } from '../../src/core/shape.js';
import { checkCalculus } from '../support/calculus.js';

/** Equal shapes, scalars, missing axes, axes of size 1 on either side and on both. */
const pairs: readonly (readonly [Shape, Shape])[] = [
  [[], []],
  [[7], [7]],
  [[3, 4], []],
  [[1], [5]],
  [[3, 4], [4]],
  [
    [3, 1],
    [3, 4],
  ],
  [
    [2, 3, 4, 5],
    [3, 1, 1],
  ],
  [
    [2, 1, 4, 1],
    [1, 3, 1, 5],
  ],
];

describe('the gradients of add and mul are their derivatives', () => {
  for (const [a, b] of pairs) {
    const shapes = `[${a.join(', ')}] and [${b.join(', ')}]`;
    checkCalculus(`add ${shapes}`, { inputs: { a, b }, build: (by) => add(by['a']!, by['b']!) });
    checkCalculus(`mul ${shapes}`, { inputs: { a, b }, build: (by) => mul(by['a']!, by['b']!) });
    checkCalculus(`mul ${shapes}, operands exchanged`, {
      inputs: { a, b },
      build: (by) => mul(by['b']!, by['a']!),
    });
  }
  checkCalculus('a tensor times itself', { inputs: { a: [5] }, build: ({ a }) => mul(a!, a!) });
});

describe('the gradients of what has one operand are their derivatives', () => {
  checkCalculus('scale', { inputs: { x: [2, 3] }, build: ({ x }) => scale(x!, -2.5) });
  checkCalculus('scale by 0', { inputs: { x: [2, 3] }, build: ({ x }) => scale(x!, 0) });
  checkCalculus('relu', { inputs: { x: [3, 17] }, build: ({ x }) => relu(x!) });
  checkCalculus('accumulate', {
    inputs: { a: [2, 3], b: [2, 3] },
    build: ({ a, b }) => accumulate.one([a!, b!], {}),
  });
  checkCalculus('reluGrad', {
    inputs: { dy: [5] },
    constants: { y: { shape: [5], values: [0, 1, 2, 0, 5] } },
    build: ({ dy, y }) => reluGrad.one([dy!, y!], {}),
  });
});

describe('arithmetic by formula', () => {
  it('broadcasts as NumPy does', () => {
    const graph = new Graph();
    const [a, b] = [graph.state('a', [2, 1]), graph.state('b', [3])];
    const [total, product] = [add(a, b), mul(a, b)];
    const formulas = new Formulas(graph);
    formulas.set(a, [1, 2]);
    formulas.set(b, [10, 20, 30]);
    expect(total.shape).toEqual([2, 3]);
    expect([...formulas.read(total).data]).toEqual([11, 21, 31, 12, 22, 32]);
    expect([...formulas.read(product).data]).toEqual([10, 20, 30, 20, 40, 60]);
  });

  it('relu sends nothing back at its kink', () => {
    const graph = new Graph();
    const [dy, y] = [graph.state('dy', [3]), graph.state('y', [3])];
    const dx = reluGrad.one([dy, y], {});
    const formulas = new Formulas(graph);
    formulas.set(dy, [5, 6, 7]);
    formulas.set(y, [0, -0, 1e-40]);
    expect([...formulas.read(dx).data]).toEqual([0, 0, 7]);
  });

  it.each([
    ['add', add],
    ['mul', mul],
  ])('%s refuses sizes that differ and are not 1', (place, op) => {
    const graph = new Graph();
    const apply = () => op(graph.state('a', [4, 3]), graph.state('b', [4]));
    expect(apply).toThrow(
      expect.objectContaining({ code: 'shape', place, message: expect.stringMatching(/\[4, 3\] and \[4\]/) }),
    );
  });
});
