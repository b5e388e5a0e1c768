import { describe, expect, it } from 'vitest';
import { errorChart } from '../../bench/finetune/chart.js';
import { bestOf, type Row } from '../../bench/finetune/compare.js';
import { judges, TUNED_ON } from '../../bench/finetune/pretrain.js';
import { choiceText, meanOf, tableOf } from '../../bench/finetune/report.js';
import { repeated, type Recipe } from '../../bench/finetune/runs.js';
import { noiseSet } from '../support/tinyData.js';

const recipe: Recipe = { rate: 0.001, augment: 'light' };
const row = (kind: Row['kind'], images: number, ...accuracies: readonly number[]): Row => ({
  type: 'row',
  kind,
  images,
  steps: 300,
  recipe,
  accuracies,
});
const rows = [
  row('fine-tuned', 10, 0.97, 0.98, 0.975),
  row('scratch', 10, 0.4, 0.5, 0.45),
  row('fine-tuned', 100, 0.98, 0.98, 0.98),
  row('scratch', 100, 0.8, 0.8, 0.8),
];

describe('few images', () => {
  it('are repeated until an epoch is the whole run, each as often as any other to within one', () => {
    const set = noiseSet(3, 4, 10);
    const { count, labels, images } = repeated(set, 8);
    expect([count, images.length]).toEqual([8, 8 * 16]);
    expect([...labels]).toEqual([0, 1, 2, 0, 1, 2, 0, 1].map((i) => set.labels[i]));
    expect(images.subarray(7 * 16)).toEqual(set.images.subarray(16, 32));
  });

  it('that the digits were tuned on judge no weights', () => {
    const set = noiseSet(TUNED_ON + 2, 2, 10);
    const rest = judges(set);
    expect([rest.count, ...rest.labels]).toEqual([2, ...set.labels.subarray(TUNED_ON)]);
    expect(rest.images).toEqual(set.images.subarray(4 * TUNED_ON));
  });
});

describe('the recipe of a comparison', () => {
  it('is the best on the images held out, and the first of several alike', () => {
    const recipes = [1, 2, 3].map((rate): Recipe => ({ rate, augment: 'none' }));
    const tried = [0.5, 0.7, 0.7].map((validationAccuracy) => ({ validationAccuracy }));
    expect(bestOf(recipes, tried).rate).toBe(2);
  });
  it('is said in words', () => {
    const choice = { type: 'choice', kind: 'scratch', images: 10, validationAccuracy: 0.5 } as const;
    expect(choiceText({ ...choice, ...recipe, freeze: 'conv*' })).toBe(
      '10 images, scratch, rate 0.001, light, conv* frozen: 50.00 % of the images held out',
    );
  });
});

describe('what a comparison comes to', () => {
  it('is mean and deviation of a sample', () => {
    expect(meanOf([1, 2, 3])).toEqual({ mean: 2, deviation: 1 });
  });
  it('is told with the start, and the least and most of the seeds', () => {
    const lines = tableOf(rows, 0.9712).split('\n');
    expect(lines).toHaveLength(2 + 2 + rows.length);
    expect(lines[3]).toMatch(/^0 .*the start as it is .*97\.12 %/);
    expect(lines[4]).toMatch(/^10 +fine-tuned +rate 0\.001, light +300 +97\.50 % +0\.50 % +97\.00 % +98\.00 %$/);
  });
  it('is drawn: fewer errors lower, a level for the start, a name at each line', () => {
    const svg = errorChart(rows, 0.9712);
    const heights = [...svg.matchAll(/<circle[^>]* cy="([\d.]+)"/g)].map(([, y]) => Number(y));
    expect(heights).toHaveLength(2);
    expect(heights[1]!).toBeGreaterThan(heights[0]!);
    for (const text of ['fine-tuned', 'scratch', 'the start as it is', '10', '100', '5 %']) {
      expect(svg).toContain(`>${text}<`);
    }
    expect(svg).not.toContain('NaN');
    expect(errorChart([], 0.9)).toContain('</svg>');
  });
});
