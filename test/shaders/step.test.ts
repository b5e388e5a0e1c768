import { describe, expect, it } from 'vitest';
import * as batch from '../../shaders/batch.wgsl.js';
import * as control from '../../shaders/control.wgsl.js';
import * as head from '../../shaders/lossHead.wgsl.js';
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
    const { softmax: forward, softmaxGrad, crossEntropyRows, crossEntropyRowsGrad, argmax } = softmax;
    const shaders = { forward, softmaxGrad, crossEntropyRows, crossEntropyRowsGrad, argmax };
    const heads = { lossHead: head.lossHead, lossHeadRows: head.lossHeadRows, lossHeadSum: head.lossHeadSum };
    const texts = Object.entries({ ...shaders, ...heads }).map(([name, shader]) => [name, shader({ ...p, seed: 1 })]);
    expect(await errorsOfAll(Object.fromEntries(texts))).toEqual([]);
  });

  it.each([1, 255, 60_416, 2 ** 27])('%i parameters', async (size) => {
    const sgd = { size, rows: 4096, momentum: 0.9, nesterov: false, weightDecay: 0 };
    const adam = { size, rows: 1, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 };
    const texts = {
      guard: control.firstNonFinite({ size, starts: [0, 64, 128] }),
      'guard of one tensor': control.firstNonFinite({ size, starts: [0] }),
      sgd: updates.sgd(sgd),
      'sgd without momentum': updates.sgd({ ...sgd, momentum: 0 }),
      'sgd with everything': updates.sgd({ ...sgd, nesterov: true, weightDecay: 1e-4 }),
      adam: updates.adam(adam),
      'adam with decay': updates.adam({ ...adam, weightDecay: 0.1 }),
    };
    expect(await errorsOfAll(texts)).toEqual([]);
  });

  it('the counters', async () => {
    const texts = {
      advance: control.advance(),
      record: control.recordStep({ rows: 4096 }),
      both: control.recordStep({ rows: 1, advancing: true }),
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

  it('no decay, no term for it', () => {
    const settings = { size: 8, rows: 1, momentum: 0.9, nesterov: false };
    expect(updates.sgd({ ...settings, weightDecay: 0 })).toContain('let slope = g[i];');
    expect(updates.sgd({ ...settings, weightDecay: 0.5 })).toContain('let slope = g[i] + f32(0.5) * p[i];');
  });
});
