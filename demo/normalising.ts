// What normalising makes of pixels.

import type { PixelScale } from './protocol/examine.js';
import { NORMALISATION, type Normalisation } from './protocol/settings.js';

/** What a person can take with one press: MNIST's numbers, those of the set at hand, or pixels as they are. */
export type NormaliseBy = 'mnist' | 'set' | 'none';

/** What the net gets for a pixel between 0 and 1. */
export const normalised = (x: number, { mean, std }: Normalisation): number => (x - mean) / std;

/** The pixels of a set after normalising. */
export const scaleAfter = ({ edges, mean, std }: PixelScale, by: Normalisation): PixelScale => ({
  edges: edges.map((edge) => normalised(edge, by)),
  mean: normalised(mean, by),
  std: std / by.std,
});

/** Four digits, as everyone writes them. */
const rounded = (x: number): number => Number(x.toFixed(4));

/** The deviations that a setting takes: a set of one grey has none. */
export const [LEAST_STD, MOST_STD] = [0.01, 10];

/** @param raw of the pixels of the set at hand, between 0 and 1 */
export function normalisationBy(by: NormaliseBy, raw: Normalisation): Normalisation {
  if (by === 'set') return { mean: rounded(raw.mean), std: Math.max(LEAST_STD, rounded(raw.std)) };
  return by === 'none' ? { mean: 0, std: 1 } : NORMALISATION;
}

/** The ends of an axis on which both the raw pixels and the normalised ones lie; that of MNIST's numbers at the least. */
export function axisOf(after: PixelScale): readonly [from: number, to: number] {
  const [first = 0, last = 1] = [after.edges[0], after.edges.at(-1)];
  const margin = 0.05 * (last - first);
  return [Math.min(-1.3, first - margin), Math.max(3.2, last + margin)];
}
