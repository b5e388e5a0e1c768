import { describe, expect, it } from 'vitest';
import { evaluate } from '../../src/engine/evaluate.js';
import { mul } from '../../src/ops/arithmetic.js';
import { relu } from '../../src/ops/relu.js';

const x = { shape: [3], data: Float32Array.of(-1, 2, 3) };
const y = { shape: [3], data: Float32Array.of(5, 6, 7) };

describe('evaluate without a GPU', () => {
  it('computes a value and the gradients of its sum', async () => {
    const { shape, value, gradients } = await evaluate(({ x: a, y: b }) => mul(relu(a), b), { x, y });
    expect(shape).toEqual([3]);
    expect([...value]).toEqual([0, 12, 21]);
    expect([...gradients['x']!]).toEqual([0, 6, 7]);
    expect([...gradients['y']!]).toEqual([0, 2, 3]);
  });
  it('gives the wanted gradients and no others', async () => {
    const { gradients } = await evaluate(({ x: a, y: b }) => mul(a, b), { x, y }, { gradients: ['y'] });
    expect(Object.keys(gradients)).toEqual(['y']);
    const none = await evaluate(({ x: a, y: b }) => mul(a, b), { x, y }, { gradients: [] });
    expect(none.gradients).toEqual({});
  });
  it('gives an input back as it came', async () => {
    const { value, gradients } = await evaluate(({ x: a }) => a, { x });
    expect([...value]).toEqual([-1, 2, 3]);
    expect([...gradients['x']!]).toEqual([1, 1, 1]);
  });
  it('refuses a gradient of an input that there is not', async () => {
    const asked = evaluate(({ x: a }) => relu(a), { x }, { gradients: ['z'] });
    await expect(asked).rejects.toMatchObject({ code: 'usage' });
  });
  it('refuses an input that the value does not depend on, unless its gradient is not asked for', async () => {
    await expect(evaluate(({ x: a }) => relu(a), { x, y })).rejects.toMatchObject({ code: 'graph' });
    const { value } = await evaluate(({ x: a }) => relu(a), { x, y }, { gradients: ['x'] });
    expect([...value]).toEqual([0, 2, 3]);
  });
  it('rejects, and does not throw, what the ops throw', async () => {
    const wrong = evaluate(() => {
      throw new Error('no such op');
    }, {});
    await expect(wrong).rejects.toThrow('no such op');
  });
});
