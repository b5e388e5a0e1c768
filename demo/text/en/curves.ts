// Chapter Train: its curves, and the runs before.

import type { Judge } from '../../best.js';
import type { Begin } from '../../protocol/settings.js';
import type { Across } from '../../state/train.js';
import type { Translated } from '../translated.js';

export const curves = {
  loss: 'Loss',
  accuracy: 'Accuracy',
  train: 'train',
  validation: 'validation',
  test: 'test',
  drawn: 'Lines of the chart',
  noStep: 'No step yet.',
  trained: (first: string, firstStep: string, last: string, lastStep: string) =>
    `Training: ${first} at step ${firstStep}, ${last} at step ${lastStep}.`,
  validated: (value: string, epoch: number) => `Validation: ${value} after epoch ${epoch}.`,
  tested: (value: string, epoch: number) => `Test: ${value} after epoch ${epoch}.`,
  notANumber: 'not a number',
  curveOptions: {
    smoothing: 'Smoothing',
    across: 'Along',
    acrosses: { step: 'steps', epoch: 'epochs', seconds: 'seconds of training' } satisfies Record<Across, string>,
    log: 'Loss in powers of ten',
  },
  bestEpoch: {
    validation: (epoch: number) => `Ringed: epoch ${epoch}, the smallest validation loss so far.`,
    test: (epoch: number) =>
      `Ringed: epoch ${epoch}, the smallest test loss so far. Whoever chooses by the test set flatters the net: hold images out instead.`,
  } satisfies Record<Judge, unknown>,
  reference: {
    short: 'tutorial 98.4 %',
    name: 'The tutorial’s net: 98.4 %',
    settings:
      'On MNIST’s 10,000 test images, after 10 epochs of SGD at a rate of 0.001 with momentum 0.9, in batches of 64, on all 60,000 training images.',
    use: 'Use these settings',
  },
  curveTable: {
    title: 'Loss and accuracy',
    caption: (smoothing: string) => `The run at hand. Training values are smoothed by ${smoothing}, as in the curves.`,
    step: 'step',
    epoch: 'epoch',
    seconds: 'seconds',
    beside: 'Drawn beside it: earlier runs, and the tutorial’s result',
    run: 'run',
    settings: 'what was set otherwise',
    trainingLoss: 'training loss',
    testLoss: 'test loss',
    testAccuracy: 'test accuracy',
  },
  earlier: {
    title: 'Earlier runs',
    now: (name: string) => `The run at hand is ${name}. An earlier one is told by what was set otherwise.`,
    same: 'the same settings',
    best: (share: string, epoch: number) => `${share} in testing after epoch ${epoch}`,
    remove: (name: string) => `Remove ${name}`,
    none: 'none',
    settings: {
      data: 'images from',
      images: 'generated images',
      files: 'choice of files',
      augment: 'augmentation',
      net: 'net',
      begin: 'weights',
      kept: 'kept weights',
      frozen: 'frozen',
      learn: 'learns',
      own: 'state of your digits',
    },
    begins: { random: 'random', pretrained: 'pretrained', kept: 'kept' } satisfies Record<Begin, string>,
  },
  advice: {
    title: 'The loss is no longer a number',
    why: 'The last steps were so large that numbers left the range of 32 bits. The weights are those from before that step, but this run cannot go on.',
    rate: (rate: string) => `Start anew with a rate of ${rate}`,
    clip: (norm: string) => `Start anew with gradients clipped to a norm of ${norm}`,
  },
};

export type CurvesWords = Translated<typeof curves>;
