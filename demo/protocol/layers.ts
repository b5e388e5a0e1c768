// One image in every layer of the net at hand, with the weights of a moment.

import type { InsideImage } from './inside.js';

export interface LookAtLayersRequest {
  readonly type: 'lookAtLayers';
  readonly image: InsideImage;
  /** How the loss changes with each value, instead of the values themselves. */
  readonly gradients: boolean;
}

export interface LayersReply {
  readonly type: 'layers';
  readonly look: LayersLook;
}

/** Numbers of a layer as planes. */
export interface Planes {
  /** As in the net's summary, or a parameter's name; empty for the image itself. */
  readonly name: string;
  /** Of all that there is. */
  readonly shape: readonly number[];
  /** Weights of the layer that comes next, and not what it makes of the image. */
  readonly isWeights: boolean;
  /** One plane of all of them: a matrix, or numbers in a row, wrapped. */
  readonly isWhole: boolean;
  /** Planes that there are. */
  readonly there: number;
  /** Planes that are shown, at most sixteen. */
  readonly count: number;
  readonly rows: number;
  readonly columns: number;
  /** Of those that are shown, one after the other. */
  readonly values: Float32Array<ArrayBuffer>;
  /** Among all values. */
  readonly least: number;
  readonly most: number;
}

export interface LayersLook {
  /** Steps that the net had learned for. */
  readonly step: number;
  readonly gradients: boolean;
  /** What the image shows, where that is known. */
  readonly label: number | undefined;
  /** What the net takes it for, and how sure it is. */
  readonly answer: number;
  readonly confidence: number;
  readonly image: Planes;
  /** Each layer after its weights, if it has any and they are not too many. */
  readonly layers: readonly Planes[];
}
