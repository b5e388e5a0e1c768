import {
  avgPool2d,
  batchNorm,
  conv2d,
  dense,
  dropout,
  flatten,
  globalAvgPool,
  maxPool2d,
  relu,
  tanh,
} from './layers.js';
import type { Tensor } from '../graph/graph.js';
import { add } from '../ops/arithmetic.js';
import { functional, sequential, type Net } from './net.js';

/** MNIST's images, and its ten digits: every net can be made for another number of classes. */
const IMAGE = [1, 28, 28];
const CLASSES = 10;

/** The tutorial's net: 60,074 parameters, 199,968 multiply-adds an image. */
export const tutorial = (classes = CLASSES): Net =>
  sequential(
    'tutorial',
    IMAGE,
    conv2d(6, 3), // 26 × 26
    relu(),
    maxPool2d(2), // 13 × 13
    conv2d(16, 3), // 11 × 11
    relu(),
    maxPool2d(2), // 5 × 5
    flatten(),
    dense(120),
    relu(),
    dense(84),
    relu(),
    dense(classes),
  );

/** Three blocks of convolution, activation and pool, then one dense layer; padding keeps each block's size until its pool. */
export const figure = (classes = CLASSES): Net =>
  sequential(
    'figure',
    IMAGE,
    conv2d(8, 3, { padding: 1 }), // 28 × 28
    relu(),
    maxPool2d(2), // 14 × 14
    conv2d(16, 3, { padding: 1 }),
    relu(),
    maxPool2d(2), // 7 × 7
    conv2d(32, 3, { padding: 1 }),
    relu(),
    maxPool2d(2), // 3 × 3
    flatten(),
    dense(classes),
  );

/** Many channels: where the time goes into one large convolution and one large dense layer. */
export const wide = (classes = CLASSES): Net =>
  sequential(
    'wide',
    IMAGE,
    conv2d(32, 3), // 26 × 26
    relu(),
    conv2d(64, 3), // 24 × 24
    relu(),
    maxPool2d(2), // 12 × 12
    flatten(),
    dense(128),
    relu(),
    dense(classes),
  );

/**
 * LeNet-5 as it is taught today: means instead of pools with weights, every map sees every map, logits instead of radial
 * units; 61,706 parameters. LeCun et al. 1998, Gradient-based learning applied to document recognition, §II.B.
 */
export const lenet5 = (classes = CLASSES): Net =>
  sequential(
    'lenet5',
    IMAGE,
    conv2d(6, 5, { padding: 2 }), // 28 × 28
    tanh(),
    avgPool2d(2), // 14 × 14
    conv2d(16, 5), // 10 × 10
    tanh(),
    avgPool2d(2), // 5 × 5
    flatten(),
    dense(120),
    tanh(),
    dense(84),
    tanh(),
    dense(classes),
  );

/** Two hidden dense layers, no convolution: 235,146 parameters. */
export const mlp = (classes = CLASSES): Net =>
  sequential('mlp', IMAGE, flatten(), dense(256), relu(), dense(128), relu(), dense(classes));

/**
 * A small residual net: a stem and three blocks of two convolutions, of 16, 32 and 64 channels, each with batch norms and
 * a way around it; 77,754 parameters. He et al. 2015, arXiv 1512.03385, §4.2, with n = 1 halved.
 */
export const resnet = (classes = CLASSES): Net =>
  functional('resnet', IMAGE, (x, apply) => {
    const norm = (from: Tensor, channels: number, window: number, stride: number): Tensor => {
      const padding = (window - 1) / 2;
      return apply(batchNorm(), apply(conv2d(channels, window, { stride, padding, bias: false }), from));
    };
    const block = (from: Tensor, channels: number, stride: number): Tensor => {
      const inner = norm(apply(relu(), norm(from, channels, 3, stride)), channels, 3, 1);
      const around = stride === 1 ? from : norm(from, channels, 1, stride);
      return apply(relu(), add(inner, around));
    };
    const stem = apply(relu(), norm(x, 16, 3, 1)); // 28 × 28
    const last = block(block(block(stem, 16, 1), 32, 2), 64, 2); // 28, 14, 7
    return apply(dense(classes), apply(flatten(), apply(globalAvgPool(), last)));
  });

/**
 * Made for accuracy within few multiply-adds: four convolutions with batch norms, the first of them with a stride, then one
 * dense layer; 59,570 parameters, 2,063,200 multiply-adds an image.
 */
export const best = (classes = CLASSES): Net => {
  const block = (channels: number, window: number, options: { stride?: number; padding?: number } = {}) => [
    conv2d(channels, window, { ...options, bias: false }),
    batchNorm(),
    relu(),
  ];
  return sequential(
    'best',
    IMAGE,
    ...block(24, 5, { stride: 2, padding: 2 }), // 14 × 14
    ...block(32, 3), // 12 × 12
    maxPool2d(2), // 6 × 6
    ...block(48, 3, { padding: 1 }),
    ...block(64, 3), // 4 × 4
    flatten(),
    dropout(0.3),
    dense(classes),
  );
};

/** The nets that come with the engine, by name; each tells ten classes apart unless it is given another number. */
export const nets: Readonly<Record<string, (classes?: number) => Net>> = {
  tutorial,
  figure,
  wide,
  lenet5,
  mlp,
  resnet,
  best,
};
