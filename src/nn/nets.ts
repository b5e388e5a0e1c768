import { conv2d, dense, flatten, maxPool2d, relu } from './layers.js';
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

/** The nets that come with the engine, by name. */
export const nets: Readonly<Record<string, () => Net>> = { tutorial, figure, wide };
