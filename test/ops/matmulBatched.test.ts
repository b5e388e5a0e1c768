import { describe, expect, it } from 'vitest';
import { Formulas } from '../../src/graph/evaluate.js';
import { Graph } from '../../src/graph/graph.js';
import { matmulBatched } from '../../src/ops/matmulBatched.js';
import { checkCalculus } from '../support/calculus.js';

describe('the gradients of matmulBatched are its derivatives', () => {
  checkCalculus('nn', { inputs: { a: [2, 3, 4], b: [2, 4, 5] }, build: ({ a, b }) => matmulBatched(a!, b!) });
  checkCalculus('nt', { inputs: { a: [2, 3, 4], b: [2, 5, 4] }, build: ({ a, b }) => matmulBatched(a!, b!, 'nt') });
  checkCalculus('tn', { inputs: { a: [2, 4, 3], b: [2, 4, 5] }, build: ({ a, b }) => matmulBatched(a!, b!, 'tn') });
  checkCalculus('axes that are broadcast on both sides', {
    inputs: { a: [2, 1, 3, 4], b: [3, 4, 2] },
    build: ({ a, b }) => matmulBatched(a!, b!),
  });
  checkCalculus('one matrix on the left', {
    inputs: { a: [3, 4], b: [2, 4, 2] },
    build: ({ a, b }) => matmulBatched(a!, b!),
  });
  checkCalculus('one matrix on the right', {
    inputs: { a: [2, 3, 4], b: [5, 4] },
    build: ({ a, b }) => matmulBatched(a!, b!, 'nt'),
  });
});

describe('matmulBatched', () => {
  const graph = new Graph();
  const a = graph.state('a', [2, 1, 2]);
  const b = graph.state('b', [2, 2, 2]);
  const w = graph.state('w', [2, 3]);

  it('multiplies each pair of matrices', () => {
    const formulas = new Formulas(graph);
    formulas.set(a, [1, 2, 3, 4]);
    formulas.set(b, [1, 0, 0, 1, 5, 6, 7, 8]);
    expect([...formulas.read(matmulBatched(a, b)).data]).toEqual([1, 2, 43, 50]);
    expect([...formulas.read(matmulBatched(a, b, 'nt')).data]).toEqual([1, 2, 39, 53]);
  });

  it('of two matrices, or of one on the right, is one product of matrices', () => {
    expect(matmulBatched(w, graph.state('v', [3, 4])).node?.op).toBe('matmul');
    const rows = matmulBatched(a, w);
    expect(rows.shape).toEqual([2, 1, 3]);
    expect(rows.node?.inputs[0]?.node?.op).toBe('matmul');
    expect(matmulBatched(w, b, 'tn').node?.op).toBe('matmulBatched');
  });

  it.each([
    [[2, 3, 4], [2, 5, 6], /a \[2, 3, 4\] and b \[2, 5, 6\]; wanted at least two axes each, and sums of one length/],
    [[4], [2, 4, 6], /at least two axes/],
    [[2, 3, 4], [3, 4, 6], /operands \[2\] and \[3\]; wanted sizes that are equal or 1/],
  ])('%j and %j are refused', (left, right, sentence) => {
    const own = new Graph();
    expect(() => matmulBatched(own.state('a', left), own.state('b', right))).toThrow(
      expect.objectContaining({ code: 'shape', message: expect.stringMatching(sentence) }),
    );
  });
});
