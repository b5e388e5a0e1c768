// The images that a run learns: those of its source, the person's own, or both.

import { subset, type Dataset, type Splits } from '../../src/index.js';
import type { Learn } from '../protocol/settings.js';
import type { OwnImages } from './own.js';

/**
 * Images of an epoch, if the person wrote fewer: each is then learned several times, so that an epoch is worth its test.
 * As many for few as for one, so that a digit more needs no other shaders.
 */
export const EPOCH_IMAGES = 640;

/**
 * A source whose training images are the person's own, again and again, or half of them; its test images stay.
 * @param own at least one
 */
export function withOwn(splits: Splits, own: OwnImages, learn: Exclude<Learn, 'set'>, seed: number): Splits {
  const { train } = splits;
  const most = learn === 'both' ? EPOCH_IMAGES / 2 : EPOCH_IMAGES;
  const mine = repeated(own, train, Math.max(most, own.labels.length));
  if (learn === 'own') return { ...splits, train: mine };
  return { ...splits, train: joined(mine, subset(train, Math.min(most, train.count), seed)) };
}

function repeated({ images, labels }: OwnImages, like: Dataset, count: number): Dataset {
  const size = like.rows * like.columns;
  const given = labels.length;
  const all = new Uint8Array(count * size);
  for (let i = 0; i < count; i++) all.set(images.subarray((i % given) * size, ((i % given) + 1) * size), i * size);
  const classes = Math.max(like.classes, 10);
  return {
    ...like,
    images: all,
    labels: Uint8Array.from({ length: count }, (_, i) => labels[i % given] ?? 0),
    count,
    classes,
  };
}

function joined(a: Dataset, b: Dataset): Dataset {
  const images = new Uint8Array(a.images.length + b.images.length);
  images.set(a.images);
  images.set(b.images, a.images.length);
  const labels = new Uint8Array(a.count + b.count);
  labels.set(a.labels);
  labels.set(b.labels, a.count);
  return { ...a, images, labels, count: a.count + b.count };
}
