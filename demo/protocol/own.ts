// Digits of the person's own hand.

/** A digit's pen lines, each x, y, width, x, y, width, … with 0 to 1 across the sheet, and 1 for the usual width. */
export type Strokes = readonly (readonly number[])[];

export type OwnRequest =
  /** Reads those that this browser keeps. */
  | { readonly type: 'ownOpen' }
  | { readonly type: 'ownAdd'; readonly label: number; readonly strokes: Strokes }
  | { readonly type: 'ownRemove'; readonly id: number }
  | { readonly type: 'ownClear' }
  /** Has them answered by the net of now. */
  | { readonly type: 'ownAnswer' };

export interface OwnDigits {
  /** Follows from images and labels: a run that learned them is still of them after a reload. */
  readonly version: number;
  readonly ids: readonly number[];
  readonly labels: readonly number[];
  /** Theirs, 28×28 bytes each, framed as all images are. */
  readonly pixels: Uint8Array<ArrayBuffer>;
  /** Whether this browser keeps them for the next visit. */
  readonly kept: boolean;
}

export type OwnReply =
  | { readonly type: 'own'; readonly own: OwnDigits }
  /** What the net takes each for, by their ids. */
  | { readonly type: 'ownAnswers'; readonly answers: ReadonlyMap<number, number> };
