import { describe, expect, it } from 'vitest';
import { spreadOf } from '../../bench/timing.js';
import { samplesOf } from '../../src/engine/check.js';
import { Elements, indexAt, valuesOf } from '../../src/engine/checkBounds.js';
import { Graph, type Tensor } from '../../src/graph/graph.js';
import { add } from '../../src/ops/arithmetic.js';
import { matmul } from '../../src/ops/matmul.js';
import { relu } from '../../src/ops/relu.js';
import { argmaxRows } from '../../src/ops/softmax.js';

const elementsWith = (values: ReadonlyMap<Tensor, readonly number[]>): Elements =>
  new Elements((state) => valuesOf(state.shape, values.get(state) ?? []));

describe('elements by formulas', () => {
  const graph = new Graph();
  const [a, b, c] = [graph.state('a', [2, 2]), graph.state('b', [2, 2]), graph.state('c', [2])];
  const product = matmul(a, b, 'nt');
  const y = relu(add(product, c));
  const elements = elementsWith(
    new Map([
      [a, [1, 2, 3, 4]],
      [b, [5, 6, 7, -8]],
      [c, [-1, 1]],
    ]),
  );

  it('an element of a chain is computed through the ops within', () => {
    expect([elements.of(y).at(0, 0), elements.of(y).at(1, 1), elements.of(y).flat(2)]).toEqual([16, 0, 38]);
  });

  it('an error of an inner op passes on to the end of the chain', () => {
    const inner = elements.bound(product, [0, 0]);
    expect(inner).toBeGreaterThan(0);
    expect(elements.bound(y, [0, 0])).toBeGreaterThan(inner);
    expect(elements.bound(a, [0, 0])).toBe(0);
  });

  it('a value is right up to its tolerance', () => {
    const tolerance = elements.tolerance(y, [0, 0]);
    expect(elements.ratio(y, [0, 0], 16)).toBe(0);
    expect(elements.ratio(y, [0, 0], 16 + 0.99 * tolerance)).toBeLessThan(1);
    expect(elements.ratio(y, [0, 0], 16 + 1.01 * tolerance)).toBeGreaterThan(1);
    expect(elements.ratio(y, [0, 0], NaN)).toBe(Infinity);
  });
});

describe('whole numbers', () => {
  const graph = new Graph();
  const [x, y] = [graph.state('x', [1, 3]), graph.state('y', [1, 3])];
  const exact = argmaxRows(x);
  const rounded = argmaxRows(add(x, y));
  const elements = elementsWith(
    new Map([
      [x, [1, 1, 0]],
      [y, [2 ** -30, 0, 0]],
    ]),
  );

  it('of exact operands are right or wrong', () => {
    expect([0, 1, 2].map((found) => elements.ratio(exact, [0], found))).toEqual([0, Infinity, Infinity]);
  });

  it('of rounded operands may be what rounding allows', () => {
    expect([0, 1, 2].map((found) => elements.ratio(rounded, [0], found))).toEqual([0, 0, Infinity]);
  });
});

describe('samples', () => {
  it('are all elements of a small tensor', () => {
    expect(samplesOf([3, 7])).toHaveLength(21);
    expect(samplesOf([])).toEqual([0]);
  });

  it('hold every corner of a large one, and each position once', () => {
    const shape = [64, 6, 26, 27];
    const positions = samplesOf(shape);
    const indices = positions.map((position) => indexAt(shape, position).join());
    for (const corner of ['0,0,0,0', '63,5,25,26', '0,5,0,26', '63,0,25,0']) expect(indices).toContain(corner);
    expect(new Set(positions).size).toBe(positions.length);
    expect(positions.length).toBeGreaterThan(200);
    expect(Math.max(...positions)).toBe(64 * 6 * 26 * 27 - 1);
  });
});

it('the spread of blocks is their median, least and most', () => {
  expect(spreadOf([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3 });
  expect(spreadOf([4, 1, 2, 3])).toEqual({ median: 2.5, min: 1, max: 4 });
});
