// The flags of `weft data`.

import type { Flags } from './flags.js';
import { augment, order } from './stepTable.js';
import { data, flat, json, pixels, quiet } from './tables.js';

export const dataGroups = {
  'Which images': data,
  'What comes out': {
    preview: {
      kind: 'text',
      hint: '<f.png>',
      wanted: 'a file to write',
      about: 'a picture of training images by class',
    },
    'per-class': { kind: 'whole', least: 1, most: 40, default: 12, about: 'images of a class in it' },
    augment: { ...augment.augment, about: 'shows below each image what training makes of it' },
    seed: { ...order.seed, about: 'of the run that would train on them' },
    ...pixels,
    ...json,
    ...quiet,
  },
} as const satisfies Record<string, Flags>;

export const dataFlags = flat(dataGroups);
