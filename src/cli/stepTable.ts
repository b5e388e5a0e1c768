// Flags that say what a training step does with images and gradients.

import { augmentations } from '../index.js';
import { ABOVE_0, ALPHA, FRACTION, type Flags } from './flags.js';

export const augment = {
  augment: {
    kind: 'choice',
    of: ['none', ...Object.keys(augmentations)],
    default: 'none',
    about: 'changes training images, each epoch anew',
  },
  mixup: {
    kind: 'number',
    range: ALPHA,
    about: 'mixes training images and their labels in pairs: α of Beta(α, α), say 0.2',
    otherwise: 'none',
  },
} as const satisfies Flags;

export const batches = {
  batch: { kind: 'whole', least: 1, most: 65_536, default: 64, about: 'images a batch' },
  accumulate: { kind: 'whole', least: 1, most: 65_536, default: 1, about: 'batches a step' },
} as const satisfies Flags;

export const smoothing = {
  'label-smoothing': {
    kind: 'number',
    range: FRACTION,
    about: 'the part of a label that is spread over all classes, say 0.1',
    otherwise: 'none',
  },
} as const satisfies Flags;

export const clip = {
  'clip-norm': {
    kind: 'number',
    range: ABOVE_0,
    about: 'the most that the norm of gradients may be',
    otherwise: 'any',
  },
  'clip-value': {
    kind: 'number',
    range: ABOVE_0,
    about: 'the most that each element of a gradient may be, in place of --clip-norm',
    otherwise: 'any',
  },
} as const satisfies Flags;

export const order = {
  seed: { kind: 'whole', least: 0, most: 2 ** 32 - 1, default: 1, about: 'of first weights and shuffling' },
  shuffle: { kind: 'switch', default: true, about: 'images in the order of the file' },
} as const satisfies Flags;

export const precision = {
  precision: {
    kind: 'choice',
    of: ['f32', 'mixed'],
    default: 'f32',
    about: 'mixed: f16 between f32 weights; needs shader-f16',
  },
} as const satisfies Flags;
