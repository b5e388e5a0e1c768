import { mustHaveRank } from '../core/shape.js';
import type { Tensor } from '../graph/graph.js';
import { reshape } from './reshape.js';

// Signals are images of one row: what is known of images is known of them, and costs the same.

/** [N, C, L] as [N, C, 1, L], the same words in memory. Throws EngineError 'shape' for another rank. */
export function asRows(place: string, name: string, x: Tensor, layout: string): Tensor {
  mustHaveRank(place, name, x.shape, 3, layout);
  const [N = 1, C = 1, L = 1] = x.shape;
  return reshape(x, [N, C, 1, L]);
}

/** [N, C, 1, L] as [N, C, L]. */
export function asLines(y: Tensor): Tensor {
  const [N = 1, C = 1, , L = 1] = y.shape;
  return reshape(y, [N, C, L]);
}

/** A setting of one axis as one of two, of which the row has no use. */
export const alongColumns = (value: number | undefined, neutral: number): readonly [number, number] => [
  neutral,
  value ?? neutral,
];
