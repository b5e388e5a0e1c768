// Chapter Train.

import type { OptimizerName } from '../../protocol.js';
import type { Translated } from '../translated.js';

export const train = {
  settings: 'Settings',
  optimizer: 'Optimizer',
  optimizers: { adam: 'Adam', sgd: 'SGD, momentum 0.9' } satisfies Record<OptimizerName, string>,
  numbers: { rate: 'Learning rate', batch: 'Batch size', epochs: 'Epochs', seed: 'Seed' },
  pauseHidden: 'Pause while this tab is out of sight',
  outdated: 'Changed: the next start is a new run.',
  loss: 'Loss',
  accuracy: 'Accuracy',
  train: 'train',
  test: 'test',
  noStep: 'No step yet.',
  trained: (first: string, firstStep: string, last: string, lastStep: string) =>
    `Training: ${first} at step ${firstStep}, ${last} at step ${lastStep}.`,
  tested: (value: string, epoch: number) => `Test: ${value} after epoch ${epoch}.`,
  epochs: 'Epochs',
  epochTable: {
    caption: 'Loss and accuracy after each epoch',
    epoch: 'epoch',
    training: 'Training',
    test: 'Test',
    loss: 'loss',
    right: 'right',
    rate: 'images/s',
    seconds: 'seconds',
    best: ', the best so far',
    none: 'A row appears after each pass over the training images.',
  },
};

export type TrainWords = Translated<typeof train>;
