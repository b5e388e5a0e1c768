import { describe, expect, it } from 'vitest';
import { bestOf, judgeOf } from '../../demo/best.js';
import { nameOf } from '../../demo/earlier.js';
import type { EpochRow } from '../../demo/protocol.js';
import { differences } from '../../demo/settingsText.js';
import { createState } from '../../demo/state.js';
import { en } from '../../demo/text/en.js';
import { LANGUAGES } from '../../demo/text/words.js';
import { zh } from '../../demo/text/zh.js';

const words = { en, zh };
const settings = createState(en).settings.peek();

describe('the name of a run', () => {
  it('is that of its settings, whatever their order, and another for hardly any other seed', () => {
    const turned = Object.fromEntries(Object.entries(settings).toReversed()) as unknown as typeof settings;
    expect(nameOf(turned, 20, 20)).toEqual(nameOf(settings, 20, 20));
    const names = Array.from({ length: 100 }, (_, seed) => nameOf({ ...settings, seed }, 23, 25).join());
    expect(new Set(names).size).toBeGreaterThan(85);
  });

  it('has as many words in every language, each once', () => {
    const lists = LANGUAGES.map((language) => words[language].runNames);
    for (const key of ['kinds', 'animals'] as const) {
      for (const list of lists) {
        const all = list[key].split(' ');
        expect(new Set(all).size).toBe(lists[0]?.[key].split(' ').length);
        expect(all.length).toBeGreaterThan(20);
      }
    }
  });
});

describe('the differences of settings', () => {
  it('are named, and nothing is said of what is the same', () => {
    const other = { ...settings, rate: 0.01, optimizer: 'sgd', net: 'wide' } as const;
    expect(differences(settings, settings, words.en)).toEqual([]);
    expect(differences(other, settings, words.en)).toEqual(['net Wide', 'Optimizer SGD', 'Learning rate 0.01']);
    expect(differences(other, settings, words.zh)).toEqual(['网络 宽网络', '优化器 SGD', '学习率 0.01']);
  });

  it('know every setting', () => {
    const other = Object.fromEntries(
      Object.entries(settings).map(([key, value]) => [
        key,
        typeof value === 'number' ? value + 1 : typeof value === 'boolean' ? !value : value,
      ]),
    ) as unknown as typeof settings;
    const numbers = Object.values(settings).filter((value) => typeof value !== 'string');
    expect(differences(other, settings, words.en)).toHaveLength(numbers.length);
  });
});

describe('the best epoch', () => {
  const row = (epoch: number, testLoss: number, validationLoss?: number): EpochRow => ({
    epoch,
    step: epoch,
    trainLoss: 1,
    trainAccuracy: 0,
    testLoss,
    testAccuracy: 0,
    imagesPerSecond: 1,
    seconds: 1,
    ...(validationLoss !== undefined && { validationLoss }),
  });

  it('is that of the smallest validation loss, and of the smallest test loss only where nothing is held out', () => {
    expect(bestOf([row(1, 1, 3), row(2, 3, 1), row(3, 2, 1)])?.epoch).toBe(2);
    expect(judgeOf([row(1, 1, 3)])).toBe('validation');
    expect(bestOf([row(1, 2), row(2, 1), row(3, 4)])?.epoch).toBe(2);
    expect(judgeOf([row(1, 2)])).toBe('test');
    expect(bestOf([row(1, NaN)])).toBeUndefined();
    expect(bestOf([])).toBeUndefined();
  });
});
