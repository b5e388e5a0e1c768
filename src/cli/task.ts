// What a command asks for, is told, and gets: plain data, the same in Node and in a page.

import type {
  Checkpoint,
  ClipSettings,
  Counters,
  EngineError,
  Evaluation,
  LossScale,
  Mistake,
  OtherBits,
  ParameterGroup,
  Precision,
  SelfTestEvent,
  Splits,
  StepMetrics,
  StopEarly,
  TrainingAugmentation,
  Transfer,
  Weights,
} from '../index.js';

/** What is to be done, as plain data: it crosses into a page as JSON. */
export interface RunSettings {
  readonly task: 'train' | 'evaluate' | 'predict';
  readonly net: string;
  /** How many classes the net tells apart, if not as it comes. */
  readonly classes?: number | undefined;
  readonly mean: number;
  readonly std: number;
  /** How many of the images with wrong answers are wanted, of `evaluate`; none if absent. */
  readonly mistakes?: number;
  /** Absent where nothing is trained. */
  readonly training?: TrainingSettings;
}

export interface TrainingSettings {
  /** Absent where a run goes on with its own; so is the schedule. */
  readonly optimizer?: OptimizerSettings;
  readonly schedule?: ScheduleSettings;
  /** Parameters that are trained otherwise than the rest, or not at all; absent where a run goes on as it was begun. */
  readonly groups?: readonly ParameterGroup[];
  /** Epochs without a better loss after which the rate is reduced; absent: it is not, or as a run that goes on was begun. */
  readonly plateau?: number;
  /** Absent: none, or as a run that goes on was begun. */
  readonly labelSmoothing?: number;
  /** Bounds on gradients; absent: none. */
  readonly clip?: ClipSettings;
  readonly batch: number;
  /** Batches of a step. */
  readonly accumulate: number;
  readonly precision: Precision;
  readonly seed: number;
  readonly shuffle: boolean;
  /** What is done to training images; nothing if absent, or what a run that goes on has done. */
  readonly augment?: TrainingAugmentation;
  /** Ends when so many epochs are done. */
  readonly epochs: number;
  /** Ends when so many steps are done, if that comes first. */
  readonly steps?: number;
  /** Training images held out to judge epochs by, a number of them or below 1 a fraction; none if absent. */
  readonly validation?: number;
  /** Ends after so many epochs without a better validation loss. */
  readonly stopEarly?: StopEarly;
  /** Ends with the weights of the epoch with the smallest validation loss. */
  readonly keepBest?: boolean;
  /** Steps from one checkpoint to the next, besides those at the ends of epochs. */
  readonly saveEvery?: number;
  /** Whether the test images are asked before the first step too. */
  readonly evaluateFirst?: boolean;
}

export type OptimizerSettings =
  | {
      readonly kind: 'sgd';
      readonly rate: number;
      readonly momentum: number;
      readonly nesterov: boolean;
      readonly weightDecay: number;
    }
  | { readonly kind: 'rmsprop'; readonly rate: number; readonly momentum: number; readonly weightDecay: number }
  | {
      readonly kind: 'adam' | 'adamw' | 'adagrad' | 'lion';
      readonly rate: number;
      readonly weightDecay: number;
    };

/** How the rate changes over a whole run. */
export interface ScheduleSettings {
  readonly kind: 'constant' | 'step' | 'exponential' | 'cosine' | 'one-cycle';
  /** Steps in which it first rises. */
  readonly warmup: number;
}

/** What it is done with. For `predict` the test images are those to recognise. */
export interface RunMaterial {
  readonly data: Splits;
  readonly weights?: Weights;
  /** Goes on with this run instead of beginning one. */
  readonly resume?: Checkpoint;
  /** Hears of every checkpoint, and training waits for it; none are made if absent. */
  readonly save?: (checkpoint: Checkpoint) => Promise<void>;
  /** Once it aborts, training stops after the steps that are submitted. */
  readonly signal: AbortSignal;
}

