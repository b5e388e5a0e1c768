import { describe, expect, it } from 'vitest';
import { isKept, keepsFrom } from '../../src/core/random.js';
import { Formulas } from '../../src/graph/evaluate.js';
import { Graph } from '../../src/graph/graph.js';
import { dropout, type DropoutAttrs } from '../../src/ops/dropout.js';
import { checkCalculus } from '../support/calculus.js';

describe('the gradient of dropout is its derivative', () => {
  checkCalculus('with the mask of the forward pass', {
    inputs: { x: [5, 7] },
    constants: { step: { shape: [1], values: [3] } },
    build: ({ x, step }) => dropout(x!, step!, { p: 0.4, seed: 1, stream: 2 }),
  });
});

/** Dropout of ones in a step. */
function ones(size: number, step: number, attrs: DropoutAttrs): number[] {
  const graph = new Graph();
  const x = graph.state('x', [size]);
  const counter = graph.state('step', [1], { dtype: 'u32' });
  const formulas = new Formulas(graph);
  formulas.set(x, new Array<number>(size).fill(1));
  formulas.set(counter, [step]);
  return [...formulas.read(dropout(x, counter, attrs)).data];
}

describe('dropout', () => {
  const attrs = { p: 0.25, seed: 1, stream: 2 };

  it('keeps an element at 1/(1 − p) or makes it 0', () => {
    expect(new Set(ones(200, 0, attrs))).toEqual(new Set([0, 4 / 3]));
  });

  it('drops so many as the chance says', () => {
    const n = 20_000;
    for (const p of [0.1, 0.5, 0.9]) {
      const dropped = ones(n, 7, { ...attrs, p }).filter((value) => value === 0).length / n;
      // Five standard errors.
      expect(Math.abs(dropped - p)).toBeLessThan(5 * Math.sqrt((p * (1 - p)) / n));
    }
  });

  it('drops nothing at a chance of 0', () => {
    expect(new Set(ones(1000, 3, { ...attrs, p: 0 }))).toEqual(new Set([1]));
  });

  it('has one mask a seed, a stream and a step, and another for each other', () => {
    const mask = ones(256, 5, attrs);
    expect(ones(256, 5, attrs)).toEqual(mask);
    for (const other of [
      ones(256, 6, attrs),
      ones(256, 5, { ...attrs, seed: 2 }),
      ones(256, 5, { ...attrs, stream: 3 }),
    ]) {
      const both = mask.filter((value, i) => value > 0 && (other[i] ?? 0) > 0).length;
      // Independent masks keep 9/16 together, within five standard errors.
      expect(Math.abs(both / 256 - 9 / 16)).toBeLessThan(5 * Math.sqrt(63 / 256 / 256));
    }
  });

  it('has kept these elements since the first release', () => {
    const kept = Array.from({ length: 16 }, (_, element) => isKept(0.5, { seed: 1, stream: 2, step: 3, element }));
    expect(kept.map(Number).join('')).toBe('0100011110010111');
    expect(keepsFrom(0.5)).toBe(2 ** 23);
  });

  it.each([1, -0.1, NaN, 1 - 2 ** -30])('a chance of %d is refused', (p) => {
    expect(() => ones(1, 0, { ...attrs, p })).toThrow(
      expect.objectContaining({ code: 'usage', message: expect.stringMatching(/^dropout: p .*from 0 to below 1/) }),
    );
  });

  it('a seed that is no word is refused', () => {
    expect(() => ones(1, 0, { ...attrs, seed: -1 })).toThrow(/seed -1 and stream 2; wanted whole numbers/);
  });
});
