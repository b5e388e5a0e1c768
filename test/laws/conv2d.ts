import type { Shape } from '../../src/core/shape.js';
import { add } from '../../src/ops/arithmetic.js';
import { gradients } from '../../src/graph/tape.js';
import { convTranspose1d } from '../../src/ops/conv1d.js';
import { conv2d, conv2dGradW, conv2dGradX } from '../../src/ops/conv2d.js';
import { convTranspose2d } from '../../src/ops/convTranspose2d.js';
import { convAttrs, convShape, type Conv2dOptions } from '../../src/ops/convWindow.js';
import { relu } from '../../src/ops/relu.js';
import { reshape } from '../../src/ops/reshape.js';
import { kernelLaw } from '../support/checkOp.js';
import type { GpuLaw } from '../support/gpuLaw.js';

interface ConvCase {
  readonly x: Shape;
  readonly w: Shape;
  readonly options?: Conv2dOptions;
}

/** Each setting alone, then together; sides of 1, 3, 7, 17 and 255; counts that no tile divides. */
export const convCases: Readonly<Record<string, ConvCase>> = {
  'one of everything': { x: [1, 1, 1, 1], w: [1, 1, 1, 1] },
  'a window as large as the image': { x: [3, 2, 3, 7], w: [5, 2, 3, 7] },
  '1×1 windows over many channels': { x: [2, 34, 3, 7], w: [7, 34, 1, 1] },
  'the first layer of a small net': { x: [3, 1, 28, 28], w: [6, 1, 3, 3] },
  'the second layer of a small net': { x: [3, 6, 13, 13], w: [16, 6, 3, 3] },
  'eight channels, ten filters': { x: [2, 8, 7, 17], w: [10, 8, 3, 3] },
  'rows that no tile divides, 17 filters': { x: [1, 2, 5, 17], w: [17, 2, 3, 3], options: { padding: 1 } },
  'rows of 255 pixels': { x: [1, 2, 3, 255], w: [3, 2, 3, 3], options: { padding: [1, 0] } },
  'columns of 255 pixels': { x: [1, 1, 255, 3], w: [2, 1, 7, 1], options: { stride: [2, 1] } },
  'stride 2': { x: [2, 3, 17, 17], w: [4, 3, 3, 3], options: { stride: 2 } },
  'stride past the window': { x: [2, 2, 8, 31], w: [3, 2, 2, 2], options: { stride: 3 } },
  'padding 1': { x: [2, 2, 7, 17], w: [3, 2, 3, 3], options: { padding: 1 } },
  'more padding than window': { x: [1, 2, 3, 3], w: [3, 2, 2, 2], options: { padding: 3 } },
  'dilation 2': { x: [1, 2, 9, 17], w: [3, 2, 3, 3], options: { dilation: 2 } },
  'three groups': { x: [2, 6, 7, 7], w: [9, 2, 3, 3], options: { groups: 3 } },
  'a group for each channel, 7×7 windows': { x: [1, 3, 9, 30], w: [3, 1, 7, 7], options: { groups: 3, padding: 3 } },
  'windows of 17 columns': { x: [1, 2, 3, 40], w: [2, 2, 2, 17] },
  'padding on two sides alone': {
    x: [2, 3, 6, 9],
    w: [4, 3, 2, 3],
    options: {
      padding: [
        [0, 2],
        [3, 0],
      ],
    },
  },
  'a row and a column more at the end': {
    x: [2, 2, 8, 8],
    w: [9, 2, 2, 2],
    options: { padding: 'same' },
  },
  'padding at the end of long rows, stride 2': {
    x: [1, 2, 5, 33],
    w: [3, 2, 3, 3],
    options: {
      stride: 2,
      padding: [
        [0, 1],
        [0, 2],
      ],
    },
  },
  'a group for each channel, two filters each, as many results as pixels': {
    x: [2, 5, 7, 19],
    w: [10, 1, 4, 3],
    options: { padding: 'same', dilation: [1, 2], groups: 5 },
  },
  'signals of one row': { x: [2, 3, 1, 41], w: [5, 3, 1, 5], options: { padding: [0, 2] } },
  'stride, padding, dilation and groups at once': {
    x: [2, 4, 7, 33],
    w: [6, 2, 3, 2],
    options: { stride: [3, 2], padding: [2, 1], dilation: [1, 3], groups: 2 },
  },
};

const lawsOf = ([title, { x, w, options = {} }]: readonly [string, ConvCase]): readonly GpuLaw[] => {
  const attrs = convAttrs('conv2d', options, w);
  const [, , H = 1, W = 1] = x;
  const [, , R = 1, S = 1] = w;
  const dy = convShape('conv2d', x, w, attrs);
  return [
    kernelLaw(`conv2d: ${title}`, { inputs: { x, w }, build: (by) => conv2d(by['x']!, by['w']!, options) }),
    kernelLaw(`conv2dGradX: ${title}`, {
      inputs: { dy, w },
      build: (by) => conv2dGradX.one([by['dy']!, by['w']!], { ...attrs, image: [H, W] }),
    }),
    kernelLaw(`conv2dGradW: ${title}`, {
      inputs: { dy, x },
      build: (by) => conv2dGradW.one([by['dy']!, by['x']!], { ...attrs, window: [R, S] }),
    }),
  ];
};

/** What the kernel takes in: each link alone, all of them, and operands in either order. */
const runs: readonly GpuLaw[] = [
  kernelLaw('conv2d, bias', {
    inputs: { x: [2, 3, 7, 17], w: [5, 3, 3, 3], b: [5] },
    build: ({ x, w, b }) => add(conv2d(x!, w!), reshape(b!, [5, 1, 1])),
  }),
  kernelLaw('conv2d, relu', {
    inputs: { x: [2, 3, 7, 17], w: [5, 3, 3, 3] },
    build: ({ x, w }) => relu(conv2d(x!, w!)),
  }),
  kernelLaw('conv2d, bias on the left, relu', {
    inputs: { x: [2, 1, 28, 28], w: [6, 1, 3, 3], b: [6] },
    build: ({ x, w, b }) => relu(add(reshape(b!, [1, 6, 1, 1]), conv2d(x!, w!))),
  }),
  kernelLaw('conv2d, bias, relu with groups and padding', {
    inputs: { x: [2, 6, 7, 17], w: [10, 3, 3, 3], b: [10] },
    build: ({ x, w, b }) => relu(add(conv2d(x!, w!, { padding: 1, groups: 2 }), reshape(b!, [10, 1, 1]))),
  }),
];

/** Windows that a transposed convolution has more pixels for, or fewer, than its own settings would make of the image. */
const transposed: readonly GpuLaw[] = [
  kernelLaw('convTranspose2d and its gradients: pixels more at the end, groups', {
    inputs: { x: [2, 4, 3, 5], w: [4, 3, 3, 2] },
    build: ({ x, w }) => {
      const y = convTranspose2d(x!, w!, {
        stride: [2, 1],
        dilation: [1, 3],
        padding: 1,
        outputPadding: [1, 2],
        groups: 2,
      });
      return [y, ...gradients(y, [x!, w!], y)];
    },
  }),
  kernelLaw('convTranspose1d and its gradients', {
    inputs: { x: [2, 3, 11], w: [3, 2, 4] },
    build: ({ x, w }) => {
      const y = convTranspose1d(x!, w!, { stride: 3, padding: [2, 1], outputPadding: 2 });
      return [y, ...gradients(y, [x!, w!], y)];
    },
  }),
];

export const convLaws: readonly GpuLaw[] = [...Object.entries(convCases).flatMap(lawsOf), ...runs, ...transposed];
