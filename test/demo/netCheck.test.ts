import { describe, expect, it } from 'vitest';
import { netOfLayers } from '../../demo/protocol/netText.js';
import { createState, receive } from '../../demo/state.js';
import { en } from '../../demo/text/en.js';
import { zh } from '../../demo/text/zh.js';
import { reasonOf } from '../../demo/parts/refusal.js';
import { checkOf } from '../../demo/work/netCheck.js';
import { netOf } from '../../demo/work/nets.js';

describe('layers', () => {
  it('that fit have shapes, parameters, bytes and multiply-adds, which add up to those of the net', () => {
    const { summary, facts, refusal } = checkOf('own-conv6x3-relu-pool2-norm-dropout0.5-dense20', 32);
    expect(refusal).toBeUndefined();
    expect(facts.map(({ output }) => output)).toEqual([
      [6, 26, 26],
      [6, 26, 26],
      [6, 13, 13],
      [6, 13, 13],
      [6, 13, 13],
      [20],
      [10],
    ]);
    expect(facts[0]).toMatchObject({ parameters: 60, bytes: 4 * (60 + 6 * 26 * 26), macs: 9 * 6 * 26 * 26 });
    const sum = (of: 'parameters' | 'bytes' | 'macs') => facts.reduce((total, each) => total + each[of], 0);
    expect(summary).toMatchObject({ parameters: sum('parameters'), bytes: sum('bytes'), macs: sum('macs') });
    expect(netOf('own-conv6x3-relu-pool2-norm-dropout0.5-dense20').output).toEqual([10]);
  });

  it('are a net of one dense layer where none is chosen', () => {
    expect(checkOf('own', 1)).toMatchObject({ refusal: undefined, facts: [{ output: [10], parameters: 7850 }] });
  });

  const refused = {
    'a window past the image': [
      'own-pool4-pool4-conv8x3',
      { at: 2, why: 'window', window: 3, rows: 1, columns: 1, padding: 0 },
    ],
    'a pool past the image': [
      'own-pool4-pool28',
      { at: 1, why: 'window', window: 28, rows: 7, columns: 7, padding: 0 },
    ],
    'a convolution behind a dense layer': ['own-relu-dense9-conv8x3', { at: 2, why: 'flat' }],
    'a pool behind a dense layer': ['own-dense9-relu-pool2', { at: 2, why: 'flat' }],
  } as const;
  for (const [what, [net, wanted]] of Object.entries(refused)) {
    it(`that do not fit are refused at the first that does not, with the engine's sentence: ${what}`, () => {
      const { refusal, facts, summary } = checkOf(net, 32);
      expect(refusal).toMatchObject(wanted);
      expect(summary).toBeUndefined();
      expect(facts).toHaveLength(wanted.at);
      expect(refusal?.detail).toMatch(/^(conv2d|maxPool2d): .*; wanted /);
      expect(() => netOf(net)).toThrow(refusal?.detail);
      for (const { editor } of [en, zh]) expect(reasonOf(refusal!, editor)).not.toBe(editor.refused.other);
    });
  }

  it('that need more in one buffer than the GPU binds are refused as a whole', () => {
    const bytes = 4 * 60 * 8 * 28 * 28;
    expect(checkOf('own-conv8x3p1', 60, bytes).refusal).toBeUndefined();
    expect(checkOf('own-conv8x3p1', 60, bytes - 1).refusal).toMatchObject({
      at: 1,
      why: 'size',
      bytes,
      most: bytes - 1,
    });
    expect(checkOf('own-dense100', 1, 4 * 785 * 100).refusal).toMatchObject({
      why: 'size',
      bytes: 4 * (785 * 100 + 1010),
    });
  });
});

describe('layers that are edited', () => {
  const relu = { kind: 'relu' } as const;

  it('become the net of the run when they fit, and not before', () => {
    const state = createState(en);
    state.draft.value = [relu, { kind: 'pool', window: 28, stride: 28 }, { kind: 'pool', window: 2, stride: 2 }];
    receive(state, { type: 'netChecked', check: checkOf(netOfLayers(state.draft.value), 8) });
    expect(state.netCheck.value?.refusal).toBeDefined();
    expect(state.settings.value.net).toBe('tutorial');
    state.draft.value = state.draft.value.slice(0, 2);
    receive(state, { type: 'netChecked', check: checkOf(netOfLayers(state.draft.value), 8) });
    expect(state.settings.value.net).toBe('own-relu-pool28');
  });

  it('do not become it when they have changed since they were asked about, or are edited no more', () => {
    const state = createState(en);
    state.draft.value = [relu];
    receive(state, { type: 'netChecked', check: checkOf('own-relu-relu', 8) });
    state.draft.value = undefined;
    receive(state, { type: 'netChecked', check: checkOf('own-relu', 8) });
    expect(state.settings.value.net).toBe('tutorial');
    expect(state.fitting.value?.net).toBe('own-relu');
  });
});
