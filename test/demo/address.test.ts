import { describe, expect, it } from 'vitest';
import { addressWith, FIELDS, settingsOf } from '../../demo/address.js';
import { createState, receive, USUAL } from '../../demo/state.js';
import { en } from '../../demo/text/en.js';
import type { AdapterName, NetSummaries } from '../../demo/protocol.js';

const ADAPTER: AdapterName = { vendor: '', architecture: '', device: '', description: '', fallback: true };
const PAGE = 'http://a.example/b/';

describe('the address of a run', () => {
  it('says nothing of settings that are as usual, and the rest by short names, the seed among them', () => {
    expect(addressWith(USUAL, `${PAGE}?lang=zh#train`)).toBe(`${PAGE}?lang=zh#train`);
    const changed = { ...USUAL, rate: 0.003, seed: 7, net: 'own-conv8x3-relu-pool2-dense32-relu' };
    expect(addressWith(changed, `${PAGE}?x=1#train`)).toBe(
      `${PAGE}?x=1&net=own-conv8x3-relu-pool2-dense32-relu&lr=0.003&seed=7#train`,
    );
    expect(addressWith(USUAL, addressWith(changed, PAGE))).toBe(PAGE);
  });

  it('leaves out what lies with one page alone', () => {
    const changed = { ...USUAL, data: 'files', files: 3, begin: 'kept', kept: 2, learn: 'own', own: 5 } as const;
    expect(addressWith(changed, PAGE)).toBe(PAGE);
  });

  it('is read back to the same settings, each of them', () => {
    const changed = {
      ...USUAL,
      data: 'mnist',
      images: 2000,
      augment: 'light',
      mean: 0,
      std: 1,
      net: 'figure',
      optimizer: 'sgd',
      rate: 1e-6,
      schedule: 'oneCycle',
      momentum: 0.5,
      weightDecay: 1e-4,
      clip: 2.5,
      heldOut: 0.2,
      batch: 7,
      seed: 4_294_967_295,
      epochs: 3,
      begin: 'pretrained',
      frozen: 'conv1 conv2',
    } as const;
    const { settings, bad } = settingsOf(new URL(addressWith(changed, PAGE)).search);
    expect(bad).toEqual([]);
    expect({ ...USUAL, ...settings }).toEqual(changed);
    for (const key of Object.keys(FIELDS)) expect([key, key in settings]).toEqual([key, true]);
  });

  it('asks in vain for what no setting can be, and for nothing by names that nobody knows', () => {
    const query =
      '?lr=-1&batch=0x10&seed=1.5&epochs=&net=own-evil&optimizer=toString&data=files&images=3&augment=__proto__&hide=x';
    const { settings, bad } = settingsOf(query);
    expect(settings).toEqual({});
    expect(bad.map(({ name }) => name).toSorted()).toEqual(
      ['augment', 'batch', 'data', 'epochs', 'images', 'lr', 'net', 'optimizer', 'seed'].toSorted(),
    );
  });

  it('outweighs what a software adapter would begin with; the rest begins small', () => {
    const state = createState(en, 'en', settingsOf('?images=20000&seed=9').settings);
    receive(state, { type: 'opened', adapter: ADAPTER, nets: {} as NetSummaries, mnistKept: false });
    expect(state.settings.value).toEqual({ ...USUAL, images: 20_000, seed: 9, batch: 32, epochs: 5 });
    expect(state.settings.value).toBe(state.usual.value);
  });
});
