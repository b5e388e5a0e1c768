import { describe, expect, it } from 'vitest';
import { Formulas } from '../../src/graph/evaluate.js';
import { Graph } from '../../src/graph/graph.js';
import { pack } from '../../src/ops/pack.js';
import { flatten, reshape } from '../../src/ops/reshape.js';
import { checkCalculus } from '../support/calculus.js';

describe('the gradients of reshape are its derivatives', () => {
  checkCalculus('to more axes', { inputs: { x: [12] }, build: ({ x }) => reshape(x!, [2, 3, 2]) });
  checkCalculus('to a scalar', { inputs: { x: [1, 1] }, build: ({ x }) => reshape(x!, []) });
  checkCalculus('flatten', { inputs: { x: [2, 3, 4] }, build: ({ x }) => flatten(x!) });
});

describe('reshape', () => {
  const graph = new Graph();
  const x = graph.state('x', [2, 3]);

  it('keeps the elements in their order, and their type', () => {
    const formulas = new Formulas(graph);
    formulas.set(x, [1, 2, 3, 4, 5, 6]);
    const y = reshape(reshape(x, [3, 2]), [6, 1]);
    expect([...formulas.read(y).data]).toEqual([1, 2, 3, 4, 5, 6]);
    expect(reshape(graph.state('labels', [4], { dtype: 'u32' }), [2, 2]).dtype).toBe('u32');
  });

  it('flatten keeps the first axis', () => {
    expect(flatten(graph.state('images', [5, 2, 3, 4])).shape).toEqual([5, 24]);
    expect(flatten(graph.state('rows', [5])).shape).toEqual([5, 1]);
  });

  it('refuses another number of elements', () => {
    expect(() => reshape(x, [4])).toThrow(
      expect.objectContaining({
        code: 'shape',
        message: 'reshape: [2, 3] to [4]; wanted a shape of 6 elements',
      }),
    );
  });

  it.each([[[-2, -3]], [[0.5, 12]]])('refuses sizes that are none: %j', (shape) => {
    expect(() => reshape(x, shape)).toThrow(
      expect.objectContaining({
        code: 'shape',
        message: expect.stringMatching(/reshape: .*; wanted whole sizes of at least 1/),
      }),
    );
  });
});

describe('pack', () => {
  it('puts each operand at its offset, and zeros between', () => {
    const graph = new Graph();
    const [a, b] = [graph.state('a', [2]), graph.state('b', [2, 1])];
    const packed = pack([a, b], [0, 64], 128);
    const formulas = new Formulas(graph);
    formulas.set(a, [1, 2]);
    formulas.set(b, [3, 4]);
    const zeros = (count: number) => new Array<number>(count).fill(0);
    expect([...formulas.read(packed).data]).toEqual([1, 2, ...zeros(62), 3, 4, ...zeros(62)]);
  });

  it.each([
    ['operands that overlap', [0, 0], 128],
    ['an operand past the end', [0, 64], 65],
    ['offsets that fall', [64, 0], 128],
    ['an offset too few', [0], 128],
    ['an offset at which no binding may begin', [0, 32], 128],
    ['an offset before the first element', [-64, 0], 128],
  ])('refuses %s', (_, offsets, size) => {
    const graph = new Graph();
    const operands = [graph.state('a', [2]), graph.state('b', [2])];
    expect(() => pack(operands, offsets, size)).toThrow(expect.objectContaining({ code: 'shape', place: 'pack' }));
  });
});
