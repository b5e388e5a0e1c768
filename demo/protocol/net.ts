// What a net is made of, and whether its layers fit each other.

import type { NetName } from './settings.js';

/** A layer as it was applied. */
export interface LayerFacts {
  readonly label: string;
  /** Without the batch axis. */
  readonly output: readonly number[];
  readonly parameters: number;
  /** Of the parameters, and of the output of one image. */
  readonly bytes: number;
  /** Multiply-adds of one image, forward. */
  readonly macs: number;
}

/** A layer that has parameters, by the name that those share. */
export interface Module {
  readonly name: string;
  readonly parameters: number;
}

export interface NetSummary {
  readonly input: readonly number[];
  readonly output: readonly number[];
  readonly layers: readonly LayerFacts[];
  readonly modules: readonly Module[];
  readonly parameters: number;
  readonly bytes: number;
  readonly macs: number;
}

export type NetSummaries = Readonly<Record<NetName, NetSummary>>;

export interface CheckNetRequest {
  readonly type: 'checkNet';
  /** As in `Settings`. */
  readonly net: string;
  /** Images a batch: what must find room on the GPU. */
  readonly batch: number;
}

export interface NetCheckedReply {
  readonly type: 'netChecked';
  readonly check: NetCheck;
}

export interface NetCheck {
  readonly net: string;
  /** Of the layers that a person chose, up to one that does not fit; of the last dense layer, too, if all fit. */
  readonly facts: readonly LayerFacts[];
  /** Undefined where a layer is refused. */
  readonly summary: NetSummary | undefined;
  readonly refusal: Refusal | undefined;
}

/** Why a net is refused. */
export type Refusal = {
  /** Which of the chosen layers, from 0; their number for the last dense layer, or for the net as a whole. */
  readonly at: number;
  /** The engine's own sentence, in English. */
  readonly detail: string;
} & (
  | {
      readonly why: 'window';
      readonly window: number;
      readonly rows: number;
      readonly columns: number;
      readonly padding: number;
    }
  /** A layer for images behind one that gives none. */
  | { readonly why: 'flat' }
  /** More bytes in one buffer than this GPU binds. */
  | { readonly why: 'size'; readonly bytes: number; readonly most: number }
  | { readonly why: 'other' }
);
