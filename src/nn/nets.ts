import { avgPool2d, conv2d, dense, flatten, maxPool2d, relu, tanh } from './layers.js';
import { sequential, type Net } from './net.js';

/** MNIST's images, and its ten digits. */
const IMAGE = [1, 28, 28];
const CLASSES = 10;

/** The tutorial's net: 60,074 parameters, 199,968 multiply-adds an image. */
export const tutorial = (): Net =>
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
    dense(CLASSES),
  );

/** Three blocks of convolution, activation and pool, then one dense layer; padding keeps each block's size until its pool. */
export const figure = (): Net =>
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
    dense(CLASSES),
  );

/** Many channels: where the time goes into one large convolution and one large dense layer. */
export const wide = (): Net =>
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
    dense(CLASSES),
  );

/**
 * LeNet-5 as it is taught today: means instead of pools with weights, every map sees every map, logits instead of radial
 * units; 61,706 parameters. LeCun et al. 1998, Gradient-based learning applied to document recognition, §II.B.
 */
export const lenet5 = (): Net =>
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
    dense(CLASSES),
  );

/** Two hidden dense layers, no convolution: 235,146 parameters. */
export const mlp = (): Net =>
  sequential('mlp', IMAGE, flatten(), dense(256), relu(), dense(128), relu(), dense(CLASSES));

/** The nets that come with the engine, by name. */
export const nets: Readonly<Record<string, () => Net>> = { tutorial, figure, wide, lenet5, mlp };
