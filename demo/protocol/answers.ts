// What the net makes of the test images: counted, scored, and looked at one by one.

import type { Scores } from '../../src/index.js';

/** A cell of the confusion matrix. */
export interface Cell {
  readonly label: number;
  readonly answer: number;
}

/** Which test images to look at: those of a cell, or the wrong answers. */
export type Look = Cell | 'mistakes';

export type AnswersRequest =
  /** Shows test images with the weights of now; the confusion matrix comes with them, if it is another one. */
  { readonly type: 'look'; readonly at: Look };

export interface Confusion {
  /** counts[label][answer]: how many test images. */
  readonly counts: readonly (readonly number[])[];
  readonly scores: Scores;
  /** Steps that the net had learned for. */
  readonly step: number;
}

/** A test image and what it got. */
export interface Seen {
  /** In the test set, from 0. */
  readonly index: number;
  readonly label: number;
  readonly answer: number;
  /** The probability that the net gives its answer. */
  readonly confidence: number;
}

/** Test images of one kind. */
export interface Sight {
  /** As in `Confusion`. */
  readonly step: number;
  /** How many there are; not all of them are shown. */
  readonly total: number;
  /** Mistakes the surest first; right answers the least sure first. */
  readonly images: readonly Seen[];
  /** Theirs, 28×28 bytes each. */
  readonly pixels: Uint8Array<ArrayBuffer>;
}

export type AnswersReply =
  | { readonly type: 'confusion'; readonly confusion: Confusion }
  | { readonly type: 'sight'; readonly at: Look; readonly sight: Sight };
