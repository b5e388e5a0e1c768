import { describe, expect, it } from 'vitest';
import { Graph, type Tensor } from '../../src/graph/graph.js';
import { gradients } from '../../src/graph/tape.js';
import { amax, amin, argmax, argmin } from '../../src/ops/extremes.js';
import { std, variance } from '../../src/ops/statistics.js';
import { checkCalculus } from '../support/calculus.js';
import { slopesOf, valuesOf, type Given } from '../support/formulaValues.js';

describe('the gradients of extremes and variances are their derivatives', () => {
  for (const axes of [undefined, [], [0], [2, 1]]) {
    const title = `over ${axes === undefined ? 'all axes' : `[${axes.join()}]`}`;
    checkCalculus(`amax ${title}`, { inputs: { x: [2, 3, 4] }, build: ({ x }) => amax(x!, axes) });
    checkCalculus(`amin ${title}`, { inputs: { x: [2, 3, 4] }, build: ({ x }) => amin(x!, axes, { keepDims: true }) });
    if (axes?.length === 0) continue;
    checkCalculus(`variance ${title}`, { inputs: { x: [2, 3, 4] }, build: ({ x }) => variance(x!, axes) });
    checkCalculus(`std ${title}`, {
      inputs: { x: [2, 3, 4] },
      build: ({ x }) => std(x!, axes, { unbiased: false, keepDims: true }),
    });
  }
});

const NAN = Number.NaN;
const x: Given = { shape: [3, 3], values: [3, 1, 3, NAN, 5, NAN, -2, -2, -2] };

describe('extremes by formula', () => {
  it('NaN is the answer where there is one', () => {
    expect(valuesOf((t) => amax(t, [1]), x)).toEqual([3, NAN, -2]);
    expect(valuesOf((t) => amin(t, [1]), x)).toEqual([1, NAN, -2]);
  });

  it('equals share the gradient evenly', () => {
    const rows: Given = { shape: [2, 4], values: [3, 1, 3, 0, -2, -2, -2, -2] };
    expect(slopesOf((t) => amax(t, [1]), rows)).toEqual([0.5, 0, 0.5, 0, 0.25, 0.25, 0.25, 0.25]);
  });

  it('the first of equals has the place, and the first NaN before any number', () => {
    expect(valuesOf((t) => argmax(t, 1), x)).toEqual([0, 0, 0]);
    expect(valuesOf((t) => argmin(t, 1), x)).toEqual([1, 0, 0]);
    expect(valuesOf((t) => argmax(t, 0), x)).toEqual([1, 1, 1]);
    expect(valuesOf((t) => argmax(t), x)).toEqual([3]);
    expect(valuesOf((t) => argmin(t), [4, 2, 2])).toEqual([1]);
  });

  it('places have the shape of what is left, or keep the axis', () => {
    const t = new Graph().state('x', [2, 3, 4]);
    const options = { keepDims: true };
    expect([argmax(t).shape, argmax(t, 1).shape, argmax(t, 1, options).shape]).toEqual([[], [2, 4], [2, 1, 4]]);
    expect(argmax(t, undefined, options).shape).toEqual([1, 1, 1]);
    expect(argmin(t, 2).dtype).toBe('u32');
  });

  it('variances are PyTorch’s', () => {
    const rows: Given = { shape: [2, 3], values: [1, 2, 4, 10, 10, 13] };
    const near = (...wanted: number[]) => wanted.map((value): unknown => expect.closeTo(value, 12));
    expect(valuesOf((t) => variance(t, [1]), rows)).toEqual(near(7 / 3, 3));
    expect(valuesOf((t) => variance(t, [1], { unbiased: false }), rows)).toEqual(near(14 / 9, 2));
    expect(valuesOf((t) => std(t, [1]), rows)).toEqual(near(Math.sqrt(7 / 3), Math.sqrt(3)));
  });
});

describe('extremes refuse', () => {
  const t = new Graph().state('x', [2, 1]);
  it.each<readonly [string, () => Tensor]>([
    ['amax', () => amax(t, [2])],
    ['amin', () => amin(t, [0, 0])],
    ['argmax', () => argmax(t, 2)],
    ['argmax', () => argmax(t, -1)],
    ['variance', () => variance(t, [1])],
  ])('in %s axes that make no sense', (place, apply) => {
    expect(apply).toThrow(expect.objectContaining({ code: 'shape', place }));
  });

  it('a gradient of places', () => {
    expect(() => gradients(argmax(t), [t])).toThrow(expect.objectContaining({ code: 'graph' }));
  });
});
