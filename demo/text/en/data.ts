// Chapter Data.

import type { NormaliseBy } from '../../normalising.js';
import type { AugmentName, DataKind } from '../../protocol.js';
import type { Translated } from '../translated.js';
import { a } from './article.js';

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
  previewHint: 'Choose one, and see below what becomes of it.',
  imageOf: (number: number, label: number) => `Image ${number}, ${a(label)}`,
  previewOf: (labels: string) => `Training images of the digits ${labels}`,
  normalise: {
    title: 'From bytes to what the net gets',
    waiting: 'The numbers appear when the images are ready.',
    formula: (mean: string, std: string) =>
      `A pixel is a byte: 0 is paper, 255 is ink. Divided by 255 it lies between 0 and 1. The net gets (x − ${mean}) / ${std}. With the mean and the standard deviation of the pixels themselves, paper becomes negative and ink positive, about as far from zero as a net learns from easily.`,
    by: 'Normalise by',
    usual: { mnist: 'MNIST', set: 'This set', none: 'None' } satisfies Record<NormaliseBy, string>,
    kinds: { raw: 'Pixels from 0 to 1', normalised: 'Normalised' },
    mean: 'mean',
    std: 'deviation',
    image: { raw: 'The chosen image, pixel by pixel', normalised: 'The chosen image as the net gets it' },
    histogram: {
      raw: (mean: string, std: string, paper: string) =>
        `How the pixels of all training images are spread before normalising: mean ${mean}, deviation ${std}; ${paper} of them are paper or nearly so.`,
      normalised: (mean: string, std: string, paper: string) =>
        `How they are spread after normalising: mean ${mean}, deviation ${std}; the same ${paper} are paper or nearly so.`,
    },
    pixel: (row: number, column: number, byte: number) => `Row ${row}, column ${column}: byte ${byte}.`,
    help: 'Point at a pixel, or move with the arrow keys. In the histograms each line is ten times the one below it; the upright line is the mean, the band one deviation to either side.',
    spread: 'How the pixels are spread',
    share: 'share of pixels',
  },
  augmentation: {
    title: 'Augmentation',
    names: { none: 'Off', light: 'Light', strong: 'Strong' } satisfies Record<AugmentName, string>,
    amounts: {
      none: 'The net sees every image as it is, again and again.',
      light: 'Shifted by up to 1 pixel, turned by up to 10°, 10 % larger or smaller, slanted by up to 5°.',
      strong:
        'Shifted by up to 2 pixels, turned by up to 15°, 15 % larger or smaller, slanted by up to 10°, bent by up to 1.5 pixels, with noise, and from 1 image in 4 a patch is taken.',
    } satisfies Record<AugmentName, string>,
    before: 'As they are',
    after: 'As the net sees them',
    unchanged: 'Nothing is changed',
    changed: (labels: string, name: string, epoch: number) =>
      `The same digits ${labels}, changed with the amounts called ${name}, in epoch ${epoch}`,
    again: 'Again',
    why: 'Images that are a little different each time keep a net from learning them by heart.',
    as: (epoch: number, seed: string) =>
      `Epoch ${epoch} of seed ${seed}, changed on your GPU. Another epoch, other changes.`,
  },
  balance: {
    title: 'Images of each digit',
    waiting: 'The counts appear when the images are ready.',
    digit: 'digit',
    train: 'training',
    test: 'test',
    equal: (images: string) => `${images} training images of each digit: no digit is favoured.`,
    between: (least: string, most: string) =>
      `Between ${least} and ${most} training images of each digit. A digit that is rare in training is learned late.`,
  },
};

export type DataWords = Translated<typeof data>;
