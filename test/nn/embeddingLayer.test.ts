import { expect, it } from 'vitest';
import { Formulas } from '../../src/graph/evaluate.js';
import { Graph } from '../../src/graph/graph.js';
import { dense, embedding, flatten } from '../../src/nn/layers.js';
import { functional, sequential } from '../../src/nn/net.js';
import { initialWeights } from '../../src/nn/weights.js';
import { add } from '../../src/ops/arithmetic.js';
import { constant } from '../../src/ops/constant.js';

/** Each row of an image with what its place has learned added to it. */
const placed = functional('placed', [1, 3, 2], (x, apply) =>
  apply(dense(2), apply(flatten(), add(x, apply(embedding(3, 2), constant(x, [0, 1, 2], { dtype: 'u32' }))))),
);

it('an embedding has a table by PyTorch’s name, whose elements begin as N(0, 1)', () => {
  expect(placed.parameters.map(({ name, shape }) => [name, shape])).toEqual([
    ['embed1.weight', [3, 2]],
    ['fc1.weight', [2, 6]],
    ['fc1.bias', [2]],
  ]);
  expect(placed.layers[0]).toEqual({ label: 'embedding 3×2', output: [2], parameters: 6, bytes: 24, macs: 0 });
  const large = functional('large', [1, 1, 1], (x, apply) =>
    apply(dense(2), apply(embedding(100, 50), constant(x, [7], { dtype: 'u32' }))),
  );
  const { data } = initialWeights(large, 1).get('embed1.weight')!;
  const mean = (of: (value: number) => number) => data.reduce((sum, value) => sum + of(value), 0) / data.length;
  expect(mean((value) => value)).toBeCloseTo(0, 1);
  expect(mean((value) => value ** 2)).toBeCloseTo(1, 1);
});

it('an embedding takes the rows of its table that the indices name, and refuses numbers that are no indices', () => {
  const graph = new Graph();
  const x = graph.state('x', [1, 1, 3, 2]);
  const y = placed.build(x);
  const formulas = new Formulas(graph);
  const set = (name: string, values: readonly number[]) =>
    formulas.set(
      graph.states.find((state) => state.name === name)!,
      values,
    );
  set('x', [0, 0, 0, 0, 0, 0]);
  set('embed1.weight', [1, 2, 3, 4, 5, 6]);
  set('fc1.weight', [1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 10]);
  set('fc1.bias', [0, 0]);
  expect([...formulas.read(y).data]).toEqual([1, 64]);
  expect(() => sequential('wrong', [4], embedding(3, 2))).toThrow(/indices f32 \[1, 4\]; wanted indices u32/);
});
