// The flags that say what a training is judged by while it goes on, and what follows from that.

import { ABOVE_0, AT_LEAST_0, type Flags } from './flags.js';

/** When a run ends before its time, by the images held out. */
export const patience = {
  'stop-early': {
    kind: 'whole',
    least: 1,
    most: 1e9,
    about: 'end after so many epochs without a better validation loss',
    otherwise: 'never',
  },
  'min-delta': {
    kind: 'number',
    range: AT_LEAST_0,
    about: 'by how much a loss must be better to count for --stop-early',
    otherwise: 'by anything',
  },
} as const satisfies Flags;

/** When the rate is reduced, by the same loss. */
export const plateau = {
  plateau: {
    kind: 'whole',
    least: 0,
    most: 1e9,
    about: 'a tenth of the rate after so many epochs without a better loss, of validation or else of the test images',
    otherwise: 'never',
  },
} as const satisfies Flags;

export const judging = {
  validation: {
    kind: 'number',
    range: ABOVE_0,
    about: 'training images that judge the epochs, in place of the test images, or a fraction of them',
    otherwise: 'none',
  },
  ...patience,
  'keep-best': {
    kind: 'switch',
    default: false,
    about: 'end with the weights of the epoch with the smallest validation loss',
  },
} as const satisfies Flags;
