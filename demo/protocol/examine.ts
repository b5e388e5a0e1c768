// What a set of images is like, in numbers.

import type { DataKind } from './settings.js';

export interface ExamineRequest {
  readonly type: 'examine';
  /** The set that the Worker holds of this kind; it does not answer where it holds none. */
  readonly kind: DataKind;
}

export interface ExamineReply {
  readonly type: 'examined';
  readonly examined: Examined;
}

/** The pixels of a training set on one scale. */
export interface PixelScale {
  /** Where the bars of the histogram begin and end: one more than there are bars. */
  readonly edges: readonly number[];
  readonly mean: number;
  /** Standard deviation. */
  readonly std: number;
}

export interface Examined {
  readonly kind: DataKind;
  readonly version: number;
  /** For each bar of the histogram, its share of all pixels of the training set, from paper to ink. */
  readonly shares: readonly number[];
  /** Bytes divided by 255. */
  readonly raw: PixelScale;
  /** Images of each class. */
  readonly train: readonly number[];
  readonly test: readonly number[];
}
