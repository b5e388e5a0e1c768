// What is exported and held against the formulas: every layer of the door, and ops between layers.

import type { Shape } from '../../src/core/shape.js';
import type { Tensor } from '../../src/graph/graph.js';
import * as layers from '../../src/nn/layers.js';
import type { Layer } from '../../src/nn/layer.js';
import type { Apply } from '../../src/nn/net.js';
import * as ops from '../../src/ops/index.js';
import { someNumbers } from '../support/onnx.js';

const {
  adaptiveAvgPool1d,
  adaptiveAvgPool2d,
  adaptiveMaxPool1d,
  adaptiveMaxPool2d,
  avgPool1d,
  avgPool2d,
  batchNorm,
  conv1d,
  conv2d,
  convTranspose1d,
  convTranspose2d,
  dense,
  dropout,
  elu,
  embedding,
  flatten,
  gelu,
  globalAvgPool,
  globalMaxPool,
  groupNorm,
  layerNorm,
  leakyRelu,
  logSoftmax,
  maxPool1d,
  maxPool2d,
  relu,
  rmsNorm,
  sigmoid,
  silu,
  softmax,
  softplus,
  tanh,
} = layers;

export const IMAGE = [4, 7, 9];
const LINE = [4, 11];
export const ROW = [6];

/** Every layer of the door, each in the settings that change what it is in ONNX. */
export const each: readonly (readonly [string, Shape, readonly Layer[]])[] = [
  ['a convolution', IMAGE, [conv2d(6, 3)]],
  [
    'a convolution with stride, padding and dilation',
    IMAGE,
    [conv2d(6, [3, 2], { stride: [2, 1], padding: 2, dilation: [1, 3] })],
  ],
  ['a convolution with other padding at each side', IMAGE, [conv2d(3, [2, 4], { padding: 'same' })]],
  ['a convolution in groups without a bias', IMAGE, [conv2d(6, 3, { groups: 2, bias: false })]],
  ['a depthwise convolution', IMAGE, [conv2d(8, 3, { groups: 4, padding: 1 })]],
  ['a convolution of lines', LINE, [conv1d(5, 3, { stride: 2, padding: [2, 1] })]],
  ['a transposed convolution', IMAGE, [convTranspose2d(6, 3)]],
  [
    'a transposed convolution with all settings',
    IMAGE,
    [
      convTranspose2d(6, [2, 3], {
        stride: 3,
        padding: [
          [1, 0],
          [1, 2],
        ],
        outputPadding: [2, 1],
        dilation: [2, 1],
        groups: 2,
      }),
    ],
  ],
  ['a transposed convolution of lines', LINE, [convTranspose1d(3, 4, { stride: 2, padding: 1, bias: false })]],
  ['a max-pool', IMAGE, [maxPool2d(2)]],
  ['a max-pool that ends past the image', IMAGE, [maxPool2d(3, { stride: 2, padding: 1, ceilMode: true })]],
  ['a max-pool with holes and more padding than taps', IMAGE, [maxPool2d(2, { stride: 1, padding: 2, dilation: 4 })]],
  ['a max-pool that leaves pixels out', IMAGE, [maxPool2d(1, { stride: 4, ceilMode: true })]],
  ['a mean-pool', IMAGE, [avgPool2d(2)]],
  ['a mean-pool with padding', IMAGE, [avgPool2d(3, { stride: 2, padding: 1 })]],
  ['a mean-pool of the image alone', IMAGE, [avgPool2d(3, { stride: 2, padding: 1, countIncludePad: false })]],
  [
    'a mean-pool that ends past the image',
    IMAGE,
    [avgPool2d([3, 2], { stride: [3, 4], padding: [0, 1], ceilMode: true })],
  ],
  [
    'a mean-pool of the image alone that ends past it',
    IMAGE,
    [avgPool2d(4, { stride: 3, padding: 2, ceilMode: true, countIncludePad: false })],
  ],
  ['a mean-pool with a divisor of its own', IMAGE, [avgPool2d(3, { padding: 1, divisorOverride: 5 })]],
  ['pools of lines', LINE, [maxPool1d(2, { stride: 1 }), avgPool1d(3, { stride: 1, padding: 1 })]],
  ['equal adaptive pools', [2, 6, 8], [adaptiveAvgPool2d([3, 4]), adaptiveMaxPool2d([3, 2])]],
  ['adaptive means', IMAGE, [adaptiveAvgPool2d([3, 4])]],
  ['adaptive means of more windows than pixels', IMAGE, [adaptiveAvgPool2d([10, 4])]],
  ['adaptive maxima', IMAGE, [adaptiveMaxPool2d([3, 4])]],
  ['adaptive pools of lines', LINE, [adaptiveMaxPool1d(7), adaptiveAvgPool1d(3)]],
  ['global pools', IMAGE, [globalAvgPool(), conv2d(3, 1), globalMaxPool(), flatten()]],
  ['a dense layer', ROW, [dense(5)]],
  ['a dense layer without a bias', ROW, [dense(5, { bias: false })]],
  ['two dense layers of one size', ROW, [dense(6), dense(6)]],
  ['flatten', IMAGE, [flatten()]],
  ['dropout', ROW, [dropout(), dense(3), dropout(0.3)]],
  ['dropout alone', ROW, [dropout()]],
  ['relu', ROW, [relu()]],
  ['leakyRelu', ROW, [leakyRelu(), leakyRelu(0.3)]],
  ['elu', ROW, [elu(), elu(0.7)]],
  ['gelu', ROW, [gelu()]],
  ['gelu by tanh', ROW, [gelu({ approximate: 'tanh' })]],
  ['silu', ROW, [silu()]],
  ['sigmoid and tanh', ROW, [sigmoid(), tanh()]],
  ['softplus', ROW, [softplus()]],
  ['softplus with a beta', ROW, [softplus({ beta: 3 })]],
  ['softplus with a low threshold', ROW, [softplus({ beta: 2, threshold: 1 })]],
  ['softmax', ROW, [softmax()]],
  ['softmax of channels', IMAGE, [softmax(1)]],
  ['logSoftmax', ROW, [logSoftmax()]],
  ['logSoftmax of rows', IMAGE, [logSoftmax(2)]],
  ['a batch norm of images', IMAGE, [batchNorm()]],
  ['a batch norm of rows, without weights', ROW, [batchNorm({ affine: false, epsilon: 1e-3 })]],
  ['a layer norm', IMAGE, [layerNorm()]],
  ['a layer norm of images', IMAGE, [layerNorm({ axes: 3 })]],
  ['a layer norm without weights', ROW, [layerNorm({ affine: false, epsilon: 1e-2 })]],
  ['a root mean square norm', IMAGE, [rmsNorm({ axes: 2 }), rmsNorm({ affine: false })]],
  ['a group norm', IMAGE, [groupNorm(2)]],
  ['a group norm of rows', ROW, [groupNorm(3), groupNorm(1)]],
];

