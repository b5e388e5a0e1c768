// The flags of commands that train and use nets, and what all tables share.

import { nets } from '../index.js';
import { ABOVE_0, ANY, AT_LEAST_0, FRACTION, type Flags } from './flags.js';
import { judging, plateau } from './judgeTable.js';
import { augment, batches, clip, order, precision, smoothing } from './stepTable.js';

export const data = {
  data: {
    kind: 'text',
    hint: 'auto|digits|mnist|<folder>',
    wanted: 'auto, digits, mnist or a folder of IDX files or PNG images',
    default: 'auto',
    about: 'images; auto: MNIST if it can be had, else generated digits',
  },
} as const satisfies Flags;

/** MNIST's own. */
export const DEFAULT_PIXELS = { mean: 0.1307, std: 0.3081 } as const;

export const pixels = {
  mean: { kind: 'number', range: ANY, default: DEFAULT_PIXELS.mean, about: 'taken from pixels scaled to 0…1' },
  std: { kind: 'number', range: ABOVE_0, default: DEFAULT_PIXELS.std, about: 'by which they are divided then' },
} as const satisfies Flags;

/** Where weights are given, they may say what was taken from the pixels when they were trained. */
const pixelsOfWeights = {
  mean: { kind: 'number', range: ANY, about: pixels.mean.about, otherwise: `as trained, or ${DEFAULT_PIXELS.mean}` },
  std: { kind: 'number', range: ABOVE_0, about: pixels.std.about, otherwise: `as trained, or ${DEFAULT_PIXELS.std}` },
} as const satisfies Flags;

const netOfWeights = {
  net: { kind: 'choice', of: Object.keys(nets), about: 'which net', otherwise: 'the one that the weights fit' },
} as const satisfies Flags;

const trained = {
  'weights-in': {
    kind: 'text',
    hint: '<f.safetensors>',
    wanted: 'a file of weights',
    about: 'trained weights; must be given',
  },
} as const satisfies Flags;

const backend = {
  backend: {
    kind: 'choice',
    of: ['node', 'chromium'],
    about: 'Dawn in Node, or headless Chromium',
    otherwise: 'whichever has a GPU, Node first',
  },
} as const satisfies Flags;

export const json = {
  json: { kind: 'switch', default: false, about: 'JSON lines on stdout' },
} as const satisfies Flags;

export const quiet = {
  quiet: { kind: 'switch', default: false, about: 'the result alone: nothing on stderr but errors' },
} as const satisfies Flags;

const OPTIMIZERS = ['sgd', 'adam', 'adamw', 'rmsprop', 'adagrad', 'lion'] as const;

/** The optimizer and its settings. */
const learning = {
  optimizer: { kind: 'choice', of: OPTIMIZERS, default: 'sgd', about: 'how weights follow gradients' },
  lr: {
    kind: 'number',
    range: ABOVE_0,
    about: 'learning rate',
    otherwise: '0.001; rmsprop, adagrad 0.01; lion 0.0001',
  },
  momentum: { kind: 'number', range: FRACTION, about: 'of sgd and rmsprop', otherwise: '0.9 and 0' },
  nesterov: { kind: 'switch', default: false, about: 'momentum that looks ahead' },
  'weight-decay': {
    kind: 'number',
    range: AT_LEAST_0,
    about: 'pull of weights towards 0',
    otherwise: '0; adamw 0.01',
  },
} as const satisfies Flags;

