import type { PlainWeights } from './plainNet.js';
import type { PlainUpdate } from './plainTraining.js';

/** torch.amp.GradScaler by hand. */
export interface PlainScaler {
  readonly update: PlainUpdate;
  scale: number;
  good: number;
  skipped: number;
}

/** The largest f32, and the largest scale. */
const LARGEST = (2 - 2 ** -23) * 2 ** 127;
const LARGEST_SCALE = 2 ** 126;

/** The largest size of an element. */
export const largestOf = (slopes: PlainWeights): number =>
  Math.max(...[...slopes.values()].flatMap((values) => Array.from(values, Math.abs)));

/**
 * An update that is skipped where gradients overflow.
 * @param follow is given the number of the update, and that of the step: 1 for the first
 * @param overflows whether gradients do at a scale
 */
export function plainScaler(
  follow: (weights: PlainWeights, slopes: PlainWeights, update: number, step: number) => void,
  settings: { readonly init: number; readonly growth: number; readonly backoff: number; readonly interval: number },
  overflows = (slopes: PlainWeights, scale: number): boolean => largestOf(slopes) * scale > LARGEST,
): PlainScaler {
  const scaler: PlainScaler = {
    scale: settings.init,
    good: 0,
    skipped: 0,
    update: (weights, slopes, step) => {
      if (overflows(slopes, scaler.scale)) {
        scaler.scale *= settings.backoff;
        scaler.good = 0;
        scaler.skipped++;
        return;
      }
      follow(weights, slopes, step - scaler.skipped, step);
      scaler.good++;
      if (scaler.good < settings.interval) return;
      scaler.good = 0;
      if (scaler.scale * settings.growth <= LARGEST_SCALE) scaler.scale *= settings.growth;
    },
  };
  return scaler;
}
