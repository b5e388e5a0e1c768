import { EngineError } from '../core/errors.js';
import { uniform } from '../core/random.js';
import type { Dataset } from './dataset.js';

/** The random stream of choices among images. */
const STREAM = 900;

/**
 * So many images of a set, as many of each class as there can be: in each class the order is drawn by the seed, and the
 * classes take turns. The chosen images stay in the order of the set.
 * @throws EngineError 'usage' unless count is a whole number from 1 to the set's
 */
export function subset(set: Dataset, count: number, seed: number): Dataset {
  if (!Number.isInteger(count) || count < 1 || count > set.count) {
    throw new EngineError('usage', {
      place: 'subset',
      given: `${count} images`,
      wanted: `a whole number from 1 to ${set.count}`,
    });
  }
  const keys = Float64Array.from({ length: set.count }, (_, i) => uniform(seed, STREAM, i));
  const byClass = Array.from({ length: set.classes }, (): number[] => []);
  set.labels.forEach((label, i) => byClass[label]?.push(i));
  for (const members of byClass) members.sort((a, b) => (keys[a] ?? 0) - (keys[b] ?? 0) || a - b);
  const chosen: number[] = [];
  for (let turn = 0; chosen.length < count; turn++) {
    for (const members of byClass) {
      const next = members[turn];
      if (next !== undefined && chosen.length < count) chosen.push(next);
    }
  }
  return pick(
    set,
    chosen.sort((a, b) => a - b),
  );
}

/** The images at these places, in this order. */
function pick(set: Dataset, places: readonly number[]): Dataset {
  const pixels = set.rows * set.columns;
  const images = new Uint8Array(places.length * pixels);
  places.forEach((place, i) => images.set(set.images.subarray(place * pixels, (place + 1) * pixels), i * pixels));
  return { ...set, images, labels: Uint8Array.from(places, (place) => set.labels[place] ?? 0), count: places.length };
}
