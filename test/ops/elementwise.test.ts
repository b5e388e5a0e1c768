import { describe, expect, it } from 'vitest';
import { erf as erfOf } from '../../src/core/erf.js';
import type { Shape } from '../../src/core/shape.js';
import { Graph } from '../../src/graph/graph.js';
import { gradients } from '../../src/graph/tape.js';
import {
  abs,
  clamp,
  div,
  equal,
  erf,
  exp,
  log,
  maximum,
  minimum,
  neg,
  pow,
  shift,
  sign,
  sqrt,
  square,
  sub,
} from '../../src/ops/elementwise.js';
import { checkCalculus } from '../support/calculus.js';
import { slopesOf, valuesOf } from '../support/formulaValues.js';

const pairs: readonly (readonly [Shape, Shape])[] = [
  [[], []],
  [[3, 4], [4]],
  [
    [2, 1, 4],
    [3, 1],
  ],
];

describe('the gradients of arithmetic are its derivatives', () => {
  for (const [a, b] of pairs) {
    const shapes = `[${a.join(', ')}] and [${b.join(', ')}]`;
    checkCalculus(`sub ${shapes}`, { inputs: { a, b }, build: (by) => sub(by['a']!, by['b']!) });
    checkCalculus(`div ${shapes}`, { inputs: { a, b }, build: (by) => div(by['a']!, exp(by['b']!)) });
    checkCalculus(`maximum ${shapes}`, { inputs: { a, b }, build: (by) => maximum(by['a']!, by['b']!) });
    checkCalculus(`minimum ${shapes}`, { inputs: { a, b }, build: (by) => minimum(by['a']!, by['b']!) });
  }
  const unary = {
    neg,
    abs,
    exp,
    log: (x: Parameters<typeof log>[0]) => log(shift(x, 2)),
    sqrt: (x: Parameters<typeof log>[0]) => sqrt(shift(x, 2)),
    square,
    erf,
    shift: (x: Parameters<typeof log>[0]) => shift(x, 3),
    clamp: (x: Parameters<typeof log>[0]) => clamp(x, { min: -0.3, max: 0.4 }),
  };
  for (const [title, op] of Object.entries(unary)) {
    checkCalculus(title, { inputs: { x: [3, 17] }, build: ({ x }) => op(x!) });
  }
  for (const exponent of [0, 1, 2, 3, -1, 0.5, 1.5, -2]) {
    checkCalculus(`pow ${exponent}`, { inputs: { x: [17] }, build: ({ x }) => pow(shift(x!, 2), exponent) });
  }
  checkCalculus('a gradient of gradients', {
    inputs: { x: [5], dy: [5] },
    build: ({ x, dy }) => gradients(log(exp(square(x!))), [x!], dy)[0]!,
  });
});

/** Numbers of PyTorch 1.13. */
describe('arithmetic is PyTorch’s', () => {
  const NAN = Number.NaN;
  const inf = Infinity;

  it('maximum and minimum: NaN passes, equals share the gradient', () => {
    const [a, b] = [
      [1, 2, 2, NAN, 1],
      [2, 1, 2, 1, NAN],
    ] as const;
    expect(valuesOf(maximum, a, b)).toEqual([2, 2, 2, NAN, NAN]);
    expect(valuesOf(minimum, a, b)).toEqual([1, 1, 2, NAN, NAN]);
    expect(slopesOf(maximum, a, b)).toEqual([0, 1, 0.5, 1, 1]);
    expect(slopesOf(minimum, a, b)).toEqual([1, 0, 0.5, 1, 1]);
  });

  it('clamp: NaN passes, the gradient where the value stays', () => {
    const x = [-inf, -1, 0, 0.5, 0.6, NAN];
    const op = (t: Parameters<typeof clamp>[0]) => clamp(t, { min: -1, max: 0.5 });
    expect(valuesOf(op, x)).toEqual([-1, -1, 0, 0.5, 0.5, NAN]);
    expect(slopesOf(op, x)).toEqual([0, 1, 1, 1, 0, 0]);
    expect(valuesOf((t) => clamp(t, { min: 2, max: 1 }), [0, 1.5, 3])).toEqual([1, 1, 1]);
    expect(valuesOf((t) => clamp(t, { min: 2 }), [0, 3])).toEqual([2, 3]);
    expect(valuesOf((t) => clamp(t, { max: 2 }), [0, 3])).toEqual([0, 2]);
  });

  it('abs, sign and equal', () => {
    expect(valuesOf(abs, [-2, 0, NAN, -inf])).toEqual([2, 0, NAN, inf]);
    expect(slopesOf(abs, [-2, 0, 3])).toEqual([-1, 0, 1]);
    expect(valuesOf(sign, [-2, 0, NAN, inf])).toEqual([-1, 0, 0, 1]);
    expect(valuesOf(equal, [1, 2, NAN, inf], [1, 3, NAN, inf])).toEqual([1, 0, 0, 1]);
  });

  it('pow: whole exponents of negatives, the slope of x⁰', () => {
    expect(valuesOf((x) => pow(x, 3), [-2, 0, 2])).toEqual([-8, 0, 8]);
    expect(valuesOf((x) => pow(x, -0.5), [4, 0, -4, inf, NAN])).toEqual([0.5, inf, NAN, 0, NAN]);
    expect(valuesOf((x) => pow(x, 0), [-2, 0, NAN, inf])).toEqual([1, 1, 1, 1]);
    expect(slopesOf((x) => pow(x, 0), [-2, 0, 2])).toEqual([0, 0, 0]);
    expect(slopesOf((x) => pow(x, 2), [-2, 0, 2])).toEqual([-4, 0, 4]);
    expect(slopesOf((x) => pow(x, 1), [0])).toEqual([1]);
  });

  it('log and sqrt at 0, and below', () => {
    expect(valuesOf(log, [0, -1, 1])).toEqual([-inf, NAN, 0]);
    expect(slopesOf(log, [0])).toEqual([inf]);
    expect(valuesOf(sqrt, [0, -1, 4])).toEqual([0, NAN, 2]);
    expect(slopesOf(sqrt, [0])).toEqual([inf]);
  });
});

it('erf is that of the tables', () => {
  // Abramowitz and Stegun, table 7.1, and scipy.special.erf.
  const table = [
    [0.02, 0.0225645746918449],
    [0.5, 0.5204998778130465],
    [1, 0.8427007929497149],
    [2, 0.9953222650189527],
    [3.5, 0.9999992569016276],
    [5, 0.9999999999984626],
  ] as const;
  for (const [x, y] of table) {
    expect(Math.abs(erfOf(x) - y)).toBeLessThan(2 ** -49);
    expect(erfOf(-x)).toBe(-erfOf(x));
  }
  expect([erfOf(0), erfOf(7), erfOf(-Infinity), erfOf(NaN)]).toEqual([0, 1, -1, NaN]);
});

describe('arithmetic refuses', () => {
  const graph = new Graph();
  const x = graph.state('x', [3]);
  it.each([
    ['sub', () => sub(x, graph.state('four', [4])), 'shape'],
    ['maximum', () => maximum(x, graph.state('labels', [3], { dtype: 'u32' })), 'dtype'],
    ['pow', () => pow(x, NaN), 'usage'],
    ['shift', () => shift(x, Infinity), 'usage'],
    ['clamp', () => clamp(x, {}), 'usage'],
    ['clamp', () => clamp(x, { min: 0, max: Infinity }), 'usage'],
  ])('in %s what makes no sense', (place, apply, code) => {
    expect(apply).toThrow(expect.objectContaining({ code, place }));
  });
});
