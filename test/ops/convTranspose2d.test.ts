import { describe, expect, it } from 'vitest';
import type { Shape } from '../../src/core/shape.js';
import { Graph, type Tensor } from '../../src/graph/graph.js';
import { gradients } from '../../src/graph/tape.js';
import { convTranspose1d } from '../../src/ops/conv1d.js';
import { convTranspose2d, type ConvTranspose2dOptions } from '../../src/ops/convTranspose2d.js';
import { checkCalculus } from '../support/calculus.js';
import { valuesOf } from './stepped.js';

interface TransposedCase {
  readonly x: Shape;
  readonly w: Shape;
  readonly options?: ConvTranspose2dOptions;
  readonly y: Shape;
}

/** Each setting alone, then all of them together; the shapes are PyTorch's. */
const cases: Readonly<Record<string, TransposedCase>> = {
  'one of everything': { x: [1, 1, 1, 1], w: [1, 1, 1, 1], y: [1, 1, 1, 1] },
  'two channels, three filters': { x: [2, 2, 3, 2], w: [2, 3, 2, 3], y: [2, 3, 4, 4] },
  'stride 2': { x: [1, 2, 3, 2], w: [2, 2, 3, 3], options: { stride: 2 }, y: [1, 2, 7, 5] },
  'a stride past the window': { x: [1, 2, 3, 2], w: [2, 2, 2, 2], options: { stride: 3 }, y: [1, 2, 8, 5] },
  'padding, a pixel more at the end': {
    x: [1, 2, 3, 3],
    w: [2, 2, 3, 3],
    options: { stride: 2, padding: 1, outputPadding: 1 },
    y: [1, 2, 6, 6],
  },
  'more pixels at the end than the stride': {
    x: [1, 2, 2, 3],
    w: [2, 1, 2, 2],
    options: { dilation: 3, outputPadding: [2, 1] },
    y: [1, 1, 7, 7],
  },
  'two groups': { x: [2, 4, 3, 3], w: [4, 3, 2, 2], options: { groups: 2 }, y: [2, 6, 4, 4] },
  'all at once, rows and columns apart': {
    x: [2, 4, 3, 4],
    w: [4, 2, 3, 2],
    options: { stride: [2, 3], padding: [1, 0], outputPadding: [1, 2], dilation: [1, 2], groups: 2 },
    y: [2, 4, 6, 14],
  },
};

describe('the gradients of convTranspose2d are its derivatives', () => {
  for (const [title, { x, w, options }] of Object.entries(cases)) {
    checkCalculus(title, { inputs: { x, w }, build: (by) => convTranspose2d(by['x']!, by['w']!, options) });
  }
});

describe('the gradients of the gradients of convTranspose2d are their derivatives', () => {
  const [x, w] = [
    [1, 2, 2, 3],
    [2, 1, 2, 2],
  ] as const;
  const options = { dilation: 3, outputPadding: [2, 1] } as const;
  /** The gradient by one operand, which the other and dy decide. */
  const gradientBy = (name: 'x' | 'w', by: Readonly<Record<string, Tensor>>, own: Tensor): Tensor => {
    const operands = { x: by['x'] ?? own, w: by['w'] ?? own };
    const y = convTranspose2d(operands.x, operands.w, options);
    return gradients(y, [operands[name]], by['dy'])[0] as Tensor;
  };
  checkCalculus('by x', {
    inputs: { w, dy: [1, 1, 7, 7] },
    build: (by) => gradientBy('x', by, by['dy']!.graph.state('x', x)),
  });
  checkCalculus('by w', {
    inputs: { x, dy: [1, 1, 7, 7] },
    build: (by) => gradientBy('w', by, by['dy']!.graph.state('w', w)),
  });
});

