import { describe, expect, it } from 'vitest';
import { LANGUAGES, loadWords } from '../../demo/text/words.js';
import { axisOf, LEAST_STD, normalisationBy, normalised, scaleAfter } from '../../demo/normalising.js';
import { NORMALISATION } from '../../demo/protocol.js';
import { examinedOf } from '../../demo/work/examine.js';
import { augmentations, digits, statisticsOf, type Dataset } from '../../src/index.js';

const of = (bytes: number[], labels: number[]): Dataset => ({
  images: Uint8Array.from(bytes),
  labels: Uint8Array.from(labels),
  count: labels.length,
  rows: 1,
  columns: bytes.length / labels.length,
  classes: 3,
});

describe('what a set is like', () => {
  const splits = { name: '', source: '', train: of([0, 0, 0, 255, 8, 7], [1, 2, 2]), test: of([9], [0]) };
  const examined = examinedOf('digits', 4, splits);

  it('counts the images of each class, in training and in testing', () => {
    expect(examined).toMatchObject({ kind: 'digits', version: 4, train: [0, 1, 2], test: [1, 0, 0] });
  });

  it('puts every pixel of training into one bar of eight levels', () => {
    expect(examined.shares).toHaveLength(32);
    expect(examined.shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
    expect([examined.shares[0], examined.shares[1], examined.shares[31]]).toEqual([4 / 6, 1 / 6, 1 / 6]);
    expect([examined.raw.edges[0], examined.raw.edges.at(-1)]).toEqual([0, 1]);
  });

  it('gives mean, deviation and edges after normalising as those of pixels that are normalised one by one', () => {
    const { train } = digits({ train: 20, test: 1, seed: 3 });
    const { raw } = examinedOf('digits', 1, { ...splits, train });
    const by = { mean: 0.3, std: 0.7 };
    const after = scaleAfter(raw, by);
    const { mean, std } = statisticsOf(train);
    expect(raw).toMatchObject({ mean, std });
    const pixels = Array.from(train.images, (byte) => (byte / 255 - by.mean) / by.std);
    const average = pixels.reduce((sum, x) => sum + x, 0) / pixels.length;
    expect(after.mean).toBeCloseTo(average, 10);
    expect(after.std).toBeCloseTo(Math.hypot(...pixels.map((x) => x - average)) / Math.sqrt(pixels.length), 10);
    expect([after.edges[0], after.edges.at(-1)]).toEqual([normalised(0, by), normalised(1, by)]);
  });
});

describe('what pixels are normalised by', () => {
  const { raw } = examinedOf('digits', 1, { name: '', source: '', train: of([0, 51], [0, 1]), test: of([9], [0]) });

  it('the numbers of a set make its mean 0 and its deviation 1', () => {
    const { mean, std } = scaleAfter(raw, normalisationBy('set', raw));
    expect([mean, std]).toEqual([expect.closeTo(0, 10), expect.closeTo(1, 10)]);
    expect(scaleAfter(raw, normalisationBy('none', raw))).toEqual(raw);
    expect(normalisationBy('mnist', raw)).toEqual(NORMALISATION);
    expect(normalisationBy('set', { mean: 0.5, std: 0 }).std).toBe(LEAST_STD);
  });

  it('has every bar on one axis, which is the same for whatever is usual', () => {
    const axisBy = (mean: number, std: number) => axisOf(scaleAfter(raw, { mean, std }));
    expect(axisBy(0.1307, 0.3081)).toEqual(axisBy(0, 1));
    expect(axisBy(1, 0.01)).toEqual([-105, 5]);
  });
});

describe('the words on augmentation', () => {
  it('name the amounts that the library has', async () => {
    const { light, strong } = augmentations;
    const amounts = ({ shift, rotate, scale, shear }: typeof light | typeof strong) => [
      shift,
      rotate,
      Math.round(100 * (scale[1] - 1)),
      shear,
    ];
    for (const { augmentation } of await Promise.all(LANGUAGES.map(loadWords))) {
      const numbers = (text: string) => (text.match(/\d+(\.\d+)?/g) ?? []).map(Number);
      expect(numbers(augmentation.amounts.light)).toEqual(amounts(light));
      expect(numbers(augmentation.amounts.strong).slice(0, 5)).toEqual([...amounts(strong), strong.elastic.most]);
      expect(strong.erase.chance).toBe(1 / 4);
    }
  });
});
