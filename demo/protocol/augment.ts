// What augmentation makes of some images.

import type { AugmentName, DataKind } from './settings.js';

export interface AugmentRequest {
  readonly type: 'augment';
  readonly kind: DataKind;
  readonly augment: Exclude<AugmentName, 'none'>;
  /** The first so many images of the training set. */
  readonly images: number;
  readonly seed: number;
  /** Each epoch draws anew; 1 is the first. */
  readonly epoch: number;
}

export interface AugmentReply {
  readonly type: 'augmented';
  readonly augmented: Augmented;
}

export interface Augmented {
  readonly asked: AugmentRequest;
  /** Of the set that was there. */
  readonly version: number;
  /** 28×28 bytes an image. */
  readonly pixels: Uint8Array<ArrayBuffer>;
}
