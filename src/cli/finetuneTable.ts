// The flags of `weft finetune`: those of training, and what is done to the weights that it starts from.

import type { Flags } from './flags.js';
import { evalGroups, flat, trainGroups } from './tables.js';

const { net, data, mean, std } = evalGroups['What is evaluated'];

export const finetuneGroups = {
  'What is fine-tuned': {
    'weights-in': {
      kind: 'text',
      hint: '<f.safetensors>',
      wanted: 'a file of weights',
      about: 'trained weights',
      otherwise: 'those that ship, of the tutorial net on digits',
    },
    net,
    data,
    images: {
      kind: 'whole',
      least: 1,
      most: 1e9,
      about: 'of the training set, as many of each class as there can be',
      otherwise: 'all',
    },
    'replace-head': { kind: 'switch', default: false, about: 'a new last layer though the classes are as many' },
    freeze: {
      kind: 'list',
      hint: '<pattern>,<pattern>',
      wanted: 'patterns of names, such as conv*',
      default: [],
      about: 'parameters that stay as they are, such as conv*,fc1.*; may be given again',
    },
    'lr-for': {
      kind: 'list',
      hint: '<pattern>=<factor>',
      wanted: 'patterns and factors, such as conv*=0.1',
      default: [],
      about: 'times the rate, such as conv*=0.1,fc3.*=10; may be given again',
    },
  },
  'How long': trainGroups['How long'],
  'How it is judged meanwhile': trainGroups['How it is judged meanwhile'],
  'How it learns': { ...trainGroups['How it learns'], mean, std },
  'What comes out': trainGroups['What comes out'],
  'Where it runs': trainGroups['Where it runs'],
} as const satisfies Record<string, Flags>;

export const finetuneFlags = flat(finetuneGroups);
