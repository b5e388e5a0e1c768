// Fine-tuned against trained from scratch: the same images, as many steps. Rates and the like are chosen for each by
// images that are held out of the training set; the test set is asked when all is chosen.

import { splitOff, subset, type Device, type Net, type Splits, type Weights } from '../../src/index.js';
import { accuracyOf, untrained, type Recipe } from './runs.js';

export const kinds = ['fine-tuned', 'scratch'] as const;
export type Kind = (typeof kinds)[number];

/** What is compared. */
export interface Comparison {
  readonly net: Net;
  readonly start: Weights;
  readonly sizes: readonly { readonly images: number; readonly steps: number }[];
  readonly recipes: Readonly<Record<Kind, readonly Recipe[]>>;
  /** Held out of the training set to choose by. */
  readonly validation: number;
  /** Of the images and the runs whose accuracy is told. */
  readonly seeds: readonly number[];
}

/** Of the images that a recipe is chosen on. */
const CHOOSING = 0;

/** A recipe as it did on the images held out. */
export interface Choice extends Recipe {
  readonly type: 'choice';
  readonly kind: Kind;
  readonly images: number;
  readonly validationAccuracy: number;
}

export interface Row {
  readonly type: 'row';
  readonly kind: Kind;
  readonly images: number;
  readonly steps: number;
  readonly recipe: Recipe;
  /** On the test images, one for each seed. */
  readonly accuracies: readonly number[];
}

/** The start as it is. */
export interface StartRow {
  readonly type: 'start';
  readonly accuracy: number;
}

/** Tells every choice and row as it is known. */
export async function* compare(
  device: Device,
  data: Splits,
  { net, start, sizes, recipes, validation, seeds }: Comparison,
): AsyncGenerator<Choice | Row | StartRow, void, void> {
  const { rest, part } = splitOff(data.train, validation, CHOOSING);
  const startOf = (kind: Kind) => (kind === 'scratch' ? undefined : start);
  const chosen: Omit<Row, 'type' | 'accuracies'>[] = [];
  for (const { images, steps } of sizes) {
    const train = subset(rest, images, CHOOSING);
    for (const kind of kinds) {
      const tried: Choice[] = [];
      for (const recipe of recipes[kind]) {
        const run = { device, net, train, test: part, start: startOf(kind), recipe, steps, seed: CHOOSING };
        const choice = { type: 'choice', kind, images, ...recipe, validationAccuracy: await accuracyOf(run) } as const;
        tried.push(choice);
        yield choice;
      }
      chosen.push({ kind, images, steps, recipe: bestOf(recipes[kind], tried) });
    }
  }
  const few = subset(rest, sizes[0]?.images ?? 1, CHOOSING);
  yield { type: 'start', accuracy: await untrained({ device, net, train: few, test: data.test, start }) };
  for (const { kind, images, steps, recipe } of chosen) {
    const accuracies: number[] = [];
    for (const seed of seeds) {
      const train = subset(rest, images, seed);
      const run = { device, net, train, test: data.test, start: startOf(kind), recipe, steps, seed };
      accuracies.push(await accuracyOf(run));
    }
    yield { type: 'row', kind, images, steps, recipe, accuracies };
  }
}

/** The recipe of the highest accuracy; of several alike the first. */
export function bestOf(recipes: readonly Recipe[], tried: readonly Pick<Choice, 'validationAccuracy'>[]): Recipe {
  const most = Math.max(...tried.map(({ validationAccuracy }) => validationAccuracy));
  const best = recipes[tried.findIndex(({ validationAccuracy }) => validationAccuracy === most)];
  if (best === undefined) throw new Error('no recipe was tried');
  return best;
}
