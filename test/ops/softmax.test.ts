import { describe, expect, it } from 'vitest';
import { Formulas } from '../../src/graph/evaluate.js';
import { Graph, type Tensor } from '../../src/graph/graph.js';
import { gradients } from '../../src/graph/tape.js';
import { argmaxRows, crossEntropyRows, logSoftmax, softmax, softmaxGrad } from '../../src/ops/softmax.js';
import { sum } from '../../src/ops/reduce.js';
import { checkCalculus } from '../support/calculus.js';

const labels = { shape: [4], values: [2, 0, 1, 2] };

describe('the gradients of softmax and its losses are their derivatives', () => {
  checkCalculus('softmax of one class', { inputs: { x: [3, 1] }, build: ({ x }) => softmax(x!) });
  checkCalculus('softmax', { inputs: { x: [4, 7] }, build: ({ x }) => softmax(x!) });
  for (const axis of [0, 1, 2]) {
    checkCalculus(`softmax along axis ${axis}`, { inputs: { x: [2, 3, 4] }, build: ({ x }) => softmax(x!, axis) });
    checkCalculus(`logSoftmax along axis ${axis}`, {
      inputs: { x: [2, 3, 4] },
      build: ({ x }) => logSoftmax(x!, axis),
    });
  }
  checkCalculus('logSoftmax of a vector', { inputs: { x: [5] }, build: ({ x }) => logSoftmax(x!) });
  checkCalculus('crossEntropyRows', {
    inputs: { x: [4, 3] },
    constants: { labels },
    build: ({ x, labels: truth }) => crossEntropyRows(x!, truth!),
  });
  checkCalculus('the sum of crossEntropyRows', {
    inputs: { x: [4, 3] },
    constants: { labels },
    build: ({ x, labels: truth }) => sum(crossEntropyRows(x!, truth!)),
  });
});

/** Values of ops on one matrix of logits. */
function valuesOf(
  rows: readonly (readonly number[])[],
  truth: readonly number[],
  ...ops: ((x: Tensor, labels: Tensor) => Tensor)[]
) {
  const graph = new Graph();
  const x = graph.state('x', [rows.length, rows[0]?.length ?? 0]);
  const y = graph.state('labels', [rows.length], { dtype: 'u32' });
  const formulas = new Formulas(graph);
  formulas.set(x, rows.flat());
  formulas.set(y, truth);
  return ops.map((op) => [...formulas.read(op(x, y)).data]);
}

describe('softmax', () => {
  it('sums to 1 in each row, however large the logits', () => {
    for (const size of [1, 100, 1e5, 1e30]) {
      const [probabilities = []] = valuesOf([[-size, 0, size, size]], [0], (x) => softmax(x));
      expect(probabilities.every(Number.isFinite)).toBe(true);
      expect(probabilities.reduce((total, value) => total + value, 0)).toBeCloseTo(1, 14);
      expect(probabilities[2]).toBe(probabilities[3]);
    }
  });

  it('does not change when a number is added to a whole row', () => {
    const [near = [], far = []] = [0, 512].map(
      (shift) => valuesOf([[1, 2, 4].map((x) => x + shift)], [0], (x) => softmax(x))[0],
    );
    expect(far).toEqual(near);
  });
});

describe('logSoftmax', () => {
  it('is the logarithm of softmax, and goes on where a probability is too small', () => {
    const rows = [[1, 2, 4]];
    const [log = [], probabilities = []] = valuesOf(
      rows,
      [0],
      (x) => logSoftmax(x),
      (x) => softmax(x),
    );
    log.forEach((value, c) => expect(value).toBeCloseTo(Math.log(probabilities[c] ?? NaN), 14));
    expect(valuesOf([[0, 1e4, -1e30]], [0], (x) => logSoftmax(x))).toEqual([[-1e4, 0, -1e30 - 1e4]]);
  });

  it('goes along any axis that there is', () => {
    expect(
      valuesOf(
        [
          [0, 5],
          [0, 5],
        ],
        [0, 0],
        (x) => softmax(x, 0),
      ),
    ).toEqual([[0.5, 0.5, 0.5, 0.5]]);
    const x = new Graph().state('x', [2, 3]);
    for (const axis of [2, -1, 0.5]) {
      expect(() => logSoftmax(x, axis)).toThrow(expect.objectContaining({ code: 'shape', place: 'logSoftmax' }));
    }
  });
});