/** What is worth telling meanwhile, in this order. */
export type RunEvent =
  | AdapterEvent
  | { readonly event: 'compile'; readonly done: number; readonly total: number }
  | TestEvent
  | OtherBitsEvent
  | TransferEvent
  | ModelEvent
  | BeforeEvent
  | { readonly event: 'steps'; readonly steps: readonly StepMetrics[]; readonly imagesPerSecond: number }
  | EpochEvent
  | RestoredEvent
  | { readonly event: 'evaluate' };

/** What the self-test of a plan found. */
export interface TestEvent {
  readonly event: 'self-test';
  readonly type: SelfTestEvent['type'];
  readonly plan: string;
  readonly sentence: string;
}

/** Why a run that goes on will not come to the bits of a run without a break. */
export interface OtherBitsEvent extends OtherBits {
  readonly event: 'other-bits';
}

export interface AdapterEvent {
  readonly event: 'adapter';
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  readonly description: string;
  readonly software: boolean;
  readonly features: readonly string[];
}

/** What became of the weights that a training starts from. */
export interface TransferEvent extends Omit<Transfer, 'weights'> {
  readonly event: 'transfer';
  /** Where they are from. */
  readonly from: string;
}

/** The test images, before the first step. */
export interface BeforeEvent {
  readonly event: 'before';
  readonly testLoss: number;
  readonly testAccuracy: number;
}

export interface ModelEvent {
  readonly event: 'model';
  readonly net: string;
  readonly parameters: number;
  /** Multiply-adds of one image, forward. */
  readonly macs: number;
  /** Of all parameters. */
  readonly bytes: number;
  readonly stepsPerEpoch: number;
  /** Until the end, whichever limit comes first. */
  readonly steps: number;
}

/** The device was lost, and the run goes on from this step on a new one. */
export interface RestoredEvent {
  readonly event: 'restored';
  readonly step: number;
  readonly reason: string;
  readonly message: string;
}

export interface EpochEvent {
  readonly event: 'epoch';
  readonly epoch: number;
  readonly trainLoss: number;
  readonly trainAccuracy: number;
  readonly testLoss?: number;
  readonly testAccuracy?: number;
  /** In place of the test's, where there is a validation set. */
  readonly validationLoss?: number;
  readonly validationAccuracy?: number;
  readonly bestEpoch?: number;
  /** Patience is at its end. */
  readonly stopsEarly?: true;
  /** Steps of the run so far that the loss scale has skipped; absent where there is none. */
  readonly skipped?: number;
  readonly imagesPerSecond: number;
  readonly seconds: number;
}

export type Sink = (event: RunEvent) => void;

export interface RunOutcome {
  /** Whether the signal ended it before its own end. */
  readonly interrupted: boolean;
  /** Steps done. */
  readonly steps: number;
  /** From the first step to the last, evaluations between them included. */
  readonly seconds: number;
  /** Whether it ended because the validation loss got no better. */
  readonly stoppedEarly?: boolean;
  /** The epoch that the weights are of, and its validation loss: where the best are kept and an epoch has ended. */
  readonly best?: { readonly epoch: number; readonly loss: number };
  /** What the loss scale has come to, if there is one. */
  readonly lossScale?: LossScale;
  /** On the test images, with the weights at the end. Absent if interrupted, and for `predict`. */
  readonly evaluation?: { readonly loss: number; readonly accuracy: number };
  /** confusion[label][answer]: of `evaluate` alone. */
  readonly confusion?: Evaluation['confusion'];
  /** Where they were asked for, the surest answer first: of `evaluate` alone. */
  readonly mistakes?: readonly Mistake[];
  /** Of each image, class after class: of `predict` alone. */
  readonly probabilities?: readonly number[];
  /** Of `train` alone. */
  readonly weights?: Weights;
  /** Why the training ended early, if it diverged: the parts of the engine's error. The weights are those that it names. */
  readonly diverged?: Pick<EngineError, 'place' | 'given' | 'wanted' | 'wayOut'>;
  /** Absent if it was interrupted before the first step. */
  readonly counters?: Counters;
}

/** Where `runTask` runs. */
export interface Host {
  readonly backend: 'node' | 'chromium';
  run(settings: RunSettings, material: RunMaterial, sink: Sink): Promise<RunOutcome>;
  close(): Promise<void>;
}
