// Blocks of training through the Trainer, for a page and for Node alike.

import { digits, type Dataset, type Splits, type Trainer } from '../src/index.js';

/** Different images in the sets of the timings: few, because drawing them is no part of a start. */
const DIFFERENT = 64;

/** The same images again and again, up to `count`; one test image, so that an epoch's end costs little. */
export function tiledSplits(count: number, some = digits({ train: DIFFERENT, test: 1, seed: 1 }).train): Splits {
  const size = some.rows * some.columns;
  const tiled = (bytes: Uint8Array, each: number): Uint8Array<ArrayBuffer> => {
    const all = new Uint8Array(count * each);
    for (let at = 0; at < all.length; at += bytes.length) all.set(bytes.subarray(0, all.length - at), at);
    return all;
  };
  const set = (images: Uint8Array<ArrayBuffer>, labels: Uint8Array<ArrayBuffer>): Dataset => ({
    ...some,
    images,
    labels,
    count: labels.length,
  });
  const train = set(tiled(some.images, size), tiled(some.labels, 1));
  return { name: 'bench', source: 'tiled', train, test: set(some.images.slice(0, size), some.labels.slice(0, 1)) };
}

/** Trains so many steps more; resolves with their losses when the GPU is idle. */
export async function trainSteps(trainer: Trainer, steps: number): Promise<readonly number[]> {
  const losses: number[] = [];
  for await (const event of trainer.fit({ steps: trainer.steps + steps })) {
    if (event.type === 'steps') losses.push(...event.steps.map(({ loss }) => loss));
  }
  return losses;
}

/**
 * Milliseconds of a block of training, until the GPU is idle and the metrics are read. An epoch's end, where the Trainer
 * evaluates, is passed before the clock starts.
 * @param steps fewer than an epoch has
 */
export async function timeSteps(trainer: Trainer, steps: number): Promise<number> {
  const left = trainer.stepsPerEpoch - (trainer.steps % trainer.stepsPerEpoch);
  if (steps >= left) await trainSteps(trainer, left);
  const start = performance.now();
  await trainSteps(trainer, steps);
  return performance.now() - start;
}
