// What makes a run what it is.

export type DataKind = 'digits' | 'mnist' | 'files';
export type NetName = 'tutorial' | 'figure' | 'wide';
export type OptimizerName = 'sgd' | 'adam' | 'adamW';
/** How the learning rate goes along a run. */
export type ScheduleName = 'constant' | 'step' | 'cosine' | 'oneCycle';
/** None, or the library's amounts of that name. */
export type AugmentName = 'none' | 'light' | 'strong';

/** Everything that makes a run what it is: equal settings give equal runs on one adapter. */
export interface Settings {
  readonly data: DataKind;
  /** How many training images to generate; the other sources bring their own number. */
  readonly images: number;
  /** Which of the person's choices of files, counted: the files themselves stay with the Worker. */
  readonly files: number;
  /** What is done to training images, each epoch anew. */
  readonly augment: AugmentName;
  /** A `NetName`, or the layers of a net of one's own as `netText` writes them. */
  readonly net: string;
  readonly optimizer: OptimizerName;
  readonly rate: number;
  readonly schedule: ScheduleName;
  /** Of SGD. */
  readonly momentum: number;
  readonly weightDecay: number;
  /** The most that the norm of all gradients may be; 0: whatever it is. */
  readonly clip: number;
  readonly batch: number;
  readonly seed: number;
  /** The part of the training images that is held out to judge epochs by; 0: none. */
  readonly heldOut: number;
  readonly epochs: number;
  /** Which of the kept weights it begins from, counted; 0: from random ones. */
  readonly kept: number;
  /** The convolutions stay as they were kept. */
  readonly frozen: boolean;
}

/** What a run takes on while it goes. */
export type Hot = Pick<Settings, 'rate' | 'schedule' | 'epochs'>;

export const hotOf = ({ rate, schedule, epochs }: Settings): Hot => ({ rate, schedule, epochs });

/** Whether a run of settings `a` can go on under `b`: rate, schedule and epochs are free to change. */
export function sameRun(a: Settings, b: Settings): boolean {
  const cold = (of: Settings) =>
    [
      of.data,
      of.data === 'digits' ? of.images : 0,
      of.data === 'files' ? of.files : 0,
      of.augment,
      of.net,
      of.optimizer,
      of.optimizer === 'sgd' ? of.momentum : 0,
      of.weightDecay,
      of.clip,
      of.batch,
      of.seed,
      of.heldOut,
      of.kept,
      of.kept > 0 && of.frozen,
    ].join(' ');
  return cold(a) === cold(b);
}
