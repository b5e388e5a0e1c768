import { uniform } from '../../src/core/random.js';
import type { Dataset, Splits } from '../../src/data/dataset.js';
import { conv2d, dense, flatten, maxPool2d, relu } from '../../src/nn/layers.js';
import { sequential, type Net } from '../../src/nn/net.js';

/** Rows and columns of the tiny images. */
export const SIDE = 8;
/** One class for each quadrant. */
export const CLASSES = 4;

/** One of each kind of layer on 8×8 images: 142 parameters. */
export const tinyNet = (): Net =>
  sequential('tiny', [1, SIDE, SIDE], conv2d(3, 3), relu(), maxPool2d(2), flatten(), dense(CLASSES));

/** The cheapest net that trains: one dense layer, 260 parameters. */
export const flatNet = (): Net => sequential('flat', [1, SIDE, SIDE], flatten(), dense(CLASSES));

/**
 * Seeded images of noise; the quadrant that is brighter than the others is the class.
 * @param stream which images: those of another stream are others
 */
export function tinySet(count: number, stream: number): Dataset {
  const labels = Uint8Array.from({ length: count }, (_, i) => Math.floor(uniform(3, stream, i) * CLASSES));
  const images = Uint8Array.from({ length: count * SIDE * SIDE }, (_, at) => {
    const [i, row, column] = [Math.floor(at / SIDE ** 2), Math.floor(at / SIDE) % SIDE, at % SIDE];
    const quadrant = 2 * Math.floor((2 * row) / SIDE) + Math.floor((2 * column) / SIDE);
    return Math.floor(uniform(4, stream, at) * 160) + (quadrant === labels[i] ? 90 : 0);
  });
  return { images, labels, count, rows: SIDE, columns: SIDE, classes: CLASSES };
}

/** A training and a test set of tiny images. */
export const tinySplits = (train: number, test = 10): Splits => ({
  name: 'tiny',
  source: `${train} + ${test} images of seeded noise`,
  train: tinySet(train, 0),
  test: tinySet(test, 1),
});

/** Seeded images of any size that no class shows in. */
export function noiseSet(count: number, side: number, classes: number): Dataset {
  const labels = Uint8Array.from({ length: count }, (_, i) => Math.floor(uniform(5, 0, i) * classes));
  // Three pixels of ten are ink, as in handwriting; the others are paper.
  const images = Uint8Array.from({ length: count * side * side }, (_, at) =>
    uniform(6, 0, at) < 0.3 ? Math.floor(uniform(6, 1, at) * 256) : 0,
  );
  return { images, labels, count, rows: side, columns: side, classes };
}
