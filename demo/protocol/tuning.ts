// Where a run begins, and what became of what the net knew before.

/** Weights that a person kept. */
export interface Kept {
  /** Counts them. */
  readonly version: number;
  /** The net that they are of, as in `Settings`. */
  readonly net: string;
  readonly steps: number;
  /** On the test images of its run; undefined before the first epoch is over. */
  readonly accuracy: number | undefined;
}

/** Which layers of the net begin with the given weights, and which anew. */
export interface Begun {
  readonly taken: readonly string[];
  readonly fresh: readonly string[];
}

/** How well a net does on what it is measured by. */
export interface Measured {
  readonly step: number;
  /** Of the test images: a fraction, and how many there are. */
  readonly test: { readonly accuracy: number; readonly total: number };
  /** Undefined where the person wrote none. */
  readonly own: { readonly right: number; readonly total: number } | undefined;
}

export type TuningRequest =
  /** Keeps the weights of now, for `Settings.kept`. */
  { readonly type: 'keep' };

export type TuningReply =
  | { readonly type: 'kept'; readonly kept: Kept }
  | { readonly type: 'begun'; readonly begun: Begun }
  /** Before the first step of a run, or after its last one so far. */
  | { readonly type: 'measured'; readonly when: 'before' | 'after'; readonly measured: Measured };
