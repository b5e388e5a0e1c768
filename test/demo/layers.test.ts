import { describe, expect, it } from 'vitest';
import { lookOf } from '../../demo/work/layers.js';
import type { Inspection } from '../../src/index.js';

const upTo = (length: number): Float32Array<ArrayBuffer> => Float32Array.from({ length }, (_, i) => i);

/** A convolution of 20 filters, and 70 numbers after it. */
const inspection: Inspection = {
  input: { shape: [1, 3, 3], values: upTo(9), gradients: upTo(9) },
  probabilities: Float32Array.of(0.25, 0.75),
  loss: 1,
  layers: [
    {
      label: 'conv2d 20 2×2',
      shape: [20, 2, 2],
      values: upTo(80),
      gradients: upTo(80).map((value) => -value),
      weights: new Map([['conv1.weight', { shape: [20, 1, 2, 2], data: upTo(80) }]]),
      weightGradients: new Map([['conv1.weight', { shape: [20, 1, 2, 2], data: upTo(80).map((value) => value / 80) }]]),
    },
    { label: 'flatten', shape: [80], values: upTo(80), weights: new Map() },
    { label: 'dense 70', shape: [70], values: upTo(70), weights: new Map() },
  ],
};

describe('a look at every layer', () => {
  it('shows the first sixteen planes of a layer, with the range of all', () => {
    const { layers, image } = lookOf(inspection, { step: 3, gradients: false, label: 1 });
    expect([image.count, image.rows, image.columns]).toEqual([1, 3, 3]);
    const [filters, conv] = layers;
    expect([filters?.name, filters?.isWeights, filters?.there, filters?.count]).toEqual(['conv1.weight', true, 20, 16]);
    expect([conv?.isWeights, conv?.there, conv?.count, conv?.rows, conv?.columns]).toEqual([false, 20, 16, 2, 2]);
    expect([conv?.least, conv?.most]).toEqual([0, 79]);
    expect(conv?.values).toEqual(upTo(64));
  });

  it('wraps numbers without rows and columns, all of them, and leaves out what changes nothing', () => {
    const { layers } = lookOf(inspection, { step: 3, gradients: false, label: 1 });
    expect(layers.map(({ name }) => name)).toEqual(['conv1.weight', 'conv2d 20 2×2', 'dense 70']);
    const dense = layers[2];
    expect([dense?.count, dense?.rows, dense?.columns]).toEqual([1, 3, 24]);
    expect(dense?.values.slice(0, 70)).toEqual(upTo(70));
    const numbers = { label: 'relu', shape: [900, 1, 1], values: upTo(900), weights: new Map() };
    const [pooled] = lookOf({ ...inspection, layers: [numbers] }, { step: 3, gradients: false, label: 1 }).layers;
    expect([pooled?.isWhole, pooled?.count, pooled?.rows, pooled?.columns]).toEqual([true, 1, 15, 60]);
  });

  it('says what the net answers, and shows gradients of values and filters where they are asked for', () => {
    const plain = lookOf(inspection, { step: 3, gradients: false, label: undefined });
    expect([plain.answer, plain.confidence, plain.layers[0]?.most]).toEqual([1, 0.75, 79]);
    const { layers, image } = lookOf(inspection, { step: 3, gradients: true, label: 0 });
    expect(layers[0]?.name).toBe('conv1.weight');
    expect(layers[0]?.most).toBeCloseTo(79 / 80, 6);
    expect([layers[1]?.least, layers[1]?.most]).toEqual([-79, -0]);
    // What goes in is shown as it is, and what the loss does not feel as nothing.
    expect(image.most).toBe(8);
    expect(layers[2]?.most).toBe(0);
  });

  it('shows a matrix of weights whole, and neither biases nor more numbers than anyone could see', () => {
    const weightsOf = (...shapes: readonly number[][]) =>
      new Map(shapes.map((shape, i) => [`w${i}`, { shape, data: upTo(shape.reduce((all, size) => all * size, 1)) }]));
    const dense = { label: 'dense 4', shape: [4], values: upTo(4), weights: weightsOf([4, 70], [4], [1000, 101]) };
    const { layers } = lookOf({ ...inspection, layers: [dense] }, { step: 3, gradients: false, label: 1 });
    expect(layers.map(({ name, isWhole, count, rows, columns }) => [name, isWhole, count, rows, columns])).toEqual([
      ['w0', true, 1, 4, 70],
      ['dense 4', true, 1, 1, 4],
    ]);
  });

  it('owns its numbers: to send them away takes nothing from the net', () => {
    const { layers } = lookOf(inspection, { step: 0, gradients: false, label: 1 });
    expect(layers[0]?.values.buffer).not.toBe(inspection.layers[0]?.values.buffer);
  });
});
