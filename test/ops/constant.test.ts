import { describe, expect, it } from 'vitest';
import { Formulas } from '../../src/graph/evaluate.js';
import { Graph } from '../../src/graph/graph.js';
import { constant } from '../../src/ops/constant.js';

describe('constant', () => {
  const graph = new Graph();
  const beside = graph.state('beside', [7]);

  it('is the numbers that it was given, as its type holds them, in the shape that is asked for', () => {
    const [line, plane, words] = [
      constant(beside, [0.1, -2, 3e38]),
      constant(beside, [1, 2, 3, 4, 5, 6], { shape: [2, 3] }),
      constant(beside, [0, 2 ** 32 - 1], { dtype: 'u32' }),
    ];
    const formulas = new Formulas(graph);
    expect([line.shape, plane.shape, words.dtype]).toEqual([[3], [2, 3], 'u32']);
    expect([...formulas.read(line).data]).toEqual([Math.fround(0.1), -2, Math.fround(3e38)]);
    expect([...formulas.read(plane).data]).toEqual([1, 2, 3, 4, 5, 6]);
    expect([...formulas.read(words).data]).toEqual([0, 2 ** 32 - 1]);
  });

  it.each([
    ['too few values', () => constant(beside, [1, 2], { shape: [3] }), 'shape', '2 values for [3]; wanted 3'],
    ['what no f32 is', () => constant(beside, [1, 1e39]), 'usage', 'Infinity; wanted finite numbers'],
    [
      'what no u32 is',
      () => constant(beside, [1.5], { dtype: 'u32' }),
      'usage',
      '1.5; wanted whole numbers of 32 bits',
    ],
    [
      'a text of megabytes',
      () => constant(beside, new Array(5000).fill(0)),
      'usage',
      '5000 values; wanted at most 4096',
    ],
  ] as const)('%s is refused', (_, make, code, sentence) => {
    expect(make).toThrow(expect.objectContaining({ code, message: expect.stringContaining(sentence) }));
  });
});
