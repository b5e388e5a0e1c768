import { EngineError } from '../core/errors.js';
import type { Dataset } from '../data/dataset.js';
import { evaluate } from '../engine/evaluate.js';
import type { Device } from '../gpu/device.js';
import { augment } from '../ops/augment.js';
import type { AugmentOptions } from '../ops/augmentation.js';
import { augmentAttrs } from './augmentations.js';
import { mustBePixels, mustBeWholeSetting } from './settings.js';

export interface AugmentedImagesOptions {
  readonly device: Device;
  /** The training set; indices count in what is left of it where images are held out. */
  readonly set: Dataset;
  /** Which images, by their places in the set. */
  readonly indices: readonly number[];
  readonly augment: AugmentOptions;
  /** Of the run; 1 by default. */
  readonly seed?: number;
  /** 1 for the first, which is the default. */
  readonly epoch?: number;
  /** As the run has them: an erased rectangle shows the mean. */
  readonly mean?: number;
  readonly std?: number;
}

/**
 * Images as a run of this seed sees them in an epoch, made by the op that training has in its step; back as bytes, so that
 * they can be looked at. Mixing is no part of it: whom an image meets depends on its batch.
 *
 * @returns [indices, rows, columns], rounded and held within 0…255
 * @throws EngineError 'usage' for a setting that makes no sense, 'data' for an image that the set does not have
 */
export async function augmentedImages(options: AugmentedImagesOptions): Promise<Uint8Array<ArrayBuffer>> {
  const { device, set, indices, augment: changes, seed = 1, epoch = 1, mean = 0.1307, std = 0.3081 } = options;
  mustBeWholeSetting('seed', seed, 0, 2 ** 32 - 1);
  mustBeWholeSetting('epoch', epoch, 1, 2 ** 32);
  mustBePixels(mean, std);
  const stray = indices.find((index) => !(Number.isInteger(index) && index >= 0 && index < set.count));
  if (indices.length === 0 || stray !== undefined) {
    const given = stray === undefined ? 'no images' : `image ${stray}`;
    throw new EngineError('data', { place: 'augmentedImages', given, wanted: `some of images 0 to ${set.count - 1}` });
  }
  const size = set.rows * set.columns;
  const pixels = new Float32Array(indices.length * size);
  indices.forEach((index, n) => {
    for (let at = 0; at < size; at++) {
      pixels[n * size + at] = ((set.images[index * size + at] ?? 0) / 255 - mean) / std;
    }
  });
  const { value } = await evaluate(
    ({ x, images, step }) => augment(x, images, step, augmentAttrs(changes, { seed, mean, std, perEpoch: 1 })),
    {
      x: { shape: [indices.length, 1, set.rows, set.columns], data: pixels },
      images: { shape: [indices.length], data: Uint32Array.from(indices) },
      step: { shape: [1], data: Uint32Array.of(epoch - 1) },
    },
    { device, gradients: [] },
  );
  return Uint8Array.from(value, (x) => Math.min(255, Math.max(0, Math.round((x * std + mean) * 255))));
}