/** Ops between layers, as functions say them. */
export const said: readonly (readonly [string, Shape, (x: Tensor, apply: Apply) => Tensor])[] = [
  ['a residual', IMAGE, (x, apply) => ops.add(apply(conv2d(4, 3, { padding: 1 }), x), x)],
  [
    'a convolution that is read twice, before its bias and after',
    ROW,
    (x) => {
      const y = ops.matmul(x, ops.constant(x, [...someNumbers(36)], { shape: [6, 6] }), 'nt');
      return ops.mul(ops.add(y, ops.constant(x, [1, 2, 3, 4, 5, 6])), y);
    },
  ],
  [
    'places of a sequence',
    LINE,
    (x, apply) => {
      const places = ops.constant(
        x,
        Array.from({ length: 11 }, (_, i) => i),
        { dtype: 'u32' },
      );
      return apply(flatten(), ops.add(ops.permute(x, [0, 2, 1]), apply(embedding(11, 4), places)));
    },
  ],
  ['the place of the largest', ROW, (x) => ops.argmax(x, 1)],
  ['the row of the largest', ROW, (x, apply) => apply(embedding(6, 3), ops.argmax(x, 1))],
  [
    'rows that attend to each other',
    LINE,
    (x) => {
      const weights = ops.softmax(ops.scale(ops.matmulBatched(x, x, 'nt'), 1 / Math.sqrt(11)));
      return ops.matmulBatched(weights, x);
    },
  ],
  [
    'parts put together in another order',
    LINE,
    (x) => ops.concat([ops.slice(x, [undefined, { start: 2 }]), ops.slice(x, [undefined, { end: 3, step: 2 }])], 1),
  ],
  [
    'sums, means, extremes',
    IMAGE,
    (x) => ops.add(ops.add(ops.sum(x, [1, 3]), ops.mean(x, [1, 3])), ops.sub(ops.amax(x, [1, 3]), ops.amin(x, [1, 3]))),
  ],
  [
    'repeated and padded',
    ROW,
    (x) =>
      ops.pad(
        ops.broadcastTo(ops.reshape(x, [x.shape[0] ?? 1, 1, 6]), [x.shape[0] ?? 1, 2, 6]),
        [
          [0, 0],
          [1, 0],
          [2, 3],
        ],
        0.5,
      ),
  ],
  [
    'arithmetic',
    ROW,
    (x) => {
      const size = ops.shift(ops.square(x), 0.25);
      const powers = ops.maximum(ops.sqrt(size), ops.pow(size, 1.5));
      return ops.div(
        ops.minimum(ops.exp(ops.neg(x)), ops.log(size)),
        ops.add(powers, ops.clamp(ops.erf(ops.abs(x)), { min: 0.2 })),
      );
    },
  ],
  ['signs and equals', ROW, (x) => ops.add(ops.sign(x), ops.equal(ops.clamp(x, { max: 0.1 }), x))],
];
