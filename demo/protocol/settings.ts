// What makes a run what it is.

export type DataKind = 'digits' | 'mnist' | 'files';
export type NetName = 'tutorial' | 'figure' | 'wide';
export type OptimizerName = 'sgd' | 'adam';
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
  readonly batch: number;
  readonly seed: number;
  readonly epochs: number;
  /** Which of the kept weights it begins from, counted; 0: from random ones. */
  readonly kept: number;
  /** The convolutions stay as they were kept. */
  readonly frozen: boolean;
}

/** Whether a run of settings `a` can go on under `b`: rate and epochs are free to change. */
export function sameRun(a: Settings, b: Settings): boolean {
  const cold = (of: Settings) =>
    [
      of.data,
      of.data === 'digits' ? of.images : 0,
      of.data === 'files' ? of.files : 0,
      of.augment,
      of.net,
      of.optimizer,
      of.batch,
      of.seed,
      of.kept,
      of.kept > 0 && of.frozen,
    ].join(' ');
  return cold(a) === cold(b);
}
