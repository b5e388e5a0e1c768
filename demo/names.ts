// Names of what the page speaks of in every language.

export const CHAPTERS = ['data', 'model', 'train', 'evaluate', 'finetune', 'kernels'] as const;
export type ChapterName = (typeof CHAPTERS)[number];

/** Why there can be no training here. */
export type Block = 'insecure' | 'no-webgpu' | 'no-worker-webgpu' | 'no-adapter' | 'limit' | 'broken';

/** What a run does while its tab is out of sight. */
export type WhenHidden = 'train' | 'pause';

/** What became of a run whose tab was out of sight, and whether that is over. */
export interface Away {
  /** It went on, it was paused as the person chose, or the browser stopped the whole tab. */
  readonly run: 'trained' | 'paused' | 'frozen';
  readonly over: boolean;
}

/** What keys do. */
export type KeyDeed =
  | 'chapter'
  | 'primary'
  | 'step'
  | 'reset'
  | 'evaluate'
  | 'settings'
  | 'draw'
  | 'clear'
  | 'language'
  | 'theme'
  | 'log'
  | 'help';

/** What the sentences of the chapters explain. */
export const TERMS = [
  'testSet',
  'normalise',
  'convolution',
  'pooling',
  'dense',
  'parameters',
  'batch',
  'loss',
  'rate',
  'epoch',
  'overfitting',
  'confusion',
  'pretrained',
  'frozen',
  'kernel',
] as const;
export type Term = (typeof TERMS)[number];
