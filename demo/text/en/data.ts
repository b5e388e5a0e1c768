// Chapter Data.

import type { DataKind } from '../../protocol.js';
import type { Translated } from '../translated.js';

export const data = {
  source: 'Source of the images',
  sources: { digits: 'Generated', mnist: 'MNIST', files: 'Own files' } satisfies Record<DataKind, string>,
  howMany: 'How many images to generate',
  images: (images: string) => `${images} images`,
  generated: 'Handwriting drawn from the seed, in this page. Nothing is downloaded.',
  slow: 'No graphics card here: software computes, perhaps a hundred times slower. So the run starts small.',
  download: 'MNIST download',
  arrived: (bytes: string, total: string) => `${bytes} of ${total}`,
  cancel: 'Cancel',
  fetchKept: 'Load from this browser’s cache',
  fetch: 'Download, 11.6 MB',
  sizes: (train: string, test: string) => `${train} + ${test} images`,
  checked: 'SHA-256 checked',
  credit: 'Handwritten digits by Y. LeCun, C. Cortes and C. J. C. Burges, licence',
  licence: 'CC BY-SA 3.0',
  mirrors: 'From cdn.jsdelivr.net, or else raw.githubusercontent.com.',
  choose: 'Choose or drop four IDX files',
  fileNames:
    '`train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, and the same with `t10k`; `.gz` is fine. They stay on this computer.',
  preview: 'Some training images',
  previewOf: (labels: string) => `Training images of the digits ${labels}`,
};

export type DataWords = Translated<typeof data>;
