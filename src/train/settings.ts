import { EngineError } from '../core/errors.js';
import { sizeOf, textOf } from '../core/shape.js';
import type { Dataset, Splits } from '../data/dataset.js';
import type { Net } from '../nn/net.js';
import { mustBePositive } from '../optim/settings.js';
import type { PaceLimits } from './pace.js';

/** Throws EngineError 'usage' unless a setting is a whole number in a range. */
export function mustBeWholeSetting(name: string, value: number, least: number, most = Number.MAX_SAFE_INTEGER): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new EngineError('usage', {
    place: name,
    given: String(value),
    wanted:
      most === Number.MAX_SAFE_INTEGER
        ? `a whole number of at least ${least}`
        : `a whole number from ${least} to ${most}`,
  });
}

/**
 * How many images of a training set are held out for validation.
 * @param asked a number of images, or below 1 a fraction of them
 * @throws EngineError 'usage' unless some are left to train on
 */
export function validationCount(asked: number, images: number): number {
  const count = asked > 0 && asked < 1 ? Math.max(1, Math.round(asked * images)) : asked;
  if (Number.isInteger(count) && count >= 0 && count < images) return count;
  throw new EngineError('usage', {
    place: 'validation',
    given: `${asked} of ${images} training images`,
    wanted: `a fraction below 1, or a whole number below ${images}`,
  });
}

/** Throws EngineError 'usage' unless steps can be submitted at this pace. */
export function mustBePace({ submitMs, mostInFlight, mostSteps }: PaceLimits): void {
  mustBePositive('pace', 'submitMs', submitMs);
  mustBeWholeSetting('pace.mostInFlight', mostInFlight, 1);
  mustBeWholeSetting('pace.mostSteps', mostSteps, 1);
}

/** Throws EngineError 'usage' unless (x − mean)/std can be computed in f32. */
export function mustBePixels(mean: number, std: number): void {
  mustBePositive('trainer', 'std', std);
  if (!Number.isFinite(Math.fround(1 / std)))
    throw new EngineError('usage', { place: 'std', given: String(std), wanted: 'a number whose inverse is an f32' });
  if (!Number.isFinite(mean))
    throw new EngineError('usage', { place: 'mean', given: String(mean), wanted: 'a finite number' });
}

/**
 * Throws EngineError 'data' unless a net can be trained and tested on these splits.
 * @param ignored a label that the loss ignores, which need name no class; each set must have others
 */
export function mustSuit(net: Net, data: Splits, ignored?: number): void {
  const classes = net.output[0] ?? 0;
  for (const [name, set] of [
    ['training', data.train],
    ['test', data.test],
  ] as const) {
    mustBeWholeSet(`${name} images of ${data.name}`, set);
    if (net.input.length !== 3 || net.input[0] !== 1 || net.input[1] !== set.rows || net.input[2] !== set.columns) {
      throw new EngineError('data', {
        place: `net ${net.name}`,
        given: `${name} images of ${set.rows} × ${set.columns} pixels, one channel`,
        wanted: `images of ${textOf(net.input)}`,
      });
    }
    const largest = set.labels.reduce((most, label) => (label === ignored ? most : Math.max(most, label)), 0);
    if (set.labels.every((label) => label === ignored)) {
      const given = `${name} images of ${data.name}, all of label ${ignored}`;
      throw new EngineError('data', { place: 'loss', given, wanted: 'labels that are not ignored' });
    }
    if (net.output.length !== 1 || largest >= classes) {
      throw new EngineError('data', {
        place: `net ${net.name}`,
        given: `a ${name} label ${largest} for outputs ${textOf(net.output)}`,
        wanted: 'one output for each class',
      });
    }
  }
}

/** Throws EngineError 'data' unless bytes and counts of a set agree. */
function mustBeWholeSet(place: string, { images, labels, count, rows, columns }: Dataset): void {
  if (count >= 1 && images.length === sizeOf([count, rows, columns]) && labels.length === count) return;
  throw new EngineError('data', {
    place,
    given: `${images.length} pixels and ${labels.length} labels`,
    wanted: `${count} images of ${rows} × ${columns} and as many labels, at least one`,
  });
}
