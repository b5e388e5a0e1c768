// TensorFlow.js's page: NHWC, fused ops where they are, tidied steps, and no readback inside a block.

import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import type { Scalar, Tensor, Tensor2D, Tensor4D, Variable } from '@tensorflow/tfjs-core';
import { CLASSES, MOMENTUM, peerLayers, RATE, SIDE, type Peer, type PeerLayer } from './contract.js';
import { waves } from '../waves.js';
import { floatBatches, timed, type Material } from './page.js';

type Parameters = ReadonlyMap<string, Variable>;

/** A convolution with its bias, stride 1. */
export type Convolve = (x: Tensor4D, w: Tensor4D, bias: Tensor, padding: number) => Tensor4D;

const fusedConvolve =
  (activation: 'linear' | 'relu'): Convolve =>
  (x, filter, bias, pad) =>
    tf.fused.conv2d({ x, filter, bias, strides: 1, pad, activation });

export interface TfjsOptions {
  readonly backend: string;
  readonly about: string;
  /** For training, on a backend that lacks the gradient of its own. */
  readonly convolve?: Convolve;
}

export async function openTfjs({ backend, about, convolve }: TfjsOptions, material: Material): Promise<Peer> {
  if (!(await tf.setBackend(backend))) throw new Error(`TensorFlow.js has no ${backend} here`);
  await tf.ready();
  const { batch, inferenceBatch, net } = material.task;
  const layers = peerLayers[net] ?? [];
  const parameters = parametersOf(material, layers);
  const variables = [...parameters.values()];
  const batches = floatBatches(material).map(({ x, y }) => ({
    x: tf.tensor4d(x, [batch, SIDE, SIDE, 1]),
    y: tf.tensor2d(y, [batch, CLASSES]),
  }));
  const optimizer = tf.train.momentum(RATE, MOMENTUM);
  let steps = 0;
  /** The loss, which the caller disposes; everything else of the step is gone. */
  const advance = (): Scalar => {
    const { x, y } = batches[steps++ % batches.length] ?? { x: tf.zeros([0]), y: tf.zeros([0]) };
    const loss = optimizer.minimize(
      () => tf.losses.softmaxCrossEntropy(y, apply(layers, parameters, x as Tensor4D, convolve)),
      true,
      variables,
    );
    if (loss === null) throw new Error('no loss');
    return loss;
  };
  const images = tf.tensor4d(floatBatches(material, inferenceBatch)[0]?.x ?? [], [inferenceBatch, SIDE, SIDE, 1]);
  const matrices = new Map<number, readonly [Tensor2D, Tensor2D]>();

  const lossesOf = async (count: number): Promise<number[]> => {
    const losses: number[] = [];
    for (let i = 0; i < count; i++) losses.push(await lastOf(advance()));
    return losses;
  };
  /** One number of the last result is read: it is there when everything before it is done. */
  const repeat = (count: number, make: () => Tensor): Promise<number> =>
    timed(async () => {
      for (let i = 1; i < count; i++) make().dispose();
      await lastOf(make());
    });
  return {
    about,
    losses: lossesOf,
    train: (count) => repeat(count, advance),
    infer: (count) => repeat(count, () => tf.tidy(() => apply(layers, parameters, images))),
    matmul: (size, count) => {
      const [a, b] = matrices.get(size) ?? [0, 1].map((s) => tf.tensor2d(waves(size * size, s), [size, size]));
      if (a === undefined || b === undefined) return Promise.resolve(NaN);
      matrices.set(size, [a, b]);
      return repeat(count, () => tf.matMul(a, b));
    },
  };
}

async function lastOf(tensor: Tensor): Promise<number> {
  const last = tf.tidy(() => tf.slice(tf.reshape(tensor, [-1]), [tensor.size - 1], [1]));
  const [value = NaN] = await last.data();
  tensor.dispose();
  last.dispose();
  return value;
}

/** Filters as HWIO, dense weights as [in, out], and the columns of the layer after `flatten` as NHWC lays its input out. */
function parametersOf({ weights }: Material, layers: readonly PeerLayer[]): Parameters {
  const flattenAt = layers.findIndex(({ kind }) => kind === 'flatten');
  const first = layers.slice(flattenAt).find(({ kind }) => kind === 'dense');
  const last = layers.slice(0, flattenAt).findLast(({ kind }) => kind === 'conv');
  const channels = last?.kind === 'conv' ? (weights.get(`${last.name}.bias`)?.shape[0] ?? 0) : 0;
  const made = new Map<string, Variable>();
  for (const [name, { shape, data }] of weights) {
    const value = tf.tidy(() => {
      const tensor = tf.tensor(data, [...shape]);
      if (/^conv.*weight$/.test(name)) return tf.transpose(tensor, [2, 3, 1, 0]);
      if (!/^fc.*weight$/.test(name)) return tensor;
      if (first?.kind !== 'dense' || name !== `${first.name}.weight`) return tf.transpose(tensor);
      const [outputs = 0, inputs = 0] = shape;
      const side = Math.sqrt(inputs / channels);
      const split = tf.reshape(tensor, [outputs, channels, side, side]);
      return tf.reshape(tf.transpose(split, [2, 3, 1, 0]), [inputs, outputs]);
    });
    made.set(name, tf.variable(value, true, name));
    value.dispose();
  }
  return made;
}

/** x [N, 28, 28, 1] → logits [N, 10]. A relu right after a convolution or dense layer goes into it. */
function apply(layers: readonly PeerLayer[], p: Parameters, input: Tensor4D, convolve?: Convolve): Tensor2D {
  const use = (name: string): Tensor => {
    const variable = p.get(name);
    if (variable === undefined) throw new Error(`no parameter ${name}`);
    return variable;
  };
  let x: Tensor = input;
  layers.forEach((layer, position) => {
    const fuses = layers[position + 1]?.kind === 'relu';
    const fused = position > 0 && ['conv', 'dense'].includes(layers[position - 1]?.kind ?? '');
    const activation = fuses ? 'relu' : 'linear';
    if (layer.kind === 'conv') {
      const [w, bias] = [use(`${layer.name}.weight`) as Tensor4D, use(`${layer.name}.bias`)];
      const image = x as Tensor4D;
      if (convolve === undefined) x = fusedConvolve(activation)(image, w, bias, layer.padding);
      else x = fuses ? tf.relu(convolve(image, w, bias, layer.padding)) : convolve(image, w, bias, layer.padding);
    } else if (layer.kind === 'dense') {
      const [a, b, bias] = [x as Tensor2D, use(`${layer.name}.weight`) as Tensor2D, use(`${layer.name}.bias`)];
      x = tf.fused.matMul({ a, b, bias, activation });
    } else if (layer.kind === 'pool') x = tf.maxPool(x as Tensor4D, 2, 2, 'valid');
    else if (layer.kind === 'flatten') x = tf.reshape(x, [x.shape[0] ?? 0, -1]);
    else if (!fused) x = tf.relu(x);
  });
  return x as Tensor2D;
}
