// Chapter Train.

import type { OptimizerName, ScheduleName } from '../../protocol.js';
import type { Translated } from '../translated.js';

export const train = {
  settings: 'Settings',
  optimizer: 'Optimizer',
  optimizers: { adam: 'Adam', adamW: 'AdamW', sgd: 'SGD' } satisfies Record<OptimizerName, string>,
  numbers: {
    rate: 'Learning rate',
    momentum: 'Momentum',
    weightDecay: 'Weight decay',
    clip: 'Clip gradients',
    batch: 'Batch size',
    epochs: 'Epochs',
    seed: 'Seed',
  },
  atOnce: 'At once, also while it trains',
  nextRun: 'With the next run',
  restart: 'restart',
  restartToApply: 'Restart to apply',
  scheduleShape: (first: string, most: string, last: string) =>
    `The learning rate along a run: it begins at ${first}, is ${most} at most, and ends at ${last}.`,
  schedule: 'Schedule',
  scheduleTable: { title: 'Learning rate along the run', share: 'of the run', rate: 'learning rate' },
  schedules: {
    constant: 'Constant',
    step: 'Steps: a tenth at each third',
    cosine: 'Cosine',
    oneCycle: 'One cycle',
  } satisfies Record<ScheduleName, string>,
  heldOut: 'Held out',
  heldOuts: { none: 'nothing', tenth: '1 in 10', fifth: '1 in 5' },
  pauseHidden: 'Pause while this tab is out of sight',
  outdated: 'Changed: the next start is a new run.',
  log: {
    title: 'Log',
    open: 'Log of this page',
    close: 'Close the log',
    copy: 'Copy the log',
    usual: 'the usual settings',
    run: (name: string, settings: string) => `The run ${name} begins: ${settings}.`,
    epoch: (epoch: number, train: string, test: string, share: string) =>
      `Epoch ${epoch}: training loss ${train}, test loss ${test}, ${share} right.`,
  },
  epochs: 'Epochs',
  epochTable: {
    caption: 'Loss and accuracy after each epoch',
    epoch: 'epoch',
    training: 'Training',
    validation: 'Validation',
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