describe('convTranspose2d', () => {
  const values = (x: Shape, w: Shape, options?: ConvTranspose2dOptions): number[] =>
    valuesOf([x, w], ([images, filters]) => convTranspose2d(images!, filters!, options));

  it.each(Object.entries(cases))('has PyTorch’s shape: %s', (_, { x, w, options, y }) => {
    const graph = new Graph();
    expect(convTranspose2d(graph.state('x', x), graph.state('w', w), options).shape).toEqual(y);
  });

  it('gives PyTorch’s values with stride, padding and a pixel more', () => {
    expect(values([1, 2, 2, 2], [2, 1, 2, 3], { stride: 2, padding: 1, outputPadding: 1 })).toEqual([
      -8, -3, 2, 4, 0, -3, -1, 0, 2, 2, 2, -2,
    ]);
  });

  it('gives PyTorch’s values with groups and dilation', () => {
    expect(values([1, 2, 1, 2], [2, 2, 1, 2], { groups: 2, dilation: [1, 2] })).toEqual([
      4, 2, 2, 1, 0, 0, -2, -1, 0, 2, 0, -2, 0, -1, 0, 0,
    ]);
  });

  it('leaves out rows and columns at the sides that it is told', () => {
    const options = {
      padding: [
        [0, 1],
        [1, 0],
      ],
    } as const;
    const whole = values([1, 1, 2, 2], [1, 1, 2, 2]);
    expect(values([1, 1, 2, 2], [1, 1, 2, 2], options)).toEqual([whole[1], whole[2], whole[4], whole[5]]);
  });

  it('in one dimension gives PyTorch’s values', () => {
    const options = { stride: 2, padding: 1, outputPadding: 1 };
    const found = valuesOf(
      [
        [1, 1, 3],
        [1, 2, 3],
      ],
      ([x, w]) => convTranspose1d(x!, w!, options),
    );
    expect(found).toEqual([2, 2, 1, 0, 0, 0, -4, 3, -2, 2, 0, 0]);
  });

  it('is the adjoint of the convolution that it is named after, so its gradient by x is one', () => {
    const graph = new Graph();
    const x = graph.state('x', [1, 2, 3, 3]);
    const y = convTranspose2d(x, graph.state('w', [2, 3, 2, 2]));
    gradients(y, [x], graph.state('dy', y.shape));
    expect(graph.nodes.map(({ op }) => op)).toEqual(['conv2dGradX', 'conv2d']);
  });

  const refused: Readonly<Record<string, readonly [Shape, Shape, ConvTranspose2dOptions, RegExp]>> = {
    'images of three axes': [[1, 4, 4], [1, 1, 3, 3], {}, /x \[1, 4, 4\]; wanted x \[N, K, P, Q\]/],
    'filters for other channels': [[1, 2, 4, 4], [3, 1, 3, 3], {}, /2 channels in 1 groups and filters for 3/],
    'groups that do not divide the channels': [[1, 3, 4, 4], [3, 1, 3, 3], { groups: 2 }, /in 2 groups/],
    'as many pixels more as the stride': [
      [1, 1, 4, 4],
      [1, 1, 3, 3],
      { stride: 2, outputPadding: 2 },
      /outputPadding 2×2 with stride 2×2 .*fewer pixels than the stride/,
    ],
    'padding that leaves nothing': [[1, 1, 1, 1], [1, 1, 3, 3], { padding: 2 }, /at least one pixel.*less padding/],
    'half a pixel more': [[1, 1, 4, 4], [1, 1, 3, 3], { stride: 2, outputPadding: 0.5 }, /outputPadding 0.5/],
  };
  for (const [title, [x, w, options, sentence]] of Object.entries(refused)) {
    it(`refuses ${title}`, () => {
      const graph = new Graph();
      const apply = () => convTranspose2d(graph.state('x', x), graph.state('w', w), options);
      expect(apply).toThrow(
        expect.objectContaining({ code: 'shape', place: 'convTranspose2d', message: expect.stringMatching(sentence) }),
      );
    });
  }
});
