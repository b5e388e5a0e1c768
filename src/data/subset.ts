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
  mustBeCount('subset', count, set.count);
  return pick(set, choose(set, count, seed));
}

/**
 * Holds so many images of a set out of it: `part` is `subset(set, count, seed)`, and `rest` is every other image, in the
 * order of the set.
 * @throws EngineError 'usage' unless count is a whole number from 1 to one below the set's
 */
export function splitOff(
  set: Dataset,
  count: number,
  seed: number,
): { readonly rest: Dataset; readonly part: Dataset } {
  mustBeCount('splitOff', count, set.count - 1);
  const chosen = choose(set, count, seed);
  const isChosen = new Set(chosen);
  const left = Array.from({ length: set.count }, (_, i) => i).filter((i) => !isChosen.has(i));
  return { rest: pick(set, left), part: pick(set, chosen) };
}

function mustBeCount(place: string, count: number, most: number): void {
  if (Number.isInteger(count) && count >= 1 && count <= most) return;
  throw new EngineError('usage', { place, given: `${count} images`, wanted: `a whole number from 1 to ${most}` });
}

/** The places of so many images, class by class in turn, rising. */
function choose(set: Dataset, count: number, seed: number): readonly number[] {
  const keys = Float64Array.from({ length: set.count }, (_, i) => uniform(seed, STREAM, i));
  // Labels past the classes, which a loss may ignore, take turns as well.
  const classes = set.labels.reduce((most, label) => Math.max(most, label + 1), set.classes);
  const byClass = Array.from({ length: classes }, (): number[] => []);
  set.labels.forEach((label, i) => byClass[label]?.push(i));
  for (const members of byClass) members.sort((a, b) => (keys[a] ?? 0) - (keys[b] ?? 0) || a - b);
  const chosen: number[] = [];
  for (let turn = 0; chosen.length < count; turn++) {
    for (const members of byClass) {
      const next = members[turn];
      if (next !== undefined && chosen.length < count) chosen.push(next);
    }
  }
  return chosen.sort((a, b) => a - b);
}

/** The images at these places, in this order. */
function pick(set: Dataset, places: readonly number[]): Dataset {
  const pixels = set.rows * set.columns;
  const images = new Uint8Array(places.length * pixels);
  places.forEach((place, i) => images.set(set.images.subarray(place * pixels, (place + 1) * pixels), i * pixels));
  return { ...set, images, labels: Uint8Array.from(places, (place) => set.labels[place] ?? 0), count: places.length };
}
