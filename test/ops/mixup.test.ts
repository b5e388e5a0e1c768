import { describe, expect, it } from 'vitest';
import { betaChance } from '../../src/core/beta.js';
import { Formulas } from '../../src/graph/evaluate.js';
import { Graph } from '../../src/graph/graph.js';
import { mixRows, mixup, type MixupAttrs } from '../../src/ops/mixup.js';

interface Asked extends Partial<MixupAttrs> {
  readonly step?: number;
  readonly live?: number;
}

/** What becomes of a batch: rows of partners, their images, and parts. */
function drawn(indices: readonly number[], { step = 0, live = indices.length, ...attrs }: Asked = {}) {
  const graph = new Graph();
  const states = [
    graph.state('indices', [indices.length], { dtype: 'u32' }),
    graph.state('live', [1], { dtype: 'u32' }),
    graph.state('step', [1], { dtype: 'u32' }),
  ] as const;
  const { partners, images, own } = mixup(...states, { alpha: 0.4, seed: 1, stream: 5, perEpoch: 10, ...attrs });
  const formulas = new Formulas(graph);
  [indices, [live], [step]].forEach((values, i) => formulas.set(states[i as 0 | 1 | 2], values));
  const [rows = [], others = [], parts = []] = [partners, images, own].map((tensor) => [...formulas.read(tensor).data]);
  return { partners: rows, images: others, own: parts };
}

const some = (count: number): number[] => Array.from({ length: count }, (_, i) => 3 * i + 2);

describe('mixup', () => {
  it('gives each live image another one of the batch, and rows past them nothing', () => {
    const indices = some(9);
    for (const live of [2, 3, 8, 9]) {
      const { partners, images } = drawn(indices, { live });
      partners.forEach((partner, n) => {
        if (n < live) expect([partner !== n, partner < live], `row ${n} of ${live}`).toEqual([true, true]);
        else expect(partner).toBe(n);
        expect(images[n]).toBe(indices[partner]);
      });
    }
    expect(drawn(indices, { live: 1 }).partners).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('gives each of the others as often', () => {
    const counts = new Map<number, number>();
    for (let epoch = 0; epoch < 600; epoch++) {
      const [partner = -1] = drawn(some(7), { step: epoch, perEpoch: 1 }).partners;
      counts.set(partner, (counts.get(partner) ?? 0) + 1);
    }
    expect([...counts.keys()].sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6]);
    // Five standard errors of 600 · 1/6.
    for (const count of counts.values()) expect(Math.abs(count - 100)).toBeLessThan(5 * Math.sqrt((600 * 5) / 36));
  });

  it('keeps of an image the same part in an epoch, in a batch of any size', () => {
    const [part] = drawn([17], { step: 25 }).own;
    expect(drawn([3, 9, 17], { step: 5, perEpoch: 2 }).own[2]).toBe(part);
    for (const other of [{ step: 30 }, { seed: 2 }, { stream: 6 }]) {
      expect(drawn([17], { step: 25, ...other }).own[0]).not.toBe(part);
    }
  });

  it.each([0.05, 0.2, 1, 4])('keeps the larger of two parts of Beta(α, α), α %d', (alpha) => {
    const count = 2000;
    const parts = drawn(some(count), { alpha }).own.sort((a, b) => a - b);
    // Kolmogorov's distance, which passes 1.95/√n once in a thousand times, and half a cell.
    const most = 1.95 / Math.sqrt(count) + 1 / 512;
    parts.forEach((part, i) => {
      // In f64 many that are nearly 1 are 1.
      const chance = part === 1 ? (i + 0.5) / count : 2 * betaChance(alpha, part) - 1;
      expect(Math.abs(chance - (i + 0.5) / count), `part ${part}`).toBeLessThan(most);
    });
    expect(parts[0]).toBeGreaterThanOrEqual(0.5);
    expect(parts.at(-1)).toBeLessThanOrEqual(1);
  });

  it.each<[Asked, RegExp]>([
    [{ alpha: 0 }, /α 0; wanted a number from 0.01 to 100/],
    [{ alpha: NaN }, /α NaN/],
    [{ alpha: 101 }, /α 101/],
    [{ seed: -1 }, /seed -1 and stream 5/],
    [{ stream: 2 ** 32 }, /stream 4294967296/],
    [{ perEpoch: 0 }, /perEpoch/],
  ])('%j is refused by name', (asked, message) => {
    expect(() => drawn([1, 2], asked)).toThrow(message);
  });
});

describe('mixRows', () => {
  it('mixes rows of any shape, and leaves one of which all stays as it is', () => {
    const graph = new Graph();
    const x = graph.state('x', [3, 2, 1]);
    const partners = graph.state('partners', [3], { dtype: 'u32' });
    const own = graph.state('own', [3]);
    const formulas = new Formulas(graph);
    formulas.set(x, [1, 2, 3, 4, 5, 6]);
    formulas.set(partners, [2, 1, 0]);
    formulas.set(own, [0.75, 0.5, 1]);
    expect([...formulas.read(mixRows(x, partners, own)).data]).toEqual([2, 3, 3, 4, 5, 6]);
    expect(() => mixRows(x, own, own)).toThrow(expect.objectContaining({ code: 'dtype' }));
    expect(() => mixRows(graph.state('scalar', []), partners, own)).toThrow(expect.objectContaining({ code: 'shape' }));
  });
});
