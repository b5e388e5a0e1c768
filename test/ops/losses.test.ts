import { describe, expect, it } from 'vitest';
import { Graph, type Tensor } from '../../src/graph/graph.js';
import {
  bceWithLogits,
  crossEntropy,
  klDivergence,
  l1,
  mse,
  nll,
  smoothL1,
  type CrossEntropyOptions,
} from '../../src/ops/losses.js';
import { logSoftmax, crossEntropyRows } from '../../src/ops/softmax.js';
import { checkCalculus } from '../support/calculus.js';
import { slopesOf, valuesOf, type Given } from '../support/formulaValues.js';

const x: Given = { shape: [4, 3], values: [1, -2, 0.5, 0.3, 0.1, 2, -1, 3, 0, 0.2, 0.4, -0.6] };
const labels: Given = { shape: [4], values: [2, 0, 1, 1], dtype: 'u32' };
const weight: Given = { shape: [3], values: [0.5, 2, 1.5] };
const p: Given = { shape: [4, 3], values: [0.2, 0.3, 0.5, 1, 0, 0, 0.1, 0.6, 0.3, 0, 0.5, 0.5] };

const near = (...wanted: readonly number[]) => wanted.map((value): unknown => expect.closeTo(value, 9));

/** Everything at once. */
const all = (options: CrossEntropyOptions) => (logits: Tensor, target: Tensor, w?: Tensor) =>
  crossEntropy(logits, target, { labelSmoothing: 0.1, ...(w === undefined ? {} : { weight: w }), ...options });

/** Numbers of PyTorch 1.13, f64. */
describe('crossEntropy is PyTorch’s', () => {
  it('of labels', () => {
    const plain = [1.004596902342, 1.986870850957, 0.065883903757, 0.782352488154];
    expect(valuesOf((t, y) => crossEntropy(t, y, { reduction: 'none' }), x, labels)).toEqual(near(...plain));
    expect(valuesOf((t, y) => crossEntropy(t, y), x, labels)).toEqual(near(0.959926036303));
    expect(valuesOf((t, y) => crossEntropy(t, y, { reduction: 'sum' }), x, labels)).toEqual(near(3.839704145211));
    expect(valuesOf((t, y) => crossEntropyRows(t, y), x, labels)).toEqual(near(...plain));
  });

  it('of labels that are weighted, smoothed and ignored: the mean is over the weights that count', () => {
    const wanted = [1.648485405141, 0, 0.344042213931, 1.565881477097];
    expect(valuesOf(all({ ignoreIndex: 0, reduction: 'none' }), x, labels, weight)).toEqual(near(...wanted));
    expect(valuesOf(all({ ignoreIndex: 0 }), x, labels, weight)).toEqual(near(0.646983472031));
    expect(slopesOf(all({ ignoreIndex: 0 }), x, labels, weight)).toEqual(
      near(
        0.1597989447,
        -0.0040144212,
        -0.1557845235,
        0,
        0,
        0,
        0.0029974175,
        -0.0102915515,
        0.007294134,
        0.1285872415,
        -0.1786359074,
        0.0500486659,
      ),
    );
    expect(valuesOf((t, y) => crossEntropy(t, y, { ignoreIndex: 1 }), x, labels)).toEqual(near(1.49573387665));
  });

  it('of probabilities: the mean is over the rows', () => {
    const wanted = [2.908278544536, 1.087341329725, 1.721253559917, 2.064852167263];
    expect(valuesOf(all({ reduction: 'none' }), x, p, weight)).toEqual(near(...wanted));
    expect(valuesOf(all({}), x, p, weight)).toEqual(near(1.94543140036));
  });

  it('of one row a pixel is that of as many rows', () => {
    const pixels: Given = { shape: [1, 3, 4], values: [1, 0.3, -1, 0.2, -2, 0.1, 3, 0.4, 0.5, 2, 0, -0.6] };
    const truth: Given = { ...labels, shape: [1, 4] };
    expect(valuesOf((t, y) => crossEntropy(t, y), pixels, truth)).toEqual(near(0.959926036303));
    expect(valuesOf(all({ ignoreIndex: 0 }), pixels, truth, weight)).toEqual(near(0.646983472031));
  });

  it('nothing that counts has no mean, and a label beyond the classes no loss', () => {
    const ones: Given = { shape: [4], values: [1, 1, 1, 1], dtype: 'u32' };
    expect(valuesOf((t, y) => crossEntropy(t, y, { ignoreIndex: 1 }), x, ones)).toEqual([NaN]);
    const beyond: Given = { shape: [4], values: [3, 1, 1, 1], dtype: 'u32' };
    expect(valuesOf((t, y) => crossEntropy(t, y, { reduction: 'none' }), x, beyond)[0]).toBeNaN();
  });
});

