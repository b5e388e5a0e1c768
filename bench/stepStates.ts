import type { Dataset, Weights } from '../src/index.js';
import type { Store } from '../src/lab.js';

/** The guard's word while all is well. */
const ALL_FINITE = 0xffff_ffff;

/**
 * Gives a training step all that it begins with: images and labels, as many as its plan has room for, weights, rows of
 * rates, and a guard that has seen nothing. The plan's states are in the Store.
 * @param row of rates, by the number of its step, 1 for the first
 */
export function fillStates(
  store: Store,
  { images, labels, rows: height, columns: width }: Dataset,
  weights: Weights,
  row: (step: number) => readonly number[],
): void {
  const [rows = 1] = store.state('rates').shape;
  store.write('rates', Float32Array.from(Array.from({ length: rows }, (_, i) => row(i + 1)).flat()));
  const [count = 0] = store.state('train.labels').shape;
  store.write('train.images', images.subarray(0, count * height * width));
  store.write('train.labels', labels.subarray(0, count));
  store.write('guard', Uint32Array.of(ALL_FINITE));
  for (const [name, { data }] of weights) store.write(name, data);
}
