import { describe, expect, it } from 'vitest';
import { toPrepare } from '../../demo/preparing.js';
import type { AdapterName } from '../../demo/protocol.js';
import { createState, receive, type State } from '../../demo/state.js';
import { en } from '../../demo/text/en.js';

const adapter: AdapterName = { vendor: 'v', architecture: 'a', device: 'd', description: '', fallback: false };

/** The page as it is when the Worker has opened the GPU. */
function opened(): State {
  const state = createState(en);
  const net = { input: [1, 28, 28], output: [10], layers: [], parameters: 1, macs: 1, bytes: 4, modules: [] };
  const nets = { tutorial: net, figure: net, wide: net };
  receive(state, { type: 'opened', adapter, nets, mnistKept: false });
  return state;
}

/** And when it has made these settings ready. */
function prepared(): State {
  const state = opened();
  receive(state, { type: 'run', run: { settings: state.settings.peek(), stepsPerEpoch: 10 } });
  receive(state, { type: 'phase', phase: 'ready' });
  return state;
}

const preview = { pixels: new Uint8Array(0), labels: new Uint8Array(0) };
const choose = (state: State, changed: Partial<State['settings']['value']>) =>
  (state.settings.value = { ...state.settings.peek(), ...changed });

describe('what is made ready', () => {
  it('nothing before there is a GPU, then the settings of the page', () => {
    expect(toPrepare(createState(en))).toBeUndefined();
    const state = opened();
    expect(toPrepare(state)).toBe(state.settings.value);
  });

  it('nothing more once it is ready, nor for a rate or a number of epochs, which need no other shaders', () => {
    const state = prepared();
    expect(toPrepare(state)).toBeUndefined();
    choose(state, { rate: 0.5, epochs: 3 });
    expect(toPrepare(state)).toBeUndefined();
  });

  it('again for another net or batch', () => {
    for (const changed of [{ net: 'wide' }, { batch: 7 }] as const) {
      const state = prepared();
      choose(state, changed);
      expect(toPrepare(state)).toMatchObject(changed);
    }
  });

  it('never in place of a run that has taken a step', () => {
    const state = prepared();
    receive(state, {
      type: 'steps',
      first: 1,
      losses: Float32Array.of(2),
      accuracies: Float32Array.of(0),
      seconds: 1,
      epoch: 1,
      imagesPerSecond: 1,
    });
    receive(state, { type: 'phase', phase: 'ready' });
    choose(state, { net: 'wide' });
    expect(toPrepare(state)).toBeUndefined();
    expect(state.outdated.value).toBe(true);
  });

  it('images that are not here are waited for', () => {
    const state = prepared();
    choose(state, { data: 'mnist' });
    expect(toPrepare(state)).toBeUndefined();
    receive(state, { type: 'data', data: { kind: 'mnist', version: 1, train: 60_000, test: 10_000, preview } });
    expect(toPrepare(state)).toMatchObject({ data: 'mnist' });
  });

  it('settings that were not begun are no run to start anew', () => {
    const state = prepared();
    choose(state, { net: 'wide' });
    expect(state.outdated.value).toBe(false);
    expect(state.begun.value).toBe(false);
  });
});
