// What one image becomes in a convolution of the net at hand, and how one of its values comes about.

/** An image: of the test set by its place, counted around, or as bytes. */
export type InsideImage =
  | { readonly kind: 'test'; readonly at: number }
  | { readonly kind: 'pixels'; readonly pixels: Uint8Array<ArrayBuffer> };

/** A value of a convolution's result. */
export interface Place {
  readonly filter: number;
  readonly row: number;
  readonly column: number;
}

export interface LookInsideRequest {
  readonly type: 'lookInside';
  readonly image: InsideImage;
  /** Which convolution of the net, from 0; the last, if there are fewer. */
  readonly conv: number;
  readonly filter: number;
  /** Undefined: in the middle. */
  readonly spot: Pick<Place, 'row' | 'column'> | undefined;
}

/** Of the convolution that was looked at last, with the weights of that moment. */
export interface WorkOutRequest {
  readonly type: 'workOut';
  readonly place: Place;
}

export interface InsideReply {
  readonly type: 'inside';
  readonly inside: Inside;
}

export interface WorkedOutReply {
  readonly type: 'workedOut';
  readonly workedOut: WorkedOut;
}

/** Values of one image, [channels, rows, columns]. */
export interface Maps {
  readonly channels: number;
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array<ArrayBuffer>;
}

export interface Inside {
  /** Names of the net's convolutions, in its order; none: then there is nothing else. */
  readonly convs: readonly string[];
  readonly conv: number;
  /** Steps that the net had learned for. */
  readonly step: number;
  /** What the image shows, where that is known. */
  readonly label: number | undefined;
  readonly input: Maps;
  readonly output: Maps;
  readonly window: readonly [rows: number, columns: number];
  readonly stride: number;
  readonly padding: number;
  readonly workedOut: WorkedOut;
}

/** One value: each channel's window times its kernel, added up over the channels, and the bias. */
export interface WorkedOut {
  readonly place: Place;
  readonly channels: readonly {
    /** [rows, columns] of the window; undefined beyond the edge of the image, where it counts as 0. */
    readonly window: readonly (number | undefined)[];
    readonly kernel: readonly number[];
    readonly sum: number;
  }[];
  /** Of all products, in f64. */
  readonly sum: number;
  readonly bias: number;
  /** Sum and bias. */
  readonly total: number;
  /** What the GPU made of it, in f32. */
  readonly value: number;
}
