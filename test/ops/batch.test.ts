import { describe, expect, it } from 'vitest';
import { Formulas } from '../../src/graph/evaluate.js';
import { Graph } from '../../src/graph/graph.js';
import { gradients } from '../../src/graph/tape.js';
import { countEqual, countPairs, liveMean, softmaxCrossEntropy } from '../../src/ops/batch.js';
import { checkCalculus } from '../support/calculus.js';

describe('the gradients of means over live rows are their derivatives', () => {
  for (const live of [1, 3, 4]) {
    checkCalculus(`liveMean of ${live} of 4`, {
      inputs: { rows: [4] },
      constants: { live: { shape: [1], values: [live] } },
      build: (by) => liveMean(by['rows']!, by['live']!),
    });
    checkCalculus(`softmaxCrossEntropy of ${live} of 4`, {
      inputs: { logits: [4, 3] },
      constants: { labels: { shape: [4], values: [2, 0, 1, 1] }, live: { shape: [1], values: [live] } },
      build: (by) => softmaxCrossEntropy(by['logits']!, by['labels']!, by['live']),
    });
  }
});

/** The loss of a batch and its slopes (−0 as 0), with the last two rows filled as given. */
function lossWith(filling: number, label: number, live: number) {
  const graph = new Graph();
  const logits = graph.state('logits', [4, 2]);
  const labels = graph.state('labels', [4], { dtype: 'u32' });
  const count = graph.state('live', [1], { dtype: 'u32' });
  const loss = softmaxCrossEntropy(logits, labels, count);
  const [slopes] = gradients(loss, [logits]);
  const formulas = new Formulas(graph);
  formulas.set(logits, [0.5, 1, -2, 3, ...new Array<number>(4).fill(filling)]);
  formulas.set(labels, [0, 1, label, label]);
  formulas.set(count, [live]);
  return { loss: formulas.read(loss).data[0], slopes: [...formulas.read(slopes!).data].map((slope) => slope + 0) };
}

describe('rows beyond the live ones', () => {
  it('add nothing to the loss', () => {
    const { loss } = lossWith(0, 0, 2);
    expect(loss).toBeCloseTo((Math.log(1 + Math.exp(0.5)) + Math.log(1 + Math.exp(-5))) / 2, 14);
    expect(lossWith(1e9, 1, 2).loss).toBe(loss);
  });

  it('get no slope, and change nobody else’s', () => {
    const { slopes } = lossWith(0, 0, 2);
    expect(slopes.slice(4)).toEqual([0, 0, 0, 0]);
    expect(lossWith(-7, 1, 2).slopes).toEqual(slopes);
    expect(
      lossWith(0, 0, 4)
        .slopes.slice(4)
        .some((slope) => slope !== 0),
    ).toBe(true);
  });

  it('do so whatever their labels, as long as those name classes', () => {
    expect(lossWith(3, 1, 2)).toEqual(lossWith(3, 0, 2));
  });
});

describe('countEqual', () => {
  it.each([
    [0, 0],
    [1, 1],
    [3, 2],
    [5, 3],
    [9, 3],
  ])('of the first %i of 5 rows is %i', (live, wanted) => {
    const graph = new Graph();
    const [a, b] = ['a', 'b'].map((name) => graph.state(name, [5], { dtype: 'u32' }));
    const count = graph.state('live', [1], { dtype: 'u32' });
    const formulas = new Formulas(graph);
    formulas.set(a!, [1, 2, 3, 4, 5]);
    formulas.set(b!, [1, 7, 3, 7, 5]);
    formulas.set(count, [live]);
    expect(formulas.read(countEqual(a!, b!, count)).data[0]).toBe(wanted);
  });
});

describe('countPairs', () => {
  it.each([
    [0, [5, 0, 0, 0, 0, 0, 0, 0, 0]],
    [2, [5, 0, 1, 0, 1, 0, 0, 0, 0]],
    [9, [5, 0, 2, 0, 1, 0, 1, 0, 0]],
  ])('adds the first %i of 6 rows to the total, those that name no class left out', (live, wanted) => {
    const graph = new Graph();
    const total = graph.state('total', [3, 3], { dtype: 'u32' });
    const [a, b] = ['a', 'b'].map((name) => graph.state(name, [6], { dtype: 'u32' }));
    const count = graph.state('live', [1], { dtype: 'u32' });
    const formulas = new Formulas(graph);
    formulas.set(total, [5, 0, 0, 0, 0, 0, 0, 0, 0]);
    formulas.set(a!, [0, 1, 0, 2, 3, 0]);
    formulas.set(b!, [2, 1, 2, 0, 0, 3]);
    formulas.set(count, [live]);
    expect([...formulas.read(countPairs(total, a!, b!, count)).data]).toEqual(wanted);
  });
});
