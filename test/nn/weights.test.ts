import { describe, expect, it } from 'vitest';
import { nets, tutorial } from '../../src/nn/nets.js';
import { initialWeights, mustFitNet, type WeightTensor } from '../../src/nn/weights.js';

describe('initialWeights', () => {
  const net = tutorial();
  const weights = initialWeights(net, 1);

  it('has every parameter of the net in its shape, and fits the net', () => {
    for (const make of Object.values(nets)) expect(() => mustFitNet(make(), initialWeights(make(), 3))).not.toThrow();
    expect([...weights.keys()]).toEqual(net.parameters.map(({ name }) => name));
  });

  it('draws from ±1/√fanIn, all of it, with the mean and spread of equal chances', () => {
    for (const { name, fanIn } of net.parameters) {
      const bound = Math.fround(1 / Math.sqrt(fanIn));
      const data = [...(weights.get(name)?.data ?? [])];
      expect(data.every((value) => Math.abs(value) <= bound)).toBe(true);
      if (data.length < 800) continue;
      expect(Math.max(...data)).toBeGreaterThan(0.98 * bound);
      expect(Math.min(...data)).toBeLessThan(-0.98 * bound);
      const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
      expect(Math.abs(mean)).toBeLessThan((5 * bound) / Math.sqrt(3 * data.length));
    }
  });

  it('is the same for the same seed, and another for another', () => {
    expect(initialWeights(net, 1)).toEqual(weights);
    for (const [name, { data }] of initialWeights(net, 2)) expect(data).not.toEqual(weights.get(name)?.data);
  });

  it('gives no two parameters the same numbers', () => {
    const first = net.parameters.map(({ name, fanIn }) =>
      ((weights.get(name)?.data[0] ?? NaN) * Math.sqrt(fanIn)).toFixed(6),
    );
    expect(new Set(first).size).toBe(first.length);
  });
});

describe('mustFitNet', () => {
  const net = tutorial();
  const changed = (change: (weights: Map<string, WeightTensor>) => void) => () => {
    const weights = new Map(initialWeights(net, 1));
    change(weights);
    mustFitNet(net, weights);
  };
  const refusal = (sentence: RegExp) =>
    expect.objectContaining({ code: 'weights', message: expect.stringMatching(sentence) });

  it('names every parameter that is missing, misshapen, of another length or unknown', () => {
    const { data } = initialWeights(net, 1).get('fc3.bias')!;
    expect(changed((weights) => weights.delete('fc1.bias'))).toThrow(
      refusal(/weights with no fc1.bias; wanted conv1.weight \[6, 1, 3, 3\]/),
    );
    expect(changed((weights) => weights.set('fc3.bias', { shape: [2, 5], data }))).toThrow(
      refusal(/fc3.bias \[2, 5\] instead of \[10\]/),
    );
    expect(changed((weights) => weights.set('fc3.bias', { shape: [10], data: data.slice(1) }))).toThrow(
      refusal(/fc3.bias with 9 values/),
    );
    expect(changed((weights) => weights.set('fc9.bias', { shape: [10], data }))).toThrow(
      refusal(/fc9.bias, which the net does not have/),
    );
    expect(
      changed((weights) => {
        weights.delete('conv1.weight');
        weights.set('conv9.weight', { shape: [10], data });
      }),
    ).toThrow(refusal(/no conv1.weight; conv9.weight, which/));
  });
});
