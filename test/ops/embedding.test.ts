import { describe, expect, it } from 'vitest';
import { Formulas } from '../../src/graph/evaluate.js';
import { Graph } from '../../src/graph/graph.js';
import { embedding, embeddingGrad } from '../../src/ops/embedding.js';
import { checkCalculus } from '../support/calculus.js';

const indices = { shape: [2, 3], values: [4, 0, 4, 2, 4, 0] };

describe('the gradients of embedding are its derivatives', () => {
  checkCalculus('by the table', {
    inputs: { table: [5, 3] },
    constants: { indices },
    build: (by) => embedding(by['table']!, by['indices']!),
  });
  checkCalculus('of the gradient, by the slopes', {
    inputs: { dy: [2, 3, 2] },
    constants: { indices },
    build: (by) => embeddingGrad.one([by['dy']!, by['indices']!], { rows: 5 }),
  });
});

describe('embedding', () => {
  const graph = new Graph();
  const table = graph.state('table', [3, 2]);
  const places = graph.state('places', [2, 2], { dtype: 'u32' });
  const formulas = new Formulas(graph);
  formulas.set(table, [1, 2, 3, 4, 5, 6]);

  it('takes the rows that the indices name', () => {
    formulas.set(places, [2, 0, 1, 1]);
    const y = embedding(table, places);
    expect(y.shape).toEqual([2, 2, 2]);
    expect([...formulas.read(y).data]).toEqual([5, 6, 1, 2, 3, 4, 3, 4]);
  });

  it('says NaN for a row that the table does not have', () => {
    formulas.set(places, [2, 3, 2 ** 32 - 1, 0]);
    expect([...formulas.read(embedding(table, places)).data]).toEqual([5, 6, NaN, NaN, NaN, NaN, 1, 2]);
  });

  it.each([
    ['a table of one axis', () => embedding(graph.state('line', [3]), places), 'shape', /table f32 \[3\]; wanted/],
    ['indices that are numbers', () => embedding(table, table), 'dtype', /indices f32 \[3, 2\]; wanted indices u32/],
    [
      'slopes of other places',
      () => embeddingGrad.one([table, places], { rows: 3 }),
      'shape',
      /dy f32 \[3, 2\]; wanted dy f32 \[2, 2, D\]/,
    ],
  ] as const)('%s is refused', (_, apply, code, sentence) => {
    expect(apply).toThrow(expect.objectContaining({ code, message: expect.stringMatching(sentence) }));
  });
});
