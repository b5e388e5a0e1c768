// The wasm backend of TensorFlow.js has no gradient of a convolution by its filter, so it cannot train a convolution as
// it comes. Here that gradient is written out of its own ops, which the notes under the table say.

import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { servePeer } from './page.js';
import { openTfjs, type Convolve } from './tfjs.js';

/**
 * dw[r,s,c,k] = Σ_{n,p,q} x[n, p+r, q+s, c] · dy[n, p, q, k]: the windows of x as the columns of a matrix, times dy.
 */
function gradientByFilter(x: Tensor4D, dy: Tensor4D, [R, S, C, K]: readonly number[]): Tensor4D {
  const [N, P, Q] = dy.shape;
  const [height = 0, width = 0, channels = 0, filters = 0] = [R, S, C, K];
  const windows: Tensor[] = [];
  for (let r = 0; r < height; r++) {
    for (let s = 0; s < width; s++) windows.push(tf.slice(x, [0, r, s, 0], [N, P, Q, channels]));
  }
  const columns = tf.reshape(tf.concat(windows, 3), [N * P * Q, height * width * channels]);
  // Transposed first: the backend's fast product takes both operands as they lie.
  const product = tf.matMul(tf.transpose(columns) as Tensor2D, tf.reshape(dy, [N * P * Q, filters]) as Tensor2D);
  return tf.reshape(product, [height, width, channels, filters]) as Tensor4D;
}

const padded = (x: Tensor4D, padding: number): Tensor4D => {
  const edge: [number, number] = [padding, padding];
  return padding === 0 ? x : (tf.pad(x, [[0, 0], edge, edge, [0, 0]]) as Tensor4D);
};

/** The first layer's images want no gradient, and outlive the step. */
const convolveImages = (images: Tensor4D, w: Tensor4D, padding: number): Tensor =>
  tf.customGrad((filter) => ({
    value: tf.conv2d(padded(images, padding), filter as Tensor4D, 1, 'valid'),
    gradFunc: (dy) => gradientByFilter(padded(images, padding), dy as Tensor4D, w.shape),
  }))(w);

const convolveInside = tf.customGrad((x, w, save) => {
  const [image, filter] = [x as Tensor4D, w as Tensor4D];
  // Whatever is not saved is gone when the gradient is wanted.
  save([image, filter]);
  return {
    value: tf.conv2d(image, filter, 1, 'valid'),
    gradFunc: (dy, saved) => {
      const [kept, by] = saved as [Tensor4D, Tensor4D];
      const above = dy as Tensor4D;
      return [tf.conv2dTranspose(above, by, kept.shape, 1, 'valid'), gradientByFilter(kept, above, by.shape)];
    },
  };
});

const convolve: Convolve = (x, w, bias, padding) => {
  const y = x.shape[3] === 1 ? convolveImages(x, w, padding) : convolveInside(padded(x, padding), w);
  return tf.add(y, bias) as Tensor4D;
};

setWasmPaths('/wasm/');
setThreadsCount(navigator.hardwareConcurrency);
const about = '4.22.0 wasm, simd and threads; gradient by filters written here, which the backend lacks';
servePeer((material) => openTfjs({ backend: 'wasm', about, convolve }, material));
