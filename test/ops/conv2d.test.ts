import { describe, expect, it } from 'vitest';
import { Formulas } from '../../src/graph/evaluate.js';
import { Graph } from '../../src/graph/graph.js';
import { gradients } from '../../src/graph/tape.js';
import { conv2d, conv2dGradW, conv2dGradX } from '../../src/ops/conv2d.js';
import { conv1d } from '../../src/ops/conv1d.js';
import { convAttrs, type Conv2dOptions } from '../../src/ops/convWindow.js';
import { valuesOf } from './stepped.js';
import type { Shape } from '../../src/core/shape.js';
import { checkCalculus } from '../support/calculus.js';

interface ConvCase {
  readonly x: Shape;
  readonly w: Shape;
  readonly options?: Conv2dOptions;
}

/** Each setting alone, then all of them together; sides odd and unequal. */
const cases: Readonly<Record<string, ConvCase>> = {
  'one pixel, one channel, one filter': { x: [1, 1, 1, 1], w: [1, 1, 1, 1] },
  'two channels, three filters': { x: [2, 2, 5, 4], w: [3, 2, 3, 2] },
  'a window as large as the image': { x: [2, 1, 3, 4], w: [2, 1, 3, 4] },
  'stride 2': { x: [2, 2, 6, 7], w: [2, 2, 3, 3], options: { stride: 2 } },
  'a stride past the window': { x: [1, 2, 8, 7], w: [2, 2, 2, 2], options: { stride: 3 } },
  'padding 1': { x: [2, 2, 4, 3], w: [2, 2, 3, 3], options: { padding: 1 } },
  'more padding than window': { x: [1, 1, 3, 3], w: [2, 1, 2, 2], options: { padding: 3 } },
  'dilation 2': { x: [1, 2, 6, 7], w: [2, 2, 3, 3], options: { dilation: 2 } },
  'two groups': { x: [2, 4, 4, 4], w: [6, 2, 3, 3], options: { groups: 2 } },
  'a group for each channel': { x: [2, 3, 4, 4], w: [3, 1, 3, 3], options: { groups: 3 } },
  'padding on two sides alone': {
    x: [1, 2, 4, 5],
    w: [2, 2, 3, 2],
    options: {
      padding: [
        [0, 2],
        [3, 0],
      ],
    },
  },
  'as many results as pixels': { x: [1, 2, 4, 5], w: [2, 2, 2, 4], options: { padding: 'same', dilation: [3, 1] } },
  'all at once, rows and columns apart': {
    x: [2, 4, 7, 9],
    w: [6, 2, 3, 2],
    options: { stride: [2, 3], padding: [2, 1], dilation: [1, 3], groups: 2 },
  },
};

describe('the gradients of conv2d are its derivatives', () => {
  for (const [title, { x, w, options }] of Object.entries(cases)) {
    checkCalculus(title, {
      inputs: { x, w },
      build: ({ x: images, w: filters }) => conv2d(images!, filters!, options),
    });
  }
});

describe('the gradients of the gradients of conv2d are their derivatives', () => {
  const attrs = { stride: [2, 1], padding: [1, 0], dilation: [1, 2], groups: 2 } as const;
  const [x, w, dy] = [
    [2, 4, 5, 6],
    [2, 2, 3, 2],
    [2, 2, 3, 4],
  ] as const;
  checkCalculus('conv2dGradX', {
    inputs: { dy, w },
    build: ({ dy: slopes, w: filters }) => conv2dGradX.one([slopes!, filters!], { ...attrs, image: [5, 6] }),
  });
  checkCalculus('conv2dGradW', {
    inputs: { dy, x },
    build: ({ dy: slopes, x: images }) => conv2dGradW.one([slopes!, images!], { ...attrs, window: [3, 2] }),
  });
});

