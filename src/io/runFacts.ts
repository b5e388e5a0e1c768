// The settings that a run depends on, as a checkpoint holds them.

import type { Precision } from '../core/precision.js';
import type { Recipe } from '../core/recipe.js';
import type { TrainingAugmentation } from '../ops/augmentation.js';
import { either, kinds, list, number, oneOf, orNull, record, text, whole, yesOrNo, type Check } from './factChecks.js';

/** The settings that the rest of a run depends on. */
export interface RunFacts {
  readonly net: string;
  /** With the rate that it began with. One that is no part of Weft has the kind `own`, and its name. */
  readonly optimizer: Recipe;
  /** Absent in files of earlier versions: the cross-entropy. Of the kind `own` if it is a function that was written by hand. */
  readonly loss?: Recipe;
  /** Of the next step, before the schedule's factor. */
  readonly rate: number;
  /** Of the kind `own` if it is a function that was written by hand. */
  readonly schedule: Recipe;
  readonly plateau: PlateauFacts | null;
  readonly groups: readonly GroupFacts[];
  readonly clip: { readonly norm: number } | { readonly value: number } | null;
  readonly augment: TrainingAugmentation | null;
  readonly precision: Precision;
  readonly lossScale: ScaleFacts | null;
  readonly batch: number;
  readonly accumulate: number;
  readonly seed: number;
  readonly shuffle: boolean;
  readonly mean: number;
  readonly std: number;
  readonly expectedSteps: number;
  /** Images held out of the training set. */
  readonly validation: number;
}

export interface PlateauFacts {
  readonly watch: 'testLoss' | 'testAccuracy' | 'trainLoss' | 'trainAccuracy';
  readonly factor: number;
  readonly patience: number;
  readonly threshold: number;
  readonly relative: boolean;
  readonly cooldown: number;
  readonly leastRate: number;
  readonly epsilon: number;
}

/** What a loss scale begins with, and how it changes. */
export interface ScaleFacts {
  readonly init: number;
  readonly growth: number;
  readonly backoff: number;
  readonly interval: number;
}

export interface GroupFacts {
  /** A pattern for the whole name, or a regular expression. */
  readonly match: string | { readonly expression: string; readonly flags: string };
  readonly rateFactor?: number;
  readonly weightDecay?: number;
  readonly frozen?: boolean;
}

const optimizer = kinds({
  own: [{ name: text }],
  sgd: [{ rate: number, momentum: number, nesterov: yesOrNo, weightDecay: number }],
  adam: [{ rate: number, beta1: number, beta2: number, epsilon: number, weightDecay: number }],
  adamW: [{ rate: number, beta1: number, beta2: number, epsilon: number, weightDecay: number }],
  rmsprop: [{ rate: number, alpha: number, epsilon: number, momentum: number, centered: yesOrNo, weightDecay: number }],
  adagrad: [{ rate: number, rateDecay: number, epsilon: number, weightDecay: number }],
  lion: [{ rate: number, beta1: number, beta2: number, weightDecay: number }],
});

const ofLabels = { classWeights: list(number), ignoreIndex: whole };

const loss = kinds({
  own: [{}],
  crossEntropy: [{ labelSmoothing: number }, ofLabels],
  nll: [{}, ofLabels],
});

const inner: Check = (path, value) => schedule(path, value);

const schedule = kinds({
  own: [{}],
  constant: [{}],
  perEpoch: [{ of: inner }],
  stepDecay: [{ every: whole, factor: number }],
  multiStep: [{ at: list(whole), factor: number }],
  exponential: [{ factor: number }],
  cosine: [{ steps: whole, to: number }, { restarts: whole }],
  oneCycle: [
    {
      steps: whole,
      rising: number,
      divisor: number,
      finalDivisor: number,
      along: oneOf('cosine', 'line'),
      threePhases: yesOrNo,
    },
  ],
  warmup: [{ steps: whole, from: number, after: inner }],
});

const plateau = record({
  watch: oneOf('testLoss', 'testAccuracy', 'trainLoss', 'trainAccuracy'),
  factor: number,
  patience: number,
  threshold: number,
  relative: yesOrNo,
  cooldown: number,
  leastRate: number,
  epsilon: number,
});

const groups = list(
  record(
    { match: either(text, record({ expression: text, flags: text })) },
    { rateFactor: number, weightDecay: number, frozen: yesOrNo },
  ),
);

const augment = record(
  {},
  {
    shift: whole,
    rotate: number,
    scale: list(number),
    shear: number,
    elastic: record({ most: number }, { spacing: whole }),
    noise: number,
    erase: record({ chance: number }, { least: number, most: number }),
    mixup: number,
  },
);

const all = {
  net: text,
  optimizer,
  rate: number,
  schedule,
  plateau: orNull(plateau),
  groups,
  clip: orNull(either(record({ norm: number }), record({ value: number }))),
  augment: orNull(augment),
  precision: oneOf('f32', 'mixed'),
  lossScale: orNull(record({ init: number, growth: number, backoff: number, interval: whole })),
  batch: whole,
  accumulate: whole,
  seed: whole,
  shuffle: yesOrNo,
  mean: number,
  std: number,
  expectedSteps: whole,
  validation: whole,
};

export const runFacts: Check = record(all, { loss });
