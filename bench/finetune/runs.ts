// A few images, and what a net makes of them: from the given weights or from random ones.

import {
  adam,
  augmentations,
  schedules,
  Trainer,
  type Dataset,
  type Device,
  type Net,
  type Weights,
} from '../../src/index.js';

/** How a net is trained on a few images. */
export interface Recipe {
  readonly rate: number;
  readonly augment: 'none' | keyof typeof augmentations;
  /** Parameters that stay as they are. */
  readonly freeze?: string;
}

export interface Run {
  readonly device: Device;
  readonly net: Net;
  readonly train: Dataset;
  readonly test: Dataset;
  /** Random ones of the seed if absent. */
  readonly start: Weights | undefined;
  readonly recipe: Recipe;
  readonly steps: number;
  readonly seed: number;
}

const BATCH = 32;

/** Adam, its rate falling by a cosine to 0. @returns the accuracy at the end; the images to test with are asked once */
export async function accuracyOf({ device, net, train, test, start, recipe, steps, seed }: Run): Promise<number> {
  const { rate, augment, freeze } = recipe;
  using trainer = await Trainer.open({
    device,
    net,
    data: { name: 'few', source: `${train.count} images`, train: repeated(train, steps * BATCH), test },
    optimizer: adam({ rate }),
    schedule: schedules.cosine({ steps }),
    ...(augment !== 'none' && { augment: augmentations[augment] }),
    ...(freeze !== undefined && { groups: [{ match: freeze, frozen: true }] }),
    ...(start && { weights: start }),
    batch: BATCH,
    seed,
    expectedSteps: steps,
  });
  let accuracy = NaN;
  for await (const event of trainer.fit({ steps })) {
    if (event.type === 'epoch') accuracy = event.testAccuracy ?? NaN;
  }
  return accuracy;
}

/** The accuracy of weights as they are. */
export async function untrained({ device, net, train, test, start }: Omit<Run, 'recipe' | 'steps' | 'seed'>) {
  const data = { name: 'few', source: `${train.count} images`, train, test };
  using trainer = await Trainer.open({ device, net, data, ...(start && { weights: start }), batch: BATCH });
  return (await trainer.evaluate()).accuracy;
}

/** The images over and over, so that the whole run is one epoch, and each is changed by chance every time. */
export function repeated(set: Dataset, count: number): Dataset {
  const pixels = set.rows * set.columns;
  const images = new Uint8Array(count * pixels);
  const labels = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const from = i % set.count;
    images.set(set.images.subarray(from * pixels, (from + 1) * pixels), i * pixels);
    labels[i] = set.labels[from] ?? 0;
  }
  return { ...set, images, labels, count };
}
