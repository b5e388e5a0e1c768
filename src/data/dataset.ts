/** Labelled grey images as bytes: what a data source gives and the GPU keeps. */
export interface Dataset {
  /** Pixels [count, rows, columns], row by row; 0 is paper, 255 is ink. */
  readonly images: Uint8Array<ArrayBuffer>;
  /** Classes [count], each below `classes`. */
  readonly labels: Uint8Array<ArrayBuffer>;
  readonly count: number;
  readonly rows: number;
  readonly columns: number;
  readonly classes: number;
}

/** A training set and a test set of the same kind. */
export interface Splits {
  /** The name a person gave the source: `mnist`, `digits`, or a folder. */
  readonly name: string;
  /** One line on where the bytes came from, for the terminal and the page. */
  readonly source: string;
  readonly train: Dataset;
  readonly test: Dataset;
}
