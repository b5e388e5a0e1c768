import { tableText } from '../table.js';
import type { Choice, Row } from './compare.js';
import type { Recipe } from './runs.js';

export const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

/** `rate 0.001, light, conv* frozen` */
export const recipeText = ({ rate, augment, freeze }: Recipe): string =>
  [
    `rate ${rate}`,
    ...(augment === 'none' ? [] : [augment]),
    ...(freeze === undefined ? [] : [`${freeze} frozen`]),
  ].join(', ');

export const choiceText = ({ kind, images, validationAccuracy, ...recipe }: Choice): string =>
  `${images} images, ${kind}, ${recipeText(recipe)}: ${percent(validationAccuracy)} of the images held out`;

/** Mean and standard deviation of a sample; NaN for one of a single number. */
export function meanOf(samples: readonly number[]): { readonly mean: number; readonly deviation: number } {
  const mean = samples.reduce((sum, value) => sum + value, 0) / samples.length;
  const squares = samples.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / (samples.length - 1)) };
}

/** Every row, with the mean, the standard deviation, the least and the most of its seeds. */
export function tableOf(rows: readonly Row[], startAccuracy: number): string {
  const heads = ['images', 'trained', 'recipe', 'steps', 'test accuracy', 'deviation', 'least', 'most'];
  const cells = rows.map(({ kind, images, steps, recipe, accuracies }) => {
    const { mean, deviation } = meanOf(accuracies);
    const [least, most] = [Math.min(...accuracies), Math.max(...accuracies)];
    const numbers = [mean, deviation, least, most].map(percent);
    return [`${images}`, kind, recipeText(recipe), `${steps}`, ...numbers];
  });
  const start = ['0', 'the start as it is', '', '0', percent(startAccuracy), '', '', ''];
  return `\non the test images\n${tableText(heads, [start, ...cells], 3)}`;
}
