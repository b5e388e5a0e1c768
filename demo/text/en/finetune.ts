// Chapter Fine-tune.

import type { Translated } from '../translated.js';

export const finetune = {
  tuning: {
    title: 'Kept weights',
    keep: 'Keep these weights',
    nothing: 'Nothing to keep yet: train first',
    none: 'No weights are kept.',
    kept: (net: string, steps: string, share: string) =>
      `Kept: ${net} after ${steps} steps, ${share} right in testing.`,
    begin: 'Begin from the kept weights',
    freeze: 'Freeze the convolutions',
    other: 'Kept weights of another net: layers of the same name and shape are taken, the rest begins anew.',
    inCode: 'The same in code',
  },
};

export type FinetuneWords = Translated<typeof finetune>;
