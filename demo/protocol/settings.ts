// What makes a run what it is.

export type DataKind = 'digits' | 'mnist' | 'files';
export type NetName = 'tutorial' | 'figure' | 'wide';
export type OptimizerName = 'sgd' | 'adam' | 'adamW';
/** How the learning rate goes along a run. */
export type ScheduleName = 'constant' | 'step' | 'cosine' | 'oneCycle';
/** None, or the library's amounts of that name. */
export type AugmentName = 'none' | 'light' | 'strong';
/** Which weights a run begins with: those that ship, or those that the person kept. */
export type Begin = 'random' | 'pretrained' | 'kept';
/** What a run learns: the training images of its source, the person's own digits, or half of each. */
export type Learn = 'set' | 'own' | 'both';

/** What pixels between 0 and 1 are normalised by: (x − mean)/std. */
export interface Normalisation {
  readonly mean: number;
  readonly std: number;
}

/** Of all training pixels of MNIST, as everyone has it. */
export const NORMALISATION: Normalisation = { mean: 0.1307, std: 0.3081 };

/** Everything that makes a run what it is: equal settings give equal runs on one adapter. */
export interface Settings extends Normalisation {
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
  readonly begin: Begin;
  /** Which of the kept weights these are, counted; 0: there are none. */
  readonly kept: number;
  /** Layers that stay as they were at the beginning, by name, with spaces between them; of random weights none does. */
  readonly frozen: string;
  readonly learn: Learn;
  /** Which state of the person's digits, as a number that follows from them: the images stay with the Worker. */
  readonly own: number;
}

/** What a run takes on while it goes. */
export type Hot = Pick<Settings, 'rate' | 'schedule' | 'epochs'>;

export const hotOf = ({ rate, schedule, epochs }: Settings): Hot => ({ rate, schedule, epochs });

/** Of the person's own digits none is held out: there are few, and each is wanted. */
export const heldOutOf = ({ learn, heldOut }: Settings): number => (learn === 'set' ? heldOut : 0);

/** Whether a run of settings `a` can go on under `b`: rate, schedule and epochs are free to change. */
export function sameRun(a: Settings, b: Settings): boolean {
  const cold = (of: Settings) =>
    [
      of.data,
      of.data === 'digits' ? of.images : 0,
      of.data === 'files' ? of.files : 0,
      of.augment,
      of.mean,
      of.std,
      of.net,
      of.optimizer,
      of.optimizer === 'sgd' ? of.momentum : 0,
      of.weightDecay,
      of.clip,
      of.batch,
      of.seed,
      heldOutOf(of),
      of.begin,
      of.begin === 'kept' ? of.kept : 0,
      of.begin === 'random' ? '' : of.frozen,
      of.learn,
      of.learn === 'set' ? 0 : of.own,
    ].join(' ');
  return cold(a) === cold(b);
}
