import { describe, expect, it } from 'vitest';
import { permutation } from '../../src/core/permutation.js';
import { Formulas } from '../../src/graph/evaluate.js';
import { Graph } from '../../src/graph/graph.js';
import { batchOf, gatherImages, gatherLabels, scatterRows } from '../../src/ops/data.js';

/** The batches of an epoch: the indices of each, and how many of them are live. */
function epochOf(count: number, batch: number, epoch: number, shuffle: boolean) {
  const graph = new Graph();
  const step = graph.state('step', [1], { dtype: 'u32' });
  const { indices, live } = batchOf(step, { count, batch, seed: 11, shuffle });
  const formulas = new Formulas(graph);
  const steps = Math.ceil(count / batch);
  return Array.from({ length: steps }, (_, i) => {
    formulas.set(step, [epoch * steps + i]);
    return { indices: [...formulas.read(indices).data], live: formulas.read(live).data[0] ?? NaN };
  });
}

describe('batchOf', () => {
  it.each([1, 63, 64, 65, 60_000])('shows each of %i images exactly once an epoch', (count) => {
    for (const shuffle of [false, true]) {
      const batches = epochOf(count, 64, 2, shuffle);
      const seen = batches.flatMap(({ indices, live }) => indices.slice(0, live));
      expect(seen).toHaveLength(count);
      expect(new Set(seen).size).toBe(count);
      expect(seen.every((image) => Number.isInteger(image) && image >= 0 && image < count)).toBe(true);
      // All batches are full but the last.
      const last = count - 64 * (batches.length - 1);
      expect(batches.map(({ live }) => live)).toEqual([...new Array<number>(batches.length - 1).fill(64), last]);
    }
  });

  it('fills the rows of a short batch with image 0', () => {
    expect(epochOf(65, 64, 0, true)[1]?.indices.slice(1)).toEqual(new Array(63).fill(0));
  });

  it('keeps the order of the set unless asked to shuffle', () => {
    expect(epochOf(5, 2, 3, false)).toEqual([
      { indices: [0, 1], live: 2 },
      { indices: [2, 3], live: 2 },
      { indices: [4, 0], live: 1 },
    ]);
  });

  it('shuffles by the permutation of the epoch, which is another in the next', () => {
    const orders = [0, 1].map((epoch) => epochOf(10, 10, epoch, true)[0]?.indices);
    for (const epoch of [0, 1]) {
      expect(orders[epoch]).toEqual(Array.from({ length: 10 }, (_, i) => permutation(11, epoch, 10, i)));
    }
    expect(orders[1]).not.toEqual(orders[0]);
  });
});

describe('gatherImages and gatherLabels', () => {
  const graph = new Graph();
  const images = graph.state('images', [3, 1, 2], { dtype: 'u8' });
  const labels = graph.state('labels', [3], { dtype: 'u8' });
  const indices = graph.state('indices', [2], { dtype: 'u32' });
  const formulas = new Formulas(graph);
  formulas.set(images, [0, 51, 102, 153, 204, 255]);
  formulas.set(labels, [7, 8, 9]);
  formulas.set(indices, [2, 0]);

  it('take the images that the indices name, scaled to 0…1 and then by mean and spread', () => {
    const plain = gatherImages(images, indices, { mean: 0, std: 1 });
    expect(plain.shape).toEqual([2, 1, 1, 2]);
    expect([...formulas.read(plain).data]).toEqual([0.8, 1, 0, 0.2]);
    const scaled = [...formulas.read(gatherImages(images, indices, { mean: 0.2, std: 0.4 })).data];
    [1.5, 2, -0.5, 0].forEach((wanted, i) => expect(scaled[i]).toBeCloseTo(wanted, 14));
  });

  it('take their labels in the same order', () => {
    const y = gatherLabels(labels, indices);
    expect(y).toMatchObject({ dtype: 'u32', shape: [2] });
    expect([...formulas.read(y).data]).toEqual([9, 7]);
  });
});

describe('scatterRows', () => {
  it('writes the live rows of a step at the step’s place, and nothing else', () => {
    const graph = new Graph();
    const target = graph.state('target', [7]);
    const rows = graph.state('rows', [3]);
    const [step, live] = ['step', 'live'].map((name) => graph.state(name, [1], { dtype: 'u32' }));
    graph.assign(target, scatterRows(target, rows, step!, live!));
    const formulas = new Formulas(graph);
    formulas.set(target, [9, 9, 9, 9, 9, 9, 9]);
    formulas.set(rows, [1, 2, 3]);
    const after = (at: number, count: number): number[] => {
      formulas.set(step!, [at]);
      formulas.set(live!, [count]);
      formulas.step();
      return [...formulas.read(target).data];
    };
    expect(after(1, 3)).toEqual([9, 9, 9, 1, 2, 3, 9]);
    expect(after(2, 1)).toEqual([9, 9, 9, 1, 2, 3, 1]);
    expect(after(0, 0)).toEqual([9, 9, 9, 1, 2, 3, 1]);
  });
});
