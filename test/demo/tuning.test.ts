import { describe, expect, it } from 'vitest';
import { reasonAgainst } from '../../demo/actions.js';
import { heldOutOf, NORMALISATION, sameRun, type Begin, type NetName, type Settings } from '../../demo/protocol.js';
import { createState, receive } from '../../demo/state.js';
import { en } from '../../demo/text/en.js';
import { countsOf } from '../../demo/state/own.js';
import { beginning, FINE_RATE, fineTuning, fitsShipped, toggled } from '../../demo/tuning.js';
import { EPOCH_IMAGES, withOwn } from '../../demo/work/learned.js';
import { digestOf } from '../../demo/work/own.js';
import { frozenGroups, modulesIn, modulesOf } from '../../demo/work/modules.js';
import { netSummaries } from '../../demo/work/nets.js';
import { figure, tutorial, type Splits } from '../../src/index.js';

const settings = createState(en).settings.peek();
const BY = { mean: 0.5, std: 0.25 };
const there = { kept: { version: 4, ...BY }, own: { version: 7 }, fits: true };
const after = (changed: Partial<Settings>): Settings => ({ ...settings, ...changed });

describe('where a run begins', () => {
  it('with trained weights the usual rate becomes a small one, and back, and pixels are as those weights know them; a rate of one’s own stays', () => {
    const from = (begin: Begin, changed: Partial<Settings>) => beginning(begin, after(changed), there);
    expect(from('pretrained', {})).toEqual({ begin: 'pretrained', kept: 4, rate: FINE_RATE, ...NORMALISATION });
    expect(from('kept', { begin: 'pretrained', rate: FINE_RATE })).toEqual({ begin: 'kept', kept: 4, ...BY });
    expect(from('random', { rate: FINE_RATE })).toEqual({ begin: 'random', kept: 4, rate: settings.rate });
    expect(from('pretrained', { rate: 0.05 })).toEqual({ begin: 'pretrained', kept: 4, ...NORMALISATION });
  });

  it('makes it another run, and so do kept weights, frozen layers and digits, but only where they count', () => {
    const others: Partial<Settings>[] = [{ begin: 'pretrained' }, { learn: 'own' }];
    for (const changed of others) expect(sameRun(settings, after(changed))).toBe(false);
    const without: Partial<Settings>[] = [{ kept: 3 }, { frozen: 'conv1' }, { own: 7 }];
    for (const changed of without) expect(sameRun(settings, after(changed))).toBe(true);
    const kept = after({ begin: 'kept', kept: 2, learn: 'both', own: 1 });
    for (const changed of [{ kept: 3 }, { frozen: 'conv1' }, { own: 7 }, { learn: 'own' }] as const)
      expect([changed, sameRun(kept, { ...kept, ...changed })]).toEqual([changed, false]);
  });

  it('where nothing of the weights that ship fits, they bring their net', () => {
    const nets = netSummaries();
    const fits = (net: NetName) => fitsShipped(nets[net], nets);
    expect([fits('tutorial'), fits('figure'), fits('wide')]).toEqual([true, false, false]);
    expect(fitsShipped(undefined, nets)).toBe(true);
    const other = { ...there, fits: false };
    expect(beginning('pretrained', after({ net: 'wide' }), other)).toMatchObject({ net: 'tutorial' });
    expect(beginning('kept', after({ net: 'wide' }), other).net).toBeUndefined();
  });

  it('layers are frozen by name, one by one', () => {
    expect(toggled('', 'conv1', true)).toBe('conv1');
    expect(toggled('conv1', 'conv2', true)).toBe('conv1 conv2');
    expect(toggled('conv1 conv2', 'conv1', false)).toBe('conv2');
    expect(toggled('conv1', 'conv1', true)).toBe('conv1');
  });
});

describe('fine-tuning', () => {
  it('begins with weights that know something, learns the person’s digits beside the others, and not by heart', () => {
    expect(fineTuning(settings, there)).toMatchObject({
      begin: 'pretrained',
      learn: 'both',
      augment: 'light',
      rate: FINE_RATE,
    });
  });

  it('leaves what was chosen for it', () => {
    const chosen = { begin: 'kept', learn: 'own', augment: 'strong' } as const;
    expect(fineTuning(after(chosen), there)).toMatchObject({ ...chosen, own: 7, kept: 4 });
  });

  it('without a digit of one’s own there is nothing to learn', () => {
    const state = createState(en);
    const own = { version: 1, ids: [] as number[], labels: [] as number[], pixels: new Uint8Array(0), kept: true };
    receive(state, { type: 'own', own });
    state.settings.value = after({ learn: 'own' });
    expect(reasonAgainst(state, 'ready')).toContain('digit');
    receive(state, { type: 'own', own: { ...own, version: 2, ids: [4], labels: [7] } });
    expect(reasonAgainst(state, 'ready')).toBeUndefined();
    expect(state.settings.value.own).toBe(2);
    expect(countsOf(state.own.value)[7]).toBe(1);
  });

  it('holds none of the person’s digits out', () => {
    const some = after({ heldOut: 0.1 });
    expect([heldOutOf(some), heldOutOf({ ...some, learn: 'own' })]).toEqual([0.1, 0]);
  });
});