describe('crossEntropyRows', () => {
  it('is what large logits cost, to the last digit', () => {
    const rows = [
      [1000, 0, -1000],
      [1000, 0, -1000],
      [-1e30, 1e30, 0],
      [0, 0, 0],
    ];
    const [losses = []] = valuesOf(rows, [0, 2, 0, 1], crossEntropyRows);
    expect(losses.slice(0, 3)).toEqual([0, 2000, 2e30]);
    expect(losses[3]).toBeCloseTo(Math.log(3), 15);
  });

  it('is NaN for a label that names no class', () => {
    expect(valuesOf([[1, 2]], [2], crossEntropyRows)).toEqual([[NaN]]);
  });

  it('has slopes that sum to 0 in each row: probability is moved, not made', () => {
    const graph = new Graph();
    const x = graph.state('x', [2, 3]);
    const truth = graph.state('labels', [2], { dtype: 'u32' });
    const [slopes] = gradients(sum(crossEntropyRows(x, truth)), [x]);
    const formulas = new Formulas(graph);
    formulas.set(x, [1, 2, 3, 1000, -1000, 0]);
    formulas.set(truth, [1, 1]);
    const { data } = formulas.read(slopes!);
    expect((data[0] ?? NaN) + (data[1] ?? NaN) + (data[2] ?? NaN)).toBeCloseTo(0, 15);
    expect([...data.subarray(3)]).toEqual([1, -1, 0]);
  });

  it.each([
    ['logits of three axes', [2, 3, 1], [2], 'u32', 'shape', /logits \[2, 3, 1\]; wanted logits \[N, C\]/],
    ['labels that are no whole numbers', [2, 3], [2], 'f32', 'dtype', /labels f32 \[2\] .*wanted labels u32 \[2\]/],
    ['labels for other rows', [2, 3], [3], 'u32', 'shape', /labels u32 \[3\] for logits \[2, 3\]/],
  ] as const)('refuses %s', (_, logits, shape, dtype, code, sentence) => {
    const graph = new Graph();
    const apply = () => crossEntropyRows(graph.state('x', logits), graph.state('labels', shape, { dtype }));
    expect(apply).toThrow(expect.objectContaining({ code, message: expect.stringMatching(sentence) }));
  });
});

describe('argmaxRows', () => {
  it('is the first of several largest', () => {
    const rows = [
      [3, 3, 3],
      [1, 5, 5],
      [-0, 0, -1],
      [-Infinity, -Infinity, -Infinity],
    ];
    expect(valuesOf(rows, [0, 0, 0, 0], argmaxRows)).toEqual([[0, 1, 0, 0]]);
  });

  it('has no gradient, and says so', () => {
    const graph = new Graph();
    const x = graph.state('x', [2, 3]);
    const y = argmaxRows(x);
    expect(() => gradients(y, [x], graph.state('dy', [2]))).toThrow(expect.objectContaining({ code: 'graph' }));
  });
});

it('a gradient that no formula is written for is refused, not taken for 0', () => {
  const graph = new Graph();
  const [dy, y] = [graph.state('dy', [2, 3]), graph.state('y', [2, 3])];
  const dx = softmaxGrad.one([dy, y], {});
  expect(() => gradients(sum(dx), [dy])).toThrow(
    expect.objectContaining({ code: 'graph', message: expect.stringMatching(/dy, on which .* does not depend/) }),
  );
});
