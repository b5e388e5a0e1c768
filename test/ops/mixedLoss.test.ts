import { describe, expect, it } from 'vitest';
import { Formulas } from '../../src/graph/evaluate.js';
import { Graph } from '../../src/graph/graph.js';
import { mixedCrossEntropy, mixedCrossEntropyRows } from '../../src/ops/mixedLoss.js';
import { mixup } from '../../src/ops/mixup.js';
import { crossEntropyRows } from '../../src/ops/softmax.js';
import { checkCalculus } from '../support/calculus.js';

const u32 = (...values: number[]) => ({ shape: [values.length], values });
const attrs = { alpha: 1, seed: 3, stream: 0, perEpoch: 1 };

describe('the gradient of the loss of mixtures is its derivative', () => {
  checkCalculus('mixedCrossEntropyRows', {
    inputs: { x: [4, 3] },
    constants: {
      labels: u32(2, 0, 1, 2),
      others: u32(1, 0, 2, 0),
      images: u32(5, 6, 7, 8),
      live: u32(4),
      step: u32(2),
    },
    build: ({ x, labels, others, images, live, step }) => {
      const { own } = mixup(images!, live!, step!, attrs);
      return mixedCrossEntropyRows(x!, labels!, { labels: others!, own });
    },
  });
});

describe('the loss of mixtures', () => {
  const graph = new Graph();
  const x = graph.state('x', [3, 4]);
  const [labels, others] = [graph.state('a', [3], { dtype: 'u32' }), graph.state('b', [3], { dtype: 'u32' })];
  const [own, live] = [graph.state('own', [3]), graph.state('live', [1], { dtype: 'u32' })];
  const formulas = new Formulas(graph);
  const parts = [0.75, 0.5, 1];
  formulas.set(x, [1, -2, 0.5, 3, 0, 0, 0, 0, 40, -40, 2, 1]);
  formulas.set(labels, [0, 1, 2]);
  formulas.set(others, [3, 1, 0]);
  formulas.set(own, parts);
  formulas.set(live, [2]);
  const rows = formulas.read(mixedCrossEntropyRows(x, labels, { labels: others, own })).data;

  it('is that of both labels by their parts', () => {
    const [first, second] = [labels, others].map((of) => formulas.read(crossEntropyRows(x, of)).data);
    parts.forEach((part, n) => {
      expect(rows[n]).toBeCloseTo(part * (first?.[n] ?? NaN) + (1 - part) * (second?.[n] ?? NaN), 12);
    });
  });

  it('is the mean of live rows', () => {
    const [mean] = formulas.read(mixedCrossEntropy(x, labels, { labels: others, own }, live)).data;
    expect(mean).toBeCloseTo(((rows[0] ?? NaN) + (rows[1] ?? NaN)) / 2, 14);
  });

  it('refuses parts that are no numbers for each row', () => {
    const few = graph.state('few', [2]);
    expect(() => mixedCrossEntropyRows(x, labels, { labels: others, own: few })).toThrow(/own f32 \[2\]; wanted/);
    expect(() => mixedCrossEntropyRows(x, own, { labels: others, own })).toThrow(
      expect.objectContaining({ code: 'dtype' }),
    );
  });
});
