import { describe, expect, it } from 'vitest';
import type { Shape } from '../../src/core/shape.js';
import { Formulas } from '../../src/graph/evaluate.js';
import { Graph, type Tensor } from '../../src/graph/graph.js';
import { gradients } from '../../src/graph/tape.js';
import { avgPool2d, avgPool2dGrad, type AvgPoolOptions } from '../../src/ops/avgPool2d.js';
import { maxPool2d, maxPool2dGrad, maxPool2dOp, winners } from '../../src/ops/maxPool2d.js';
import { avgPool1d, maxPool1d } from '../../src/ops/pool1d.js';
import { poolAttrs, type MaxPoolOptions, type PoolOptions } from '../../src/ops/poolWindow.js';
import { checkCalculus } from '../support/calculus.js';
import { valuesOf } from './stepped.js';

/** Each setting alone, then all of them together; sides odd and unequal, so that flooring drops pixels. */
const cases: Readonly<Record<string, readonly [Shape, PoolOptions]>> = {
  'one pixel': [[1, 1, 1, 1], { window: 1 }],
  'windows that tile the image': [[2, 3, 4, 6], { window: 2 }],
  'windows that leave a rim': [[2, 2, 5, 7], { window: 2 }],
  'the whole image': [[2, 2, 3, 5], { window: [3, 5] }],
  'windows that overlap': [[2, 2, 5, 6], { window: 3, stride: 1 }],
  'windows that leave gaps': [[1, 2, 8, 7], { window: 2, stride: 3 }],
  padding: [[2, 2, 5, 4], { window: 3, padding: 1 }],
  'a last window that reaches past the image': [[2, 2, 5, 8], { window: [2, 3], ceilMode: true }],
  'padding, overlap and a window past it': [[1, 2, 6, 4], { window: 3, stride: 2, padding: 1, ceilMode: true }],
  'one window larger than the image': [[1, 2, 3, 2], { window: 4, ceilMode: true }],
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

describe('the gradient of maxPool2d is its derivative where windows have holes', () => {
  const holes: Readonly<Record<string, readonly [Shape, MaxPoolOptions]>> = {
    'dilation 2': [[2, 2, 5, 7], { window: 2, dilation: 2, stride: 1 }],
    'padding that taps step over': [[1, 2, 5, 6], { window: 3, dilation: 2, padding: 2, stride: 2 }],
    'rows alone, past the image': [[1, 2, 6, 5], { window: 2, dilation: [3, 1], ceilMode: true }],
  };
  for (const [title, [x, options]] of Object.entries(holes)) {
    checkCalculus(title, { inputs: { x }, build: ({ x: images }) => maxPool2d(images!, options) });
  }
});

describe('the gradient of avgPool2d is its derivative, whatever divides', () => {
  const divisors: Readonly<Record<string, AvgPoolOptions>> = {
    'another divisor': { window: 3, stride: 2, divisorOverride: 4 },
    'pixels of the image alone': { window: 3, stride: 2, padding: 1, countIncludePad: false },
    'past the image': { window: [3, 4], stride: [2, 3], padding: [1, 2], ceilMode: true },
    'pixels of the image alone, past it': { window: 3, padding: 1, ceilMode: true, countIncludePad: false },
  };
  for (const [title, options] of Object.entries(divisors)) {
    checkCalculus(title, { inputs: { x: [1, 2, 6, 7] }, build: ({ x }) => avgPool2d(x!, options) });
    checkCalculus(`${title}, and so on`, {
      inputs: { dy: avgPool2d(new Graph().state('x', [1, 2, 6, 7]), options).shape },
      build: ({ dy }) => {
        const x = dy!.graph.state('x', [1, 2, 6, 7]);
        return gradients(avgPool2d(x, options), [x], dy)[0] as Tensor;
      },
    });
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
function pooled(rows: readonly (readonly number[])[], options: MaxPoolOptions): { y: number[]; index: number[] } {
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

describe('PyTorch’s values and shapes', () => {
  const rows = [0, 1, 2].map(() => [-2, -1, 0, 1, 2]);

  it('with ceilMode', () => {
    expect(pooled(rows, { window: 2, ceilMode: true })).toEqual({
      y: [-1, 1, 2, -1, 1, 2],
      index: [1, 3, 4, 11, 13, 14],
    });
  });

  it('with dilation and padding', () => {
    const options = { window: [2, 3], stride: 1, dilation: 2, padding: [0, 1] } as const;
    expect(pooled(rows, options)).toEqual({ y: [1, 2, 1], index: [3, 4, 3] });
  });

  it.each([
    [8, { window: 3 }, 3],
    [5, { window: 2 }, 3],
    [3, { window: 4 }, 1],
    [6, { window: 3, stride: 2, padding: 1 }, 4],
    [16, { window: 3, stride: 2, padding: 1 }, 9],
    [5, { window: 2, stride: 3, padding: 1 }, 2],
    [7, { window: 3, stride: 2, padding: 1, dilation: 2 }, 3],
    [4, { window: 1, stride: 3 }, 2],
  ] as const)('%j pixels with ceilMode and %j are %j windows', (size, options, windows) => {
    const x = new Graph().state('x', [1, 1, size, size]);
    expect(maxPool2d(x, { ...options, ceilMode: true }).shape).toEqual([1, 1, windows, windows]);
  });

  const average = (shape: Shape, options: AvgPoolOptions) => valuesOf([shape], ([x]) => avgPool2d(x!, options));

  it('of means whose windows reach past the image', () => {
    const options = { window: 2, stride: 2, padding: 1, ceilMode: true };
    expect(average([1, 1, 3, 5], options)).toEqual([-0.5, -0.25, 0.75, -1, -0.5, 1.5]);
    expect(average([1, 1, 3, 5], { ...options, countIncludePad: false })).toEqual([-2, -0.5, 1.5, -2, -0.5, 1.5]);
    expect(average([1, 1, 4, 4], { window: 3, stride: 2, ceilMode: true })).toEqual(
      [-1 / 3, -0.5, 2 / 3, -0.75].map((value) => expect.closeTo(value, 12) as number),
    );
  });

  it('of sums that something else divides', () => {
    const found = average([1, 1, 3, 5], { window: 2, stride: 1, divisorOverride: 3 });
    expect(found).toEqual([-2, -2 / 3, 2 / 3, 2, -2, -2 / 3, 2 / 3, 2]);
  });

  it('in one dimension', () => {
    const options = { window: 3, stride: 2, padding: 1 };
    expect(valuesOf([[1, 2, 6]], ([x]) => maxPool1d(x!, options))).toEqual([-1, 1, 2, 0, 2, 2]);
    const mean = { ...options, ceilMode: true, countIncludePad: false };
    expect(valuesOf([[1, 2, 6]], ([x]) => avgPool1d(x!, mean))).toEqual(
      [-1.5, 0, 1 / 3, -2, -0.5, 1, -1 / 3, -1].map((value) => expect.closeTo(value, 12) as number),
    );
  });

  it('say equal means in one way, so that the common case keeps its kernels', () => {
    const graph = new Graph();
    const x = graph.state('x', [1, 1, 6, 6]);
    avgPool2d(x, { window: 2, countIncludePad: false });
    avgPool2d(x, { window: 2 });
    const [first, second] = graph.nodes;
    expect(first?.attrs).toEqual(second?.attrs);
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
  it('windows whose taps leave out the image', () => {
    const apply = () =>
      maxPool2d(new Graph().state('x', [1, 1, 1, 5]), { window: 2, dilation: [4, 1], padding: [2, 0] });
    expect(apply).toThrow(
      expect.objectContaining({
        code: 'shape',
        message: expect.stringMatching(/2×2 window with dilation 4×1 on a 1×5 image.*each see a pixel/),
      }),
    );
  });

  it('a divisor that is no count', () => {
    const apply = (divisorOverride: number) => () =>
      avgPool2d(new Graph().state('x', [1, 1, 4, 4]), { window: 2, divisorOverride });
    for (const divisor of [0, -1, 0.5]) {
      expect(apply(divisor)).toThrow(
        expect.objectContaining({ code: 'shape', message: expect.stringMatching(/divisorOverride/) }),
      );
    }
  });

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
