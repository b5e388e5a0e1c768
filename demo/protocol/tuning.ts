// Where a run begins, and what became of what the net knew before.

import type { Normalisation } from './settings.js';

/** Weights that a person kept. */
export interface Kept extends Normalisation {
  /** Counts them. */
  readonly version: number;
  /** The net that they are of, as in `Settings`. */
  readonly net: string;
  /** 0: of a file, which does not say. */
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
  | { readonly type: 'keep' }
  /** Keeps the weights of a file, and begins with them; they are of `net` where the file does not say. */
  | { readonly type: 'takeWeights'; readonly file: File; readonly net: string };

export type TuningReply =
  /** `use`: the next run is to begin with them. */
  | { readonly type: 'kept'; readonly kept: Kept; readonly use?: boolean }
  | { readonly type: 'begun'; readonly begun: Begun }
  /** Before the first step of a run, or after its last one so far. */
  | { readonly type: 'measured'; readonly when: 'before' | 'after'; readonly measured: Measured };
