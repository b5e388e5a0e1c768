// What runs are called: a kind and an animal, chosen by their settings.

import type { Translated } from '../translated.js';

export const runNames = {
  runNames: {
    name: (kind: string, animal: string) => `${kind} ${animal}`,
    /** With a space between them, and as many in every language. */
    kinds:
      'lively quiet bold curious gentle swift patient merry clever sleepy brave wild calm bright nimble proud shy sunny steady sly kind keen early',
    animals:
      'otter heron fox lynx owl badger hare wren seal crane panda koala yak tiger camel magpie swan turtle gecko bison whale robin deer sparrow crab',
  },
};

export type RunNamesWords = Translated<typeof runNames>;
