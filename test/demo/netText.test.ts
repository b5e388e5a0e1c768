import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isPreset,
  layersOfNet,
  MOST_LAYERS,
  netOfLayers,
  RANGES,
  type LayerChoice,
} from '../../demo/protocol/netText.js';
import { netOf } from '../../demo/work/nets.js';

const whole = (name: 'filters' | 'window' | 'stride' | 'padding' | 'units') =>
  fc.integer({ min: RANGES[name][0], max: RANGES[name][1] });
const layer: fc.Arbitrary<LayerChoice> = fc.oneof(
  fc.record({
    kind: fc.constant('conv' as const),
    filters: whole('filters'),
    window: whole('window'),
    stride: whole('stride'),
    padding: whole('padding'),
  }),
  fc.constant({ kind: 'relu' as const }),
  fc.record({ kind: fc.constant('pool' as const), window: whole('window'), stride: whole('stride') }),
  fc.record({ kind: fc.constant('dropout' as const), chance: fc.constantFrom(0, 0.05, 0.25, 0.5, 0.9) }),
  fc.constant({ kind: 'norm' as const }),
  fc.record({ kind: fc.constant('dense' as const), units: whole('units') }),
);

describe('a net as text', () => {
  it('says the same layers again, in letters that an address takes as they are', () => {
    fc.assert(
      fc.property(fc.array(layer, { maxLength: MOST_LAYERS }), (layers) => {
        const net = netOfLayers(layers);
        expect(layersOfNet(net)).toEqual(layers);
        expect(new URLSearchParams({ net }).toString()).toBe(`net=${net}`);
      }),
    );
  });

  it('is no net with a piece that is no layer, a number out of its range, or too many layers', () => {
    const many = `own${'-relu'.repeat(MOST_LAYERS + 1)}`;
    const odd = [
      '',
      'constructor',
      'own-',
      'relu',
      'own-elu',
      'own-conv6',
      'own-conv0x3',
      'own-conv6x3s0',
      'own-pool29',
    ];
    for (const net of [...odd, 'own-dropout1', 'own-dense1e3', 'own-dense2000', 'own-conv6x3p1s2', many]) {
      expect([net, layersOfNet(net), isPreset(net)]).toEqual([net, undefined, false]);
    }
    expect(() => netOf('own-elu')).toThrow('own-conv6x3');
  });

  it('is the name alone for a net of the library, and has the very same layers', () => {
    for (const name of ['tutorial', 'figure', 'wide'] as const) {
      const layers = layersOfNet(name) ?? [];
      expect(netOfLayers(layers)).toBe(name);
      // One layer more and one less is the same net, but said as one's own.
      const own = netOf(netOfLayers([...layers, { kind: 'dropout', chance: 0 }]));
      expect(own.layers.filter(({ label }) => label !== 'dropout 0')).toEqual(netOf(name).layers);
      expect(own.parameters).toEqual(netOf(name).parameters);
    }
  });
});
