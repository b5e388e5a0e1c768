// The flags of commands that compile a training step: all of those of `weft train` that its plan depends on.

import type { Flags } from './flags.js';
import { augment, batches, clip, order, precision, smoothing } from './stepTable.js';
import { flat, json, learningAtAnyRate, pixels, quiet, trainGroups } from './tables.js';

const images = {
  kind: 'whole',
  least: 1,
  most: 1e6,
  default: 60_000,
  about: 'of the training set: kernels are made for its size',
} as const;

const step = {
  ...batches,
  ...learningAtAnyRate,
  ...smoothing,
  ...clip,
  ...order,
  ...augment,
  ...pixels,
} as const satisfies Flags;

export const planGroups = {
  'What is compiled': {
    net: trainGroups['What is trained'].net,
    images: { ...images, about: 'of the training set' },
    dialect: { kind: 'choice', of: ['cpu', 'gpu'], default: 'gpu', about: 'the class of adapters it is for' },
  },
  'As the run that it is for': { ...step, ...precision },
  'What comes out': {
    wgsl: { kind: 'text', hint: '<kernel>', wanted: 'the name of a kernel', about: 'the text of this kernel instead' },
  },
} as const satisfies Record<string, Flags>;

export const tuneGroups = {
  'What is timed': {
    net: trainGroups['What is trained'].net,
    images,
  },
  'As the run that it is for': step,
  'What comes out': {
    forget: { kind: 'switch', default: false, about: 'forget what was found about this adapter, and time nothing' },
    ...json,
    ...quiet,
  },
} as const satisfies Record<string, Flags>;

export const planFlags = flat(planGroups);
export const tuneFlags = flat(tuneGroups);
