import { permutation } from '../core/permutation.js';
import { EngineError } from '../core/errors.js';
import { mustBeWhole, sizeOf } from '../core/shape.js';
import type { Tensor } from '../graph/graph.js';
import { defineOp, gamma, type Op } from '../graph/op.js';
import { mustBe, mustBeFinite, mustBeWord } from './operands.js';

export interface BatchAttrs {
  /** Images in the set. */
  readonly count: number;
  /** Rows of a batch; an epoch's last batch may have fewer live ones. */
  readonly batch: number;
  readonly seed: number;
  /** A new order every epoch; otherwise the order of the set. */
  readonly shuffle: boolean;
}

/** Throws unless a seed is a word: it is hashed as one. */
function mustBeSeed(seed: number): void {
  if (Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32) return;
  throw new EngineError('usage', {
    place: 'batchOf',
    given: `seed ${seed}`,
    wanted: 'a whole number from 0 to 2³² − 1',
  });
}

/** The node behind `batchOf`: outputs the indices and the live count. */
export const batchOp: Op<BatchAttrs> = defineOp('batchOf', {
  arity: 1,
  infer: ([step], { count, batch, seed }) => {
    mustBeWord('batchOf', 'step', step);
    mustBeWhole('batchOf', 'count', count, 1);
    mustBeWhole('batchOf', 'batch', batch, 1);
    mustBeSeed(seed);
    return [
      { shape: [batch], dtype: 'u32' },
      { shape: [1], dtype: 'u32' },
    ];
  },
  at: ([step], [b], { count, batch, seed, shuffle }, output) => {
    const perEpoch = Math.ceil(count / batch);
    const epoch = Math.floor(step.flat(0) / perEpoch);
    const first = (step.flat(0) % perEpoch) * batch;
    if (output === 1) return Math.min(batch, count - first);
    if (first + b >= count) return 0;
    return shuffle ? permutation(seed, epoch, count, first + b) : first + b;
  },
  terms: () => 0,
});

/**
 * Which images a step trains on. Step s of an epoch of ⌈count/batch⌉ steps has the images at places s·batch + b of the
 * epoch's order; rows past the last image hold image 0 and are not live.
 * @param step u32 [1]
 * @returns indices u32 [batch] and live u32 [1]
 */
export function batchOf(step: Tensor, attrs: BatchAttrs): { readonly indices: Tensor; readonly live: Tensor } {
  const [indices, live] = batchOp.apply([step], attrs) as readonly [Tensor, Tensor];
  return { indices, live };
}

export interface Normalisation {
  /** Of pixels scaled to 0…1. */
  readonly mean: number;
  readonly std: number;
}

/** The node behind `gatherImages`. */
export const gatherImagesOp: Op<Normalisation> = defineOp('gatherImages', {
  arity: 2,
  infer: ([images, indices], { mean, std }) => {
    mustBe('gatherImages', 'images', images, 'u8', ['count', 'rows', 'columns']);
    mustBe('gatherImages', 'indices', indices, 'u32', ['N']);
    mustBeFinite('gatherImages', 'mean', mean);
    mustBeFinite('gatherImages', '1/std', 1 / std);
    return [{ shape: [sizeOf(indices.shape), 1, images.shape[1] ?? 1, images.shape[2] ?? 1], dtype: 'f32' }];
  },
  at: ([images, indices], [n, , row, column], { mean, std }) =>
    (images.at(indices.at(n), row, column) / 255 - mean) / std,
  // Two divisions at 2.5 ULP each, a difference, and the constants' own rounding.
  errorBound: ([images, indices], [n, , row, column], { mean, std }) =>
    (gamma(14) * (images.at(indices.at(n), row, column) / 255 + Math.abs(mean))) / std,
  half: true,
});

/** Pixels as the net wants them: (x/255 − mean)/std; images u8 [count, rows, columns], indices u32 [N] → f32 [N, 1, rows, columns]. */
export const gatherImages = (images: Tensor, indices: Tensor, normalisation: Normalisation): Tensor =>
  gatherImagesOp.one([images, indices], { mean: normalisation.mean, std: normalisation.std });

/** The node behind `gatherLabels`. */
export const gatherLabelsOp: Op<object> = defineOp('gatherLabels', {
  arity: 2,
  infer: ([labels, indices]) => {
    mustBe('gatherLabels', 'labels', labels, 'u8', ['count']);
    mustBe('gatherLabels', 'indices', indices, 'u32', ['N']);
    return [{ shape: indices.shape, dtype: 'u32' }];
  },
  at: ([labels, indices], [n]) => labels.at(indices.at(n)),
  terms: () => 0,
});

/** labels u8 [count], indices u32 [N] → u32 [N]. */
export const gatherLabels = (labels: Tensor, indices: Tensor): Tensor => gatherLabelsOp.one([labels, indices], {});

/** The node behind `scatterRows`; its kernel writes over the target. */
export const scatterRowsOp: Op<object> = defineOp('scatterRows', {
  arity: 4,
  infer: ([target, rows, step, live]) => {
    mustBe('scatterRows', 'target', target, target.dtype === 'u8' ? 'f32' : target.dtype, ['T']);
    mustBe('scatterRows', 'rows', rows, target.dtype, ['N']);
    mustBeWord('scatterRows', 'step', step);
    mustBeWord('scatterRows', 'live', live);
    return [{ shape: target.shape, dtype: target.dtype }];
  },
  at: ([target, rows, step, live], [i]) => {
    const b = i - step.flat(0) * sizeOf(rows.shape);
    return b >= 0 && b < live.flat(0) ? rows.at(b) : target.at(i);
  },
  terms: () => 0,
  inPlace: [[0, 0]],
});

/** target with target[step·N + b] = rows[b] for b < live; target [T], rows [N] of one type, step and live u32 [1] → [T]. */
export const scatterRows = (target: Tensor, rows: Tensor, step: Tensor, live: Tensor): Tensor =>
  scatterRowsOp.one([target, rows, step, live], {});
