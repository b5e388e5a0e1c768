import { describe, expect, it } from 'vitest';
import { conv2d, dense, flatten, relu } from '../../src/nn/layers.js';
import { sequential } from '../../src/nn/net.js';
import { headOf, transferText, transferWeights } from '../../src/nn/transfer.js';
import { initialWeights } from '../../src/nn/weights.js';

const net = (classes: number) =>
  sequential('net', [1, 6, 6], conv2d(2, 3), relu(), flatten(), dense(5), dense(classes));
const trained = initialWeights(net(10), 9);

describe('weights of another net', () => {
  it('are taken by name where the shapes agree; the head of other classes begins anew from the seed', () => {
    const { weights, taken, fresh, unused } = transferWeights(net(3), trained, { seed: 4 });
    expect(taken).toEqual(['conv1.weight', 'conv1.bias', 'fc1.weight', 'fc1.bias']);
    for (const name of taken) expect(weights.get(name)).toBe(trained.get(name));
    expect(fresh.map(({ name }) => name)).toEqual(['fc2.weight', 'fc2.bias']);
    expect(fresh[0]?.reason).toBe('[10, 5] among the given, [3, 5] here');
    for (const { name } of fresh) expect(weights.get(name)).toEqual(initialWeights(net(3), 4).get(name));
    expect(unused).toEqual([]);
  });

  it('begin anew where that is asked for, by pattern', () => {
    const { fresh } = transferWeights(net(10), trained, { fresh: ['fc2.*', /conv1\.b/] });
    expect(fresh).toEqual(['conv1.bias', 'fc2.weight', 'fc2.bias'].map((name) => ({ name, reason: 'as asked' })));
  });

  it('have a head, the last layer with parameters', () => {
    expect(headOf(net(10))).toBe('fc2.*');
    expect(transferWeights(net(10), trained, { fresh: [headOf(net(10))] }).fresh.map(({ name }) => name)).toEqual([
      'fc2.weight',
      'fc2.bias',
    ]);
  });

  it('are reported in words: what was taken, what begins anew and why, what has no place', () => {
    const given = new Map([...trained, ['old.weight', { shape: [1], data: new Float32Array(1) }] as const]);
    given.delete('conv1.bias');
    expect(transferText(transferWeights(net(10), given)).split('\n')).toEqual([
      'taken: conv1.weight, fc1.weight, fc1.bias, fc2.weight, fc2.bias',
      'anew: conv1.bias (not among the given)',
      'not used: old.weight',
    ]);
  });

  it('are refused if none can be taken, and so is a pattern that means nothing', () => {
    expect(() => transferWeights(net(10), new Map())).toThrow(expect.objectContaining({ code: 'weights' }));
    expect(() => transferWeights(net(10), trained, { fresh: ['head.*'] })).toThrow(
      expect.objectContaining({ code: 'usage' }),
    );
  });
});