/** Heading → flags: the order of the help. */
export const trainGroups = {
  'What is trained': {
    net: { kind: 'choice', of: Object.keys(nets), default: 'tutorial', about: 'which net' },
    ...data,
    'weights-in': {
      kind: 'text',
      hint: '<f.safetensors>',
      wanted: 'a file of weights',
      about: 'where to start',
      otherwise: 'random weights of the seed',
    },
  },
  'How long': {
    epochs: {
      kind: 'whole',
      least: 0,
      most: 1e9,
      about: 'passes over the images',
      otherwise: '10, or as --steps needs',
    },
    steps: { kind: 'whole', least: 0, most: 1e12, about: 'stop after so many' },
  },
  'How it is judged meanwhile': judging,
  'How it learns': {
    ...batches,
    ...precision,
    ...learning,
    schedule: {
      kind: 'choice',
      of: ['constant', 'step', 'exponential', 'cosine', 'one-cycle'],
      default: 'constant',
      about: 'how the rate changes over the run',
    },
    warmup: { kind: 'whole', least: 0, most: 1e9, default: 0, about: 'steps in which the rate first rises' },
    ...plateau,
    ...smoothing,
    ...clip,
    ...order,
    ...augment,
    ...pixels,
  },
  'What comes out': {
    'weights-out': {
      kind: 'text',
      hint: '<f.safetensors>',
      wanted: 'a file of weights',
      about: 'where the weights are saved',
    },
    checkpoint: {
      kind: 'text',
      hint: '<folder>',
      wanted: 'a folder',
      about: 'where the run is kept, so that it can go on',
    },
    'checkpoint-every': {
      kind: 'whole',
      least: 1,
      most: 1e12,
      about: 'steps between checkpoints',
      otherwise: 'one an epoch',
    },
    resume: { kind: 'switch', default: false, about: 'go on with the run of --checkpoint, by its settings' },
    metrics: {
      kind: 'text',
      hint: '<f.jsonl>',
      wanted: 'a file to write',
      about: 'loss and accuracy, one line a step',
    },
    ...json,
    ...quiet,
  },
  'Where it runs': backend,
} as const satisfies Record<string, Flags>;

export const evalGroups = {
  'What is evaluated': { ...trained, ...netOfWeights, ...data, ...pixelsOfWeights },
  'What comes out': {
    mistakes: {
      kind: 'text',
      hint: '<f.png>',
      wanted: 'a PNG file to write',
      about: 'a sheet of the images with wrong answers, the surest first',
    },
    ...json,
    ...quiet,
  },
  'Where it runs': backend,
} as const satisfies Record<string, Flags>;

export const predictGroups = {
  'What is recognised': {
    ...trained,
    image: {
      kind: 'text',
      hint: '<d.png>',
      wanted: 'a PNG file',
      about: 'a digit: any size, dark on light or light on dark; must be given',
    },
    ...netOfWeights,
    ...pixelsOfWeights,
  },
  'What comes out': { ...json, ...quiet },
  'Where it runs': backend,
} as const satisfies Record<string, Flags>;

export const doctorGroups = {
  Flags: {
    browser: { kind: 'switch', default: true, about: 'do not start Chromium to ask a page' },
    'self-test': { kind: 'switch', default: false, about: 'check every kernel of the tutorial net on this adapter' },
    ...json,
  },
} as const satisfies Record<string, Flags>;

/** Of plans that are made without a run, and of runs that go through all rates. */
export const { lr: _, ...learningAtAnyRate } = learning;

export const rateGroups = {
  'What is trained': {
    net: { kind: 'choice', of: Object.keys(nets), default: 'tutorial', about: 'which net' },
    ...data,
    'weights-in': trainGroups['What is trained']['weights-in'],
  },
  'How it learns': {
    batch: { kind: 'whole', least: 1, most: 65_536, default: 64, about: 'images a step' },
    ...learningAtAnyRate,
    seed: { kind: 'whole', least: 0, most: 2 ** 32 - 1, default: 1, about: 'of first weights and shuffling' },
    ...pixels,
  },
  'Which rates': {
    from: { kind: 'number', range: ABOVE_0, default: 1e-7, about: 'the first' },
    to: { kind: 'number', range: ABOVE_0, default: 10, about: 'the last' },
    steps: { kind: 'whole', least: 2, most: 1e6, default: 100, about: 'from the first to the last' },
  },
  'What comes out': {
    out: { kind: 'text', hint: '<folder>', wanted: 'a folder', about: 'a chart, as SVG and PNG' },
    ...json,
    ...quiet,
  },
} as const satisfies Record<string, Flags>;

export const trainFlags = flat(trainGroups);
export const rateFlags = flat(rateGroups);
export const evalFlags = flat(evalGroups);
export const predictFlags = flat(predictGroups);
export const doctorFlags = flat(doctorGroups);

type Union<G> = G[keyof G];
type Merged<U> = (U extends unknown ? (each: U) => void : never) extends (all: infer All) => void ? All : never;

/** All flags of a command, without their headings. */
export function flat<const G extends Record<string, Flags>>(groups: G): Merged<Union<G>> {
  return Object.assign({}, ...Object.values(groups)) as Merged<Union<G>>;
}
