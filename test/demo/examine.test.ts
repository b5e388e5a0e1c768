import { describe, expect, it } from 'vitest';
import { LANGUAGES, loadWords } from '../../demo/text/words.js';
import { examinedOf } from '../../demo/work/examine.js';
import { NORMALISATION } from '../../demo/work/sources.js';
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
    const { raw, normalised, inputs } = examinedOf('digits', 1, { ...splits, train });
    const { mean, std } = statisticsOf(train);
    expect(raw).toMatchObject({ mean, std });
    const pixels = Array.from(train.images, (byte) => (byte / 255 - NORMALISATION.mean) / NORMALISATION.std);
    const average = pixels.reduce((sum, x) => sum + x, 0) / pixels.length;
    expect(normalised.mean).toBeCloseTo(average, 10);
    expect(normalised.std).toBeCloseTo(Math.hypot(...pixels.map((x) => x - average)) / Math.sqrt(pixels.length), 10);
    expect(normalised.edges[0]).toBeCloseTo(inputs[0] ?? NaN, 6);
    expect(normalised.edges.at(-1)).toBeCloseTo(inputs[255] ?? NaN, 6);
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
