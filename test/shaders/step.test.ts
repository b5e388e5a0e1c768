import { describe, expect, it } from 'vitest';
import * as batch from '../../shaders/batch.wgsl.js';
import * as control from '../../shaders/control.wgsl.js';
import * as head from '../../shaders/lossHead.wgsl.js';
import * as scaling from '../../shaders/lossScale.wgsl.js';
import * as clip from '../../shaders/clipFactor.wgsl.js';
import { perSegment } from '../../shaders/lib/segments.js';
import * as turns from '../../shaders/turns.wgsl.js';
import * as updates from '../../shaders/optimizers.wgsl.js';
import * as softmax from '../../shaders/softmax.wgsl.js';
import { errorsOfAll } from '../support/tint.js';

// What surrounds the net in a step: its batch, its loss, its guard and its update.

describe('every text of a step is WGSL', () => {
  it.each([
    { count: 1, batch: 1 },
    { count: 7, batch: 3 },
    { count: 60_000, batch: 255 },
    { count: 2 ** 20, batch: 100_000 },
  ])('a batch of $batch of $count images', async (sizes) => {
    const texts = {
      'in order': batch.batchOf({ ...sizes, seed: 0, shuffle: false }),
      'in order, with labels': batch.batchOf({ ...sizes, seed: 0, shuffle: false, labelled: true }),
      shuffled: batch.batchOf({ ...sizes, seed: 2 ** 32 - 1, shuffle: true }),
      'images of whole words': batch.gatherImages({ ...sizes, pixels: 4, mean: 0.1307, std: 0.3081 }),
      'images of odd bytes': batch.gatherImages({ ...sizes, pixels: 7, mean: 0, std: 1e-6 }),
      labels: batch.gatherLabels(sizes),
      scatter: batch.scatterRows({ target: sizes.count, rows: sizes.batch }),
      mean: batch.liveMean({ rows: sizes.batch }),
      'its gradient': batch.liveMeanGrad({ rows: sizes.batch }),
      equals: batch.countEqual({ rows: sizes.batch }),
    };
    expect(await errorsOfAll(texts)).toEqual([]);
  });

  it.each([
    { N: 1, C: 1 },
    { N: 65, C: 10 },
    { N: 3, C: 1000 },
  ])('$N rows of $C logits', async (p) => {
    const { crossEntropyRows, crossEntropyRowsGrad, argmaxRows } = softmax;
    const shaders = { crossEntropyRows, crossEntropyRowsGrad, argmaxRows };
    const heads = { lossHead: head.lossHead, lossHeadRows: head.lossHeadRows, lossHeadSum: head.lossHeadSum };
    const texts = [1, undefined].flatMap((seed) =>
      Object.entries({ ...shaders, ...heads }).map(([name, shader]) => [
        `${name}, seed ${seed}`,
        shader({ ...p, seed }),
      ]),
    );
    expect(await errorsOfAll(Object.fromEntries(texts))).toEqual([]);
  });

  it.each([1, 255, 60_416, 2 ** 27])('%i parameters', async (size) => {
    const segments = [0, 64, 128].map((start, k) => ({ start, rateFactor: k / 2, weightDecay: k, trained: k !== 1 }));
    const plain = { size, rows: 4096, weightDecay: 0 };
    const full = { size, rows: 1, weightDecay: 0.1, segments, most: 1, scaled: true };
    const beta = { beta1: 0.9, beta2: 0.999 };
    const rms = { alpha: 0.9, epsilon: 1e-8 };
    const texts = {
      guard: control.firstNonFinite({ size, starts: [0, 64, 128] }),
      'guard of one tensor': control.firstNonFinite({ size, starts: [0] }),
      sgd: updates.sgd({ ...plain, momentum: 0.9, nesterov: false }),
      'sgd without momentum': updates.sgd({ ...plain, momentum: 0, nesterov: false }),
      'sgd with everything': updates.sgd({ ...full, momentum: 0.9, nesterov: true }),
      adam: updates.adam({ ...plain, ...beta, epsilon: 1e-8 }),
      'adam with everything': updates.adam({ ...full, ...beta, epsilon: 1e-8 }),
      'adamW with everything': updates.adam({ ...full, ...beta, epsilon: 1e-8, decoupled: true }),
      rmsprop: updates.rmsprop({ ...plain, ...rms, momentum: 0, centered: false }),
      // A ninth binding is one too many for a text by itself: a plan binds the states as one.
      'rmsprop with everything': updates.rmsprop({ ...full, scaled: false, ...rms, momentum: 0.9, centered: true }),
      adagrad: updates.adagrad({ ...plain, epsilon: 1e-10 }),
      'adagrad with everything': updates.adagrad({ ...full, epsilon: 1e-10 }),
      lion: updates.lion({ ...plain, ...beta }),
      'lion with everything': updates.lion({ ...full, ...beta }),
      'squares of slopes': clip.clipParts({ size, parts: 256 }),
      'squares of slopes by workgroups': clip.clipPartsLanes({ size, parts: 16 }),
      'a factor': clip.clipFactor({ parts: 16, most: 1e30, epsilon: 1e-6 }),
      'the sum of a turn': turns.addTurn({ size }),
    };
    expect(await errorsOfAll(texts)).toEqual([]);
  });

  it('the counters', async () => {
    const texts = {
      advance: control.advance(),
      record: control.recordStep({ rows: 4096 }),
      both: control.recordStep({ rows: 1, advancing: true }),
      turn: turns.turnOf({ perEpoch: 938, length: 4 }),
      'what is due': turns.whenDue(),
      'the record of a turn': turns.recordTurn({ rows: 4096 }),
      'a loss scale': scaling.adjustScale({ growth: 2, backoff: 0.5, interval: 2000, least: 1, most: 2 ** 126 }),
      'the row of an update': scaling.rowOfUpdate({ rateRows: 4096, baseRows: 4096 }),
    };
    expect(await errorsOfAll(texts)).toEqual([]);
  });
});

describe('what the settings decide', () => {
  it('the order of the set needs no random numbers', () => {
    const sizes = { count: 100, batch: 10, seed: 1 };
    expect(batch.batchOf({ ...sizes, shuffle: false })).not.toContain('pcg');
    expect(batch.batchOf({ ...sizes, shuffle: true })).toContain('pcg');
  });

  it('no decay, no term for it, and no comparison where all weights are alike', () => {
    const settings = { size: 8, rows: 1, momentum: 0.9, nesterov: false };
    const [without, with_] = [0, 0.5].map((weightDecay) => updates.sgd({ ...settings, weightDecay }));
    expect(without).not.toContain('p[i];');
    expect(without).not.toMatch(/if \(i </);
    expect(with_).toContain('fn decayAt(i: u32) -> f32 { return f32(0.5); }');
    expect(with_).toContain('decayAt(i) * p[i];');
  });

  it('the value of an element by bisection: four segments, two of one value beside each other', () => {
    expect(perSegment('of', 'u32', [0, 64, 128, 192], ['1u', '2u', '2u', '1u'])).toBe(
      'fn of(i: u32) -> u32 { if (i < 192u) { if (i < 64u) { return 1u; } else { return 2u; } } else { return 1u; } }',
    );
  });
});
