// A convolution of few numbers, to be followed by eye.

export interface ConvolveRequest {
  readonly type: 'convolve';
  /** [side, side], row by row. */
  readonly image: readonly number[];
  readonly side: number;
  /** [window, window]. */
  readonly kernel: readonly number[];
  readonly window: number;
  readonly stride: number;
  readonly padding: number;
}

export interface ConvolveReply {
  readonly type: 'convolved';
  readonly convolved: Convolved;
}

export interface Convolved {
  readonly asked: ConvolveRequest;
  /** Rows and columns of the result. */
  readonly rows: number;
  readonly columns: number;
  /** [rows, columns]. */
  readonly sums: Float32Array<ArrayBuffer>;
  /** What each place of the kernel adds to them, [window · window, rows, columns]. */
  readonly products: Float32Array<ArrayBuffer>;
}