describe('the state of the page', () => {
  it('the newest kept weights are those that are meant', () => {
    const state = createState(en);
    const kept = { version: 2, net: 'tutorial', steps: 9, accuracy: 0.5, ...BY };
    receive(state, { type: 'kept', kept });
    // Nobody has chosen them yet.
    expect(state.settings.value).toBe(state.usual.value);
    state.settings.value = after({ begin: 'kept', kept: 2 });
    receive(state, { type: 'kept', kept: { ...kept, version: 3 } });
    expect([state.settings.value.kept, state.kept.value?.version]).toEqual([3, 3]);
    expect(state.settings.value).toMatchObject(BY);
  });

  it('what was measured goes with its run, the kept weights stay', () => {
    const state = createState(en);
    const measured = { step: 0, test: { accuracy: 0.5, total: 10 }, own: undefined };
    receive(state, { type: 'kept', kept: { version: 1, net: 'tutorial', steps: 9, accuracy: 0.5, ...BY } });
    receive(state, { type: 'measured', when: 'before', measured });
    receive(state, { type: 'measured', when: 'after', measured });
    expect([state.before.value, state.after.value]).toEqual([measured, measured]);
    receive(state, { type: 'run', run: undefined });
    expect([state.before.value, state.after.value, state.kept.value?.version]).toEqual([undefined, undefined, 1]);
  });
});

describe('layers with parameters', () => {
  it('are named as their parameters are, and have all of them', () => {
    const modules = modulesOf(tutorial());
    expect(modules.map(({ name }) => name)).toEqual(['conv1', 'conv2', 'fc1', 'fc2', 'fc3']);
    expect(modules[0]).toEqual({ name: 'conv1', parameters: 6 * 9 + 6 });
    expect(modules.reduce((sum, { parameters }) => sum + parameters, 0)).toBe(60_074);
    expect(modulesIn(['a.b.weight', 'a.b.bias', 'c.weight'])).toEqual(['a.b', 'c']);
  });

  it('freeze whole, and names of another net freeze nothing', () => {
    expect(frozenGroups(tutorial(), 'conv1 fc2')).toEqual([
      { match: 'conv1.*', frozen: true },
      { match: 'fc2.*', frozen: true },
    ]);
    expect(frozenGroups(figure(), 'fc2 conv3')).toEqual([{ match: 'conv3.*', frozen: true }]);
    expect(frozenGroups(tutorial(), '')).toEqual([]);
  });
});

it('the state of the digits follows from them alone', () => {
  const [labels, images] = [Uint8Array.of(1, 7), Uint8Array.of(3, 4, 5, 6)];
  expect(digestOf(labels, images)).toBe(digestOf(labels.slice(), images.slice()));
  const others = [
    [Uint8Array.of(7, 1), images],
    [labels, Uint8Array.of(3, 4, 5, 7)],
    [labels.subarray(1), images],
  ] as const;
  for (const other of others) expect(digestOf(...other)).not.toBe(digestOf(labels, images));
  expect(digestOf(new Uint8Array(0), new Uint8Array(0))).toBe(0);
});

describe('what a run learns of the person’s digits', () => {
  const size = 28 * 28;
  const source = (count: number): Splits['train'] => ({
    images: new Uint8Array(count * size).fill(1),
    labels: Uint8Array.from({ length: count }, (_, i) => i % 10),
    count,
    rows: 28,
    columns: 28,
    classes: 10,
  });
  const splits: Splits = { name: 'x', source: '', train: source(2000), test: source(50) };
  /** The n-th image is full of 100 + n. */
  const own = (count: number) => ({
    ids: Array.from({ length: count }, (_, i) => i),
    images: Uint8Array.from({ length: count * size }, (_, i) => 100 + Math.floor(i / size)),
    labels: Uint8Array.from({ length: count }, (_, i) => (3 * i) % 10),
  });
  const firstPixels = ({ train }: Splits) => Array.from({ length: train.count }, (_, i) => train.images[i * size] ?? 0);

  it('alone: each as often as any other, to within one, with its label, and the test images stay', () => {
    const found = withOwn(splits, own(7), 'own', 1);
    expect(found.train.count).toBe(EPOCH_IMAGES);
    const pixels = firstPixels(found);
    pixels.forEach((pixel, i) => expect(found.train.labels[i]).toBe((3 * (pixel - 100)) % 10));
    const times = Array.from({ length: 7 }, (_, n) => pixels.filter((pixel) => pixel === 100 + n).length);
    expect(Math.max(...times) - Math.min(...times)).toBeLessThanOrEqual(1);
    expect(found.test).toBe(splits.test);
  });

  it('both: half of them, and half of the source, every class as often', () => {
    const found = withOwn(splits, own(3), 'both', 1);
    const pixels = firstPixels(found);
    expect([pixels.filter((pixel) => pixel >= 100).length, pixels.length]).toEqual([EPOCH_IMAGES / 2, EPOCH_IMAGES]);
    const others = [...found.train.labels].slice(EPOCH_IMAGES / 2);
    expect(new Set(others.map((label) => others.filter((each) => each === label).length))).toEqual(new Set([32]));
  });

  it('has all of many, and takes what there is of a small source', () => {
    const many = { ...own(1), images: new Uint8Array(700 * size), labels: new Uint8Array(700) };
    expect(withOwn(splits, many, 'own', 1).train.count).toBe(700);
    expect(withOwn({ ...splits, train: source(20) }, own(2), 'both', 1).train.count).toBe(EPOCH_IMAGES / 2 + 20);
  });

  it('does not change with one digit more: the shaders of a run stay those that are compiled', () => {
    const counts = [1, 2, 30].map((count) => withOwn(splits, own(count), 'own', 1).train.count);
    expect(new Set(counts).size).toBe(1);
  });
});