describe('other losses are PyTorch’s', () => {
  it('nll, weighted', () => {
    const op = (t: Tensor, y: Tensor, w: Tensor) => nll(logSoftmax(t, 1), y, { weight: w });
    expect(valuesOf(op, x, labels, weight)).toEqual(near(0.699467260469));
  });

  it.each<readonly [string, (a: Tensor, b: Tensor) => Tensor, number]>([
    ['bceWithLogits', (a, b) => bceWithLogits(a, b), 0.882798740854],
    ['mse', (a, b) => mse(a, b), 1.5625],
    ['l1', (a, b) => l1(a, b), 0.925],
    ['smoothL1', (a, b) => smoothL1(a, b, { beta: 0.7 }), 0.671428571429],
    ['smoothL1 of beta 0', (a, b) => smoothL1(a, b, { beta: 0 }), 0.925],
    ['klDivergence', (a, b) => klDivergence(logSoftmax(a), b), 0.305746518811],
    ['the sum of klDivergence', (a, b) => klDivergence(logSoftmax(a), b, { reduction: 'sum' }), 3.668958225729],
    ['klDivergence a row', (a, b) => klDivergence(logSoftmax(a), b, { reduction: 'batchMean' }), 0.917239556432],
  ])('%s', (_, op, wanted) => {
    expect(valuesOf(op, x, p)).toEqual(near(wanted));
  });

  it('bceWithLogits with weights', () => {
    const positive: Given = { shape: [3], values: [2, 1, 0.5] };
    const op = (t: Tensor, y: Tensor, posWeight: Tensor, w: Tensor) => bceWithLogits(t, y, { posWeight, weight: w });
    const wanted = [
      0.0198862623, -0.0301328463, 0.0271055623, -0.0354631236, 0.0874965312, 0.1100996347, 0.0039931485, 0.0587623545,
      0.034375, 0.0229097499, 0.0164479434, 0.0019697213,
    ];
    expect(valuesOf(op, x, p, positive, weight)).toEqual(near(1.198266282772));
    expect(slopesOf(op, x, p, positive, weight)).toEqual(near(...wanted));
  });

  it('klDivergence from logarithms', () => {
    const t: Given = { shape: [4, 3], values: [0.5, 0, 1, 0, 0, 0, 1, 2, 3, -1, 0, 1] };
    const op = (a: Tensor, b: Tensor) =>
      klDivergence(logSoftmax(a), logSoftmax(b), { logTarget: true, reduction: 'batchMean' });
    expect(valuesOf(op, x, t)).toEqual(near(0.726853237939));
  });
});

describe('the gradients of losses are their derivatives', () => {
  const truth = { shape: [4], values: [2, 0, 1, 1] };
  checkCalculus('crossEntropy of labels', {
    inputs: { x: [4, 3], weight: [3] },
    constants: { truth },
    build: (by) => crossEntropy(by['x']!, by['truth']!, { weight: by['weight']!, labelSmoothing: 0.2, ignoreIndex: 0 }),
  });
  checkCalculus('crossEntropy of probabilities', {
    inputs: { x: [4, 3, 2], t: [4, 3, 2], weight: [3] },
    build: (by) => crossEntropy(by['x']!, by['t']!, { weight: by['weight']!, labelSmoothing: 0.2 }),
  });
  const inputs = { x: [5, 3], t: [5, 3] };
  checkCalculus('bceWithLogits', {
    inputs: { ...inputs, p: [3] },
    build: ({ x: a, t, p: posWeight }) => bceWithLogits(a!, t!, { posWeight: posWeight! }),
  });
  checkCalculus('mse', { inputs, build: ({ x: a, t }) => mse(a!, t!) });
  checkCalculus('l1', { inputs, build: ({ x: a, t }) => l1(a!, t!, { reduction: 'sum' }) });
  checkCalculus('smoothL1', { inputs, build: ({ x: a, t }) => smoothL1(a!, t!, { beta: 0.5, reduction: 'none' }) });
  checkCalculus('klDivergence', {
    inputs,
    build: ({ x: a, t }) => klDivergence(logSoftmax(a!), logSoftmax(t!), { logTarget: true }),
  });
});

describe('losses refuse', () => {
  const graph = new Graph();
  const logits = graph.state('x', [4, 3]);
  const other = graph.state('y', [4, 1]);
  const truth = graph.state('labels', [4], { dtype: 'u32' });
  it.each<readonly [string, () => Tensor, string]>([
    ['crossEntropy', () => crossEntropy(other, logits), 'shape'],
    ['crossEntropy', () => crossEntropy(truth, truth), 'shape'],
    ['crossEntropy', () => crossEntropy(logits, graph.state('three', [3], { dtype: 'u32' })), 'shape'],
    ['crossEntropy', () => crossEntropy(logits, truth, { labelSmoothing: 1.5 }), 'usage'],
    ['crossEntropy', () => crossEntropy(logits, truth, { ignoreIndex: -100 }), 'usage'],
    ['crossEntropy', () => crossEntropy(logits, logits, { ignoreIndex: 1 }), 'usage'],
    ['nll', () => nll(logits, truth, { weight: graph.state('w', [4]) }), 'shape'],
    ['nll', () => nll(logits, logits), 'dtype'],
    ['mse', () => mse(logits, other), 'shape'],
    ['l1', () => l1(truth, truth), 'dtype'],
    ['smoothL1', () => smoothL1(logits, logits, { beta: -1 }), 'usage'],
    ['bceWithLogits', () => bceWithLogits(logits, logits, { posWeight: graph.state('p', [2, 4, 3]) }), 'shape'],
  ])('in %s what makes no sense', (place, apply, code) => {
    expect(apply).toThrow(expect.objectContaining({ code, place }));
  });
});
