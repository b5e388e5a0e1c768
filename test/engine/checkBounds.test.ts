import { describe, expect, it } from 'vitest';
import { sizeOf, type Shape } from '../../src/core/shape.js';
import { Elements, valuesOf } from '../../src/engine/checkBounds.js';
import { Graph, type Tensor } from '../../src/graph/graph.js';
import { gamma } from '../../src/graph/op.js';
import { add, mul } from '../../src/ops/arithmetic.js';
import { conv2d } from '../../src/ops/conv2d.js';
import { matmul } from '../../src/ops/matmul.js';
import { maxPool2d } from '../../src/ops/maxPool2d.js';
import { sum } from '../../src/ops/reduce.js';
import { relu, reluGrad } from '../../src/ops/relu.js';
import { reshape } from '../../src/ops/reshape.js';
import { scale } from '../../src/ops/scale.js';
import { crossEntropyRows, softmax } from '../../src/ops/softmax.js';

const ones = new Elements((state) => valuesOf(state.shape, new Array<number>(sizeOf(state.shape)).fill(1)));

describe('the bound of a chain is that of its roundings, and not of what is added on the way', () => {
  const graph = new Graph();
  let states = 0;
  const state = (shape: Shape): Tensor => graph.state(`s${states++}`, shape);
  const roundings = (tensor: Tensor, index: readonly number[]): number => ones.bound(tensor, index) / gamma(1);

  it('a product and a bias: γ₅·4 of the product, γ₂·5 of the sum', () => {
    const product = matmul(state([2, 4]), state([4, 3]));
    expect(roundings(add(product, state([3])), [0, 0])).toBeCloseTo(5 * 4 + 2 * 5, 4);
    expect(roundings(add(state([3]), product), [0, 0])).toBeCloseTo(5 * 4 + 2 * 5, 4);
  });

  it('a convolution, its bias, relu and a pool, as they are fused', () => {
    const y = conv2d(state([1, 1, 3, 3]), state([1, 1, 2, 2]));
    const pooled = maxPool2d(relu(add(y, reshape(state([1]), [1, 1, 1]))), { window: 2 });
    expect(roundings(pooled, [0, 0, 0, 0])).toBeCloseTo(5 * 4 + 2 * 5, 4);
  });

  it('a factor takes the error with it, a copy leaves it as it is', () => {
    const twice = scale(state([3]), 2);
    expect(roundings(twice, [0])).toBeCloseTo(2 * 2, 4);
    expect(roundings(relu(twice), [0])).toBeCloseTo(2 * 2, 4);
    expect(roundings(mul(twice, twice), [0])).toBeCloseTo(2 * 4 + 2 * (2 * 2) * 2, 4);
  });

  it('a sum adds up the errors of its terms', () => {
    expect(roundings(sum(scale(state([7]), 1)), [])).toBeCloseTo(8 * 7 + 7 * 2, 4);
  });

  it('a gate that is surely open or shut lets no error through but that of what it gates', () => {
    const gate = relu(scale(state([3]), 1));
    expect(roundings(reluGrad.one([state([3]), gate], {}), [0])).toBe(0);
    expect(roundings(reluGrad.one([scale(state([3]), 1), gate], {}), [0])).toBeCloseTo(2, 4);
  });

  it('a gate that rounding may open or shut lets all of it through', () => {
    const sum = add(scale(state([3]), 1), scale(state([3]), -1));
    expect(ones.bound(reluGrad.one([state([3]), sum], {}), [0])).toBe(1);
  });
});

describe('the bounds of softmax and its loss stay small where logits are far apart', () => {
  const graph = new Graph();
  const logits = graph.state('logits', [1, 3]);
  const labels = graph.state('labels', [1], { dtype: 'u32' });
  const elements = new Elements((state) => valuesOf(state.shape, state === logits ? [1e30, -1e30, 0] : [1]));

  it('a probability of 1 or 0 is right to a few units', () => {
    const y = softmax(logits);
    expect([0, 1, 2].map((c) => elements.of(y).at(0, c))).toEqual([1, 0, 0]);
    expect(Math.max(...[0, 1, 2].map((c) => elements.bound(y, [0, c])))).toBeLessThan(2e-6);
  });

  it('a loss of 2·10³⁰ to a few units of its own', () => {
    const loss = crossEntropyRows(logits, labels);
    expect(elements.of(loss).at(0)).toBe(2e30);
    expect(elements.bound(loss, [0])).toBeLessThan(2e30 * 1e-6);
  });
});
