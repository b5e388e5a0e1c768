import { describe, expect, it } from 'vitest';
import { BATCHES, peerLayers, perform, type Peer } from '../../../bench/peers/contract.js';
import { materialOf } from '../../../bench/peers/server.js';
import { benchNets } from '../../../bench/benchNets.js';

describe('the layers that peers build from', () => {
  for (const [name, net] of Object.entries(benchNets)) {
    it(`${name} has the parameters of Weft’s net, in its order`, () => {
      const named = (peerLayers[name] ?? []).flatMap((layer) =>
        'name' in layer ? [`${layer.name}.weight`, `${layer.name}.bias`] : [],
      );
      expect(named).toEqual(net().parameters.map((parameter) => parameter.name));
    });

    it(`${name} has as many layers of each kind`, () => {
      const kinds = (peerLayers[name] ?? []).map(({ kind }) => kind);
      const labels = net().layers.map(({ label }) => label.split(' ')[0]?.replace(/2d$/, '').toLowerCase());
      expect(kinds.map((kind) => (kind === 'pool' ? 'maxpool' : kind))).toEqual(labels);
    });
  }
});

describe('the material', () => {
  const net = benchNets.tutorial();
  const task = { net: 'tutorial', batch: 4, inferenceBatch: 8 };
  const { listed, weights, images, labels } = materialOf(net, task);

  it('has every weight once, in the order that it lists', () => {
    const sizes = listed.weights.map(({ shape }) => shape.reduce((product, length) => product * length, 1));
    expect(weights.length).toBe(4 * sizes.reduce((sum, size) => sum + size, 0));
    expect(weights.length).toBe(net.bytes);
  });

  it('has the images of all batches', () => {
    expect(labels.length).toBe(BATCHES * task.batch);
    expect(images.length).toBe(784 * labels.length);
  });

  it('has enough whole batches to pass the images of an inference at once', () => {
    const { labels: more } = materialOf(net, { ...task, inferenceBatch: 66 });
    expect(more.length).toBe(68);
  });

  it('is the same every time', () => {
    const again = materialOf(net, task);
    expect(Buffer.compare(again.weights, weights)).toBe(0);
    expect(Buffer.compare(again.images, images)).toBe(0);
  });
});

it('a command reaches the peer’s method of that name, with its count', async () => {
  const peer: Peer = {
    about: '',
    losses: async (steps) => Array.from({ length: steps }, (_, i) => i),
    train: async (steps) => steps,
    infer: async (times) => 10 * times,
    matmul: async (size, times) => size * times,
  };
  expect(await perform(peer, { kind: 'losses', count: 2 })).toEqual({ kind: 'losses', losses: [0, 1] });
  expect(await perform(peer, { kind: 'train', count: 3 })).toEqual({ kind: 'time', ms: 3 });
  expect(await perform(peer, { kind: 'infer', count: 3 })).toEqual({ kind: 'time', ms: 30 });
  expect(await perform(peer, { kind: 'matmul', size: 5, count: 3 })).toEqual({ kind: 'time', ms: 15 });
});
