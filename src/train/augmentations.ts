import type { AugmentOptions } from '../ops/augmentation.js';

/** Amounts for handwriting and the like: what is written stays legible. Flips are not among them: they change digits. */
export const augmentations = {
  /** A hand that varies a little. */
  light: { shift: 1, rotate: 10, scale: [0.9, 1.1], shear: 5 },
  /** For long runs and large nets. */
  strong: {
    shift: 2,
    rotate: 15,
    scale: [0.85, 1.15],
    shear: 10,
    elastic: { most: 1.5, spacing: 7 },
    noise: 0.05,
    erase: { chance: 0.25, least: 0.1, most: 0.35 },
  },
} as const satisfies Readonly<Record<string, AugmentOptions>>;

/** The random numbers of augmentation within a run; dropouts count theirs from 0. */
export const AUGMENT_STREAM = 2 ** 31;
export const MIXUP_STREAM = AUGMENT_STREAM + 1;

/** The attributes of the op that augments what was normalised: pixels of 0 lie around an image. */
export const augmentAttrs = (
  options: AugmentOptions,
  { seed, mean, std, perEpoch }: { seed: number; mean: number; std: number; perEpoch: number },
) => ({
  ...options,
  ...(options.noise !== undefined && { noise: options.noise / std }),
  seed,
  stream: AUGMENT_STREAM,
  perEpoch,
  fill: Math.fround(-mean / std),
});
