// What the page and its Worker say to each other. The page never computes; the Worker never draws.

import type { ErrorCode, Profile } from '../src/index.js';
import type { AnswersReply, AnswersRequest } from './protocol/answers.js';
import type { AugmentReply, AugmentRequest } from './protocol/augment.js';
import type { ConvolveReply, ConvolveRequest } from './protocol/convolve.js';
import type { ExamineReply, ExamineRequest } from './protocol/examine.js';
import type { InsideReply, LookInsideRequest, WorkedOutReply, WorkOutRequest } from './protocol/inside.js';
import type { KeepReply, KeepRequest } from './protocol/keep.js';
import type { KernelsReply, KernelsRequest } from './protocol/kernels.js';
import type { CheckNetRequest, NetCheckedReply, NetSummaries } from './protocol/net.js';
import type { FinderReply, FinderRequest } from './protocol/finder.js';
import type { GoingReply, GoingRequest } from './protocol/going.js';
import type { LayersReply, LookAtLayersRequest } from './protocol/layers.js';
import type { NumbersReply } from './protocol/speed.js';
import type { OwnReply, OwnRequest, Strokes } from './protocol/own.js';
import type { DataKind, Settings } from './protocol/settings.js';
import type { TuningReply, TuningRequest } from './protocol/tuning.js';

export type { Strokes } from './protocol/own.js';
export type { Augmented, AugmentRequest } from './protocol/augment.js';
export type { Convolved, ConvolveRequest } from './protocol/convolve.js';
export type { Examined, PixelScale } from './protocol/examine.js';
export type { ExportName, SavedRun } from './protocol/keep.js';
export type { LayerFacts, NetCheck, NetSummaries, NetSummary, Refusal } from './protocol/net.js';
export * from './protocol/settings.js';

export type AdapterName = Profile['adapter'];

export type Phase =
  | 'booting' // no adapter yet
  | 'blocked' // there will be none
  | 'preparing' // a run that nobody has asked for yet: its data, weights and shaders
  | 'ready'
  | 'loading' // data
  | 'compiling'
  | 'training'
  | 'restoring' // the device was lost; another one is asked for
  | 'paused'
  | 'done'
  | 'diverged'
  | 'lost'; // the device; the weights went with it

export type Request =
  | LookAtLayersRequest
  | GoingRequest
  | FinderRequest
  | KeepRequest
  | AugmentRequest
  | CheckNetRequest
  | ConvolveRequest
  | LookInsideRequest
  | WorkOutRequest
  | ExamineRequest
  | KernelsRequest
  | AnswersRequest
  | OwnRequest
  | TuningRequest
  /** Opens the GPU; again after a lost device. */
  | { readonly type: 'open' }
  /** Makes a run of these settings ready to start; does nothing once there is one that has taken a step. */
  | { readonly type: 'prepare'; readonly settings: Settings }
  /** Fetches MNIST from its mirrors (or the cache): only ever sent because a person asked. */
  | { readonly type: 'fetchMnist' }
  | { readonly type: 'cancelFetch' }
  | { readonly type: 'readFiles'; readonly files: readonly File[] }
  /** Trains to `settings.epochs`: a new run, or the paused one if all but rate and epochs are as before. */
  | { readonly type: 'start'; readonly settings: Settings }
  | { readonly type: 'pause' }
  | { readonly type: 'reset' }
  /** What is on the pad; it is answered again and again while the net learns. No strokes: an empty pad. */
  | { readonly type: 'draw'; readonly strokes: Strokes; readonly settings: Settings }
  /** Puts the digit of an image file on the pad. */
  | { readonly type: 'showImage'; readonly file: File; readonly settings: Settings }
  /** Puts an image of the test set on the pad instead: the one at `index`, else some. */
  | { readonly type: 'sample'; readonly settings: Settings; readonly index?: number };

export interface EpochRow {
  readonly epoch: number;
  readonly step: number;
  readonly trainLoss: number;
  readonly trainAccuracy: number;
  /** On the images that are held out, if there are any. */
  readonly validationLoss?: number;
  readonly validationAccuracy?: number;
  readonly testLoss: number;
  readonly testAccuracy: number;
  readonly imagesPerSecond: number;
  readonly seconds: number;
}

/** A data set that the Worker holds. */
export interface DataSummary {
  readonly kind: DataKind;
  /** Counts the sets of this kind. */
  readonly version: number;
  readonly train: number;
  readonly test: number;
  /** The first images of the training set, 28×28 bytes each, and their labels. */
  readonly preview: { readonly pixels: Uint8Array<ArrayBuffer>; readonly labels: Uint8Array<ArrayBuffer> };
}

/** The run that the Worker holds. */
export interface RunSummary {
  readonly settings: Settings;
  readonly stepsPerEpoch: number;
}

export interface Answer {
  /** What the net sees: 28×28 bytes, 0 paper to 255 ink. */
  readonly pixels: Uint8Array<ArrayBuffer>;
  /** One for each digit. */
  readonly probabilities: Float32Array<ArrayBuffer>;
  /** The right answer, where it is known. */
  readonly label?: number;
  /** It is not what the person drew. */
  readonly image?: boolean;
}

export interface Fault {
  readonly code: ErrorCode | 'unexpected';
  /** The sentence to show. */
  readonly message: string;
}

export type Reply =
  | LayersReply
  | GoingReply
  | FinderReply
  | NumbersReply
  | KeepReply
  | AugmentReply
  | NetCheckedReply
  | ConvolveReply
  | InsideReply
  | WorkedOutReply
  | ExamineReply
  | KernelsReply
  | AnswersReply
  | OwnReply
  | TuningReply
  | {
      readonly type: 'opened';
      readonly adapter: AdapterName;
      readonly nets: NetSummaries;
      /** MNIST is in this browser's cache: to use it, nothing needs to be fetched. */
      readonly mnistKept: boolean;
    }
  | { readonly type: 'phase'; readonly phase: Phase }
  | { readonly type: 'compiling'; readonly done: number; readonly total: number }
  | { readonly type: 'arriving'; readonly bytes: number; readonly total: number }
  /** The fetch ended, well or not. */
  | { readonly type: 'arrived' }
  | { readonly type: 'data'; readonly data: DataSummary }
  /** A new run: what is shown of the one before is void. */
  | { readonly type: 'run'; readonly run: RunSummary | undefined }
  /** Steps in a row from `first` on, packed: thousands may arrive in a second. */
  | {
      readonly type: 'steps';
      readonly first: number;
      readonly losses: Float32Array<ArrayBuffer>;
      readonly accuracies: Float32Array<ArrayBuffer>;
      /** Of training, up to the last of them: without evaluations and pauses. */
      readonly seconds: number;
      readonly epoch: number;
      readonly imagesPerSecond: number;
    }
  | { readonly type: 'epoch'; readonly row: EpochRow }
  /** Undefined: the pad is empty. */
  | { readonly type: 'answer'; readonly answer: Answer | undefined }
  | { readonly type: 'fault'; readonly fault: Fault };