describe('conv2d', () => {
  it('slides without flipping the filter', () => {
    const graph = new Graph();
    const x = graph.state('x', [1, 1, 1, 4]);
    const w = graph.state('w', [1, 1, 1, 2]);
    const y = conv2d(x, w);
    const formulas = new Formulas(graph);
    formulas.set(x, [1, 2, 3, 4]);
    formulas.set(w, [10, 1]);
    expect([...formulas.read(y).data]).toEqual([12, 23, 34]);
  });

  it('with padding same has as many results as pixels; the odd zero goes to the end, as in PyTorch', () => {
    const same = (x: Shape, w: Shape) =>
      valuesOf([x, w], ([images, filters]) => conv2d(images!, filters!, { padding: 'same' }));
    expect(same([1, 1, 2, 3], [1, 1, 2, 2])).toEqual([7, 0, 0, -4, -2, 4]);
    const line = (dilation: number) =>
      valuesOf(
        [
          [1, 1, 4],
          [1, 1, 2],
        ],
        ([x, w]) => conv1d(x!, w!, { padding: 'same', dilation }),
      );
    expect(line(1)).toEqual([5, 2, -1, -2]);
    expect(line(3)).toEqual([0, 3, 2, 0]);
  });

  it('with padding valid has none', () => {
    const graph = new Graph();
    const [x, w] = [graph.state('x', [1, 1, 5, 4]), graph.state('w', [1, 1, 2, 3])];
    expect(conv2d(x, w, { padding: 'valid', stride: 2 }).shape).toEqual([1, 1, 2, 1]);
  });

  it('in one dimension gives PyTorch’s values with stride, padding, dilation and groups', () => {
    const found = valuesOf(
      [
        [1, 2, 5],
        [2, 1, 3],
      ],
      ([x, w]) => conv1d(x!, w!, { stride: 2, padding: 2, dilation: 2, groups: 2 }),
    );
    expect(found).toEqual([2, 4, -2, -4, -6, 4]);
  });

  it('says equal settings in one way, so that equal convolutions are one', () => {
    const attrs = (padding: Conv2dOptions['padding']) => convAttrs('conv2d', { padding: padding ?? 0 }, [1, 1, 3, 3]);
    expect(
      attrs([
        [1, 1],
        [1, 1],
      ]),
    ).toEqual(attrs(1));
    expect(attrs('same')).toEqual(attrs([1, 1]));
    expect(attrs('valid')).toEqual(attrs(0));
  });

  it('never forms the gradient of the images when only the filters learn', () => {
    const graph = new Graph();
    const w = graph.state('w', [2, 1, 3, 3]);
    const y = conv2d(graph.state('x', [1, 1, 5, 5]), w);
    gradients(y, [w], graph.state('dy', y.shape));
    expect(graph.nodes.map(({ op }) => op)).toEqual(['conv2d', 'conv2dGradW']);
  });

  const refused: Readonly<Record<string, readonly [Shape, Shape, Conv2dOptions, RegExp]>> = {
    'images of three axes': [[1, 4, 4], [1, 1, 3, 3], {}, /x \[1, 4, 4\]; wanted x \[N, C, H, W\]/],
    'filters of other channels': [[1, 2, 4, 4], [1, 3, 3, 3], {}, /2 channels and 1 filters of 3 channels/],
    'groups that do not divide the filters': [[1, 2, 4, 4], [3, 1, 3, 3], { groups: 2 }, /in 2 groups/],
    'a window past the image': [[1, 1, 4, 4], [1, 1, 5, 5], {}, /5×5 window .* on a 4×4 image .*Add padding/],
    'a dilated window past the image': [[1, 1, 4, 4], [1, 1, 3, 3], { dilation: 2 }, /dilation 2×2/],
    'stride 0': [[1, 1, 4, 4], [1, 1, 3, 3], { stride: 0 }, /stride 0; wanted a whole number of at least 1/],
    'half a pixel of padding': [[1, 1, 4, 4], [1, 1, 3, 3], { padding: 0.5 }, /padding 0.5/],
    'padding below zero at the end': [
      [1, 1, 4, 4],
      [1, 1, 3, 3],
      {
        padding: [
          [0, 0],
          [0, -1],
        ],
      },
      /padding -1/,
    ],
    'as many results as pixels with stride 2': [
      [1, 1, 4, 4],
      [1, 1, 3, 3],
      { padding: 'same', stride: [1, 2] },
      /'same' with stride 1×2; wanted stride 1/,
    ],
    'a window past what two sides pad': [
      [1, 1, 4, 4],
      [1, 1, 6, 1],
      {
        padding: [
          [0, 1],
          [0, 0],
        ],
      },
      /padding \[0, 0\] before and \[1, 0\] after/,
    ],
  };
  for (const [title, [x, w, options, sentence]] of Object.entries(refused)) {
    it(`refuses ${title}`, () => {
      const graph = new Graph();
      const apply = () => conv2d(graph.state('x', x), graph.state('w', w), options);
      expect(apply).toThrow(expect.objectContaining({ code: 'shape', message: expect.stringMatching(sentence) }));
    });
  }
});
