import { describe, expect, it } from 'vitest';
import type { Shape } from '../../src/core/shape.js';
import { Formulas } from '../../src/graph/evaluate.js';
import { Graph, type Tensor } from '../../src/graph/graph.js';
import { gradients } from '../../src/graph/tape.js';
import { avgPool2d, avgPool2dGrad } from '../../src/ops/avgPool2d.js';
import { maxPool2d, maxPool2dGrad, maxPool2dOp, winners } from '../../src/ops/maxPool2d.js';
import { poolAttrs, type PoolOptions } from '../../src/ops/poolWindow.js';
import { checkCalculus } from '../support/calculus.js';

/** Each setting alone, then all of them together; sides odd and unequal, so that flooring drops pixels. */
const cases: Readonly<Record<string, readonly [Shape, PoolOptions]>> = {
  'one pixel': [[1, 1, 1, 1], { window: 1 }],
  'windows that tile the image': [[2, 3, 4, 6], { window: 2 }],
  'windows that leave a rim': [[2, 2, 5, 7], { window: 2 }],
  'the whole image': [[2, 2, 3, 5], { window: [3, 5] }],
  'windows that overlap': [[2, 2, 5, 6], { window: 3, stride: 1 }],
  'windows that leave gaps': [[1, 2, 8, 7], { window: 2, stride: 3 }],
  padding: [[2, 2, 5, 4], { window: 3, padding: 1 }],
  'all at once, rows and columns apart': [[2, 3, 7, 9], { window: [3, 4], stride: [2, 3], padding: [1, 2] }],
};

describe('the gradient of maxPool2d is its derivative', () => {
  for (const [title, [x, options]] of Object.entries(cases)) {
    checkCalculus(title, { inputs: { x }, build: ({ x: images }) => maxPool2d(images!, options) });
  }
});

describe('the gradient of avgPool2d is its derivative', () => {
  for (const [title, [x, options]] of Object.entries(cases)) {
    checkCalculus(title, { inputs: { x }, build: ({ x: images }) => avgPool2d(images!, options) });
  }
});

describe('the gradients of the gradients of pools are their derivatives', () => {
  const attrs = { ...poolAttrs('pool', { window: [3, 2], stride: [2, 1], padding: [1, 0] }), image: [4, 3] as const };
  // Winners inside their windows, with one pixel that wins two of them.
  const index = { shape: [1, 2, 2, 2], values: [0, 1, 3, 5, 4, 4, 9, 11] };
  checkCalculus('maxPool2dGrad', {
    inputs: { dy: [1, 2, 2, 2] },
    constants: { index },
    build: ({ dy, index: won }) => maxPool2dGrad.one([dy!, won!], attrs),
  });
  checkCalculus('winners', {
    inputs: { x: [1, 2, 4, 3] },
    constants: { index },
    build: ({ x, index: won }) => winners.one([x!, won!], attrs),
  });
  checkCalculus('avgPool2dGrad', {
    inputs: { dy: [1, 2, 2, 2] },
    build: ({ dy }) => avgPool2dGrad.one([dy!], attrs),
  });
});

/** y and the winners of one plane. */
function pooled(rows: readonly (readonly number[])[], options: PoolOptions): { y: number[]; index: number[] } {
  const graph = new Graph();
  const x = graph.state('x', [1, 1, rows.length, rows[0]?.length ?? 0]);
  const [y, index] = maxPool2dOp.apply([x], poolAttrs('maxPool2d', options));
  const formulas = new Formulas(graph);
  formulas.set(x, rows.flat());
  const read = (tensor: Tensor | undefined) => [...formulas.read(tensor!).data];
  return { y: read(y), index: read(index) };
}

describe('maxPool2d', () => {
  it('gives a tie to the first pixel in row-major order', () => {
    const flat = [
      [5, 5],
      [5, 5],
    ];
    expect(pooled(flat, { window: 2 })).toEqual({ y: [5], index: [0] });
    expect(pooled([[1, 3, 3, 2]], { window: [1, 4] })).toEqual({ y: [3], index: [1] });
  });

  it('gives 0 and −0 the same rank', () => {
    expect(pooled([[-0, 0]], { window: [1, 2] }).index).toEqual([0]);
    expect(pooled([[0, -0]], { window: [1, 2] }).index).toEqual([0]);
  });

  it('lets a NaN win over any number', () => {
    expect(pooled([[1, NaN, Infinity, 2]], { window: [1, 4] })).toEqual({ y: [NaN], index: [1] });
  });

  it('pads with −∞, not with zeros', () => {
    expect(pooled([[-3]], { window: 2, padding: 1, stride: 1 }).y).toEqual([-3, -3, -3, -3]);
  });

  it('points into the image even where all of it is −∞', () => {
    expect(pooled([[-Infinity, -Infinity]], { window: [1, 2] })).toEqual({ y: [-Infinity], index: [0] });
  });

  it('sends the whole slope of a tie to its first pixel', () => {
    const graph = new Graph();
    const x = graph.state('x', [1, 1, 2, 2]);
    const y = maxPool2d(x, { window: 2 });
    const [dx] = gradients(y, [x]);
    expect([...new Formulas(graph).read(dx!).data]).toEqual([1, 0, 0, 0]);
  });
});

describe('avgPool2d', () => {
  it('counts the padding, as PyTorch does by default', () => {
    const graph = new Graph();
    const x = graph.state('x', [1, 1, 2, 2]);
    const y = avgPool2d(x, { window: 2, padding: 1 });
    const formulas = new Formulas(graph);
    formulas.set(x, [4, 8, 12, 16]);
    expect([...formulas.read(y).data]).toEqual([1, 2, 3, 4]);
  });
});

describe('pools refuse', () => {
  const refused: Readonly<Record<string, readonly [Shape, PoolOptions, RegExp]>> = {
    'images of three axes': [[1, 4, 4], { window: 2 }, /x \[1, 4, 4\]; wanted x \[N, C, H, W\]/],
    'a window past the image': [[1, 1, 4, 4], { window: 5 }, /5×5 window on a 4×4 image.*smaller window/],
    'more than half a window of padding': [
      [1, 1, 4, 4],
      { window: 3, padding: 2 },
      /padding 2×2 around windows of 3×3/,
    ],
    'a window of no pixel': [[1, 1, 4, 4], { window: 0 }, /window 0; wanted a whole number of at least 1/],
    'stride 0': [[1, 1, 4, 4], { window: 2, stride: 0 }, /stride 0/],
    'half a pixel of padding': [[1, 1, 4, 4], { window: 2, padding: 0.5 }, /padding 0.5/],
  };
  for (const [title, [shape, options, sentence]] of Object.entries(refused)) {
    it.each([
      ['maxPool2d', maxPool2d],
      ['avgPool2d', avgPool2d],
    ])(`${title} (%s)`, (place, pool) => {
      const apply = () => pool(new Graph().state('x', shape), options);
      expect(apply).toThrow(
        expect.objectContaining({ code: 'shape', place, message: expect.stringMatching(sentence) }),
      );
    });
  }
});
