import type { Dataset } from './dataset.js';

/** What a set is like, in numbers. */
export interface SetStatistics {
  /** Images of each class. */
  readonly perClass: readonly number[];
  /** Of all pixels, scaled to 0…1: what `mean` and `std` of a trainer would make 0 and 1. */
  readonly mean: number;
  /** The root of the mean square distance from the mean. */
  readonly std: number;
}

/** Counts the images of each class, and takes mean and deviation of all pixels. */
export function statisticsOf({ images, labels, classes }: Dataset): SetStatistics {
  const perClass = new Array<number>(classes).fill(0);
  for (const label of labels) perClass[label] = (perClass[label] ?? 0) + 1;
  // Whole numbers: exact up to 10¹¹ pixels.
  let [sum, squares] = [0, 0];
  for (const byte of images) {
    sum += byte;
    squares += byte * byte;
  }
  const mean = sum / images.length;
  const variance = Math.max(0, squares / images.length - mean * mean);
  return { perClass, mean: mean / 255, std: Math.sqrt(variance) / 255 };
}
