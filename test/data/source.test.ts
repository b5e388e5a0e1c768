import { describe, expect, it } from 'vitest';
import { EngineError } from '../../src/core/errors.js';
import type { Splits } from '../../src/data/dataset.js';
import { chooseData, type DataSources, openData } from '../../src/data/source.js';

const images = new Uint8Array(1);
const set = { images, labels: images, count: 1, rows: 1, columns: 1, classes: 10 };
const splits = (name: string): Splits => ({ name, source: `some ${name}`, train: set, test: set });
const never = () => Promise.reject(new Error('not to be asked'));

const nothing: DataSources = {
  mnistCached: () => Promise.resolve(false),
  mirrorAnswers: () => Promise.resolve(false),
  loadMnist: () => Promise.resolve(splits('mnist')),
  loadFolder: (folder) => Promise.resolve(splits(folder)),
  digits: () => splits('digits'),
};
const down = new EngineError('network', { place: 'mnist', given: 'a: HTTP 503', wanted: 'a mirror' });

describe('auto', () => {
  it('is what was given, without asking anybody', async () => {
    const sources = { ...nothing, given: './mine', mnistCached: never, mirrorAnswers: never };
    expect(await chooseData('auto', sources)).toEqual({ kind: 'folder', folder: './mine', why: 'given' });
  });

  it('is MNIST from the cache, without asking a mirror', async () => {
    const sources = { ...nothing, mnistCached: () => Promise.resolve(true), mirrorAnswers: never };
    expect((await openData('auto', sources)).line).toBe('some mnist (in the cache)');
  });

  it('is MNIST when a mirror answers', async () => {
    const sources = { ...nothing, mirrorAnswers: () => Promise.resolve(true) };
    expect((await openData('auto', sources)).line).toBe('some mnist (a mirror answers)');
  });

  it('is the generated digits otherwise, and says why', async () => {
    const { splits: chosen, line } = await openData('auto', nothing);
    expect(chosen.name).toBe('digits');
    expect(line).toBe('some digits (MNIST is not in the cache and no mirror answered)');
  });

  it('is the generated digits when the mirror fails after all', async () => {
    const sources = { ...nothing, mirrorAnswers: () => Promise.resolve(true), loadMnist: () => Promise.reject(down) };
    expect((await openData('auto', sources)).line).toBe('some digits (MNIST could not be loaded: a: HTTP 503)');
  });

  it('does not hide an abort or a fault behind the digits', async () => {
    const fault = new Error('stop pressed');
    const sources = { ...nothing, mirrorAnswers: () => Promise.resolve(true), loadMnist: () => Promise.reject(fault) };
    await expect(openData('auto', sources)).rejects.toBe(fault);
  });
});

describe('data asked for by name', () => {
  it('is never replaced by another', async () => {
    await expect(openData('mnist', { ...nothing, loadMnist: () => Promise.reject(down) })).rejects.toBe(down);
  });

  it('needs no question', async () => {
    const sources = { ...nothing, mnistCached: never, mirrorAnswers: never, given: './other' };
    expect((await openData('digits', sources)).splits.name).toBe('digits');
    expect((await openData('mnist', sources)).splits.name).toBe('mnist');
    expect((await openData('./fashion', sources)).splits.name).toBe('./fashion');
  });
});
