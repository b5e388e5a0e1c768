import type { Weights } from '../nn/weights.js';
import { writeSafetensors } from './safetensors.js';

/** Names in the file's metadata, which hold text alone. */
export const WEIGHTS_METADATA = { net: 'weft.net', mean: 'weft.mean', std: 'weft.std' } as const;

/** What weights were trained on. */
export interface TrainedOn {
  /** The net's name. */
  readonly net: string;
  /** Of the pixels, from 0 to 1. */
  readonly mean: number;
  readonly std: number;
}

/** Weights as the bytes of a safetensors file, which `weightsIn` reads back. The same weights give the same bytes. */
export function weightsOut(weights: Weights, { net, mean, std }: TrainedOn): Uint8Array<ArrayBuffer> {
  const tensors = [...weights].map(([name, { shape, data }]) => [name, { dtype: 'F32', shape, data }] as const);
  const { net: named, mean: m, std: s } = WEIGHTS_METADATA;
  return writeSafetensors(new Map(tensors), { [named]: net, [m]: String(mean), [s]: String(std) });
}
