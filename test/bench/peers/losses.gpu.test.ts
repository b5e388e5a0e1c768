import { expect, it } from 'vitest';
import { MEAN, MOMENTUM, RATE, SIDE, STD } from '../../../bench/peers/contract.js';
import { LOSSES, lossesPart } from '../../../bench/peers/rounds.js';
import { materialOf } from '../../../bench/peers/server.js';
import { trainSteps } from '../../../bench/trainBlocks.js';
import { tutorial } from '../../../src/nn/nets.js';
import { initialWeights } from '../../../src/nn/weights.js';
import { sgd, type SgdOptions } from '../../../src/optim/sgd.js';
import { Trainer } from '../../../src/train/trainer.js';
import { nodeDevice } from '../../support/node.js';

const task = { net: 'tutorial', batch: 64, inferenceBatch: 256 };

/** The losses by which a peer is judged, of one that trains by other settings. */
async function lossesBy(options: SgdOptions): Promise<readonly number[]> {
  const { images, labels } = materialOf(tutorial(), task);
  const train = {
    images: new Uint8Array(images),
    labels: new Uint8Array(labels),
    count: labels.length,
    rows: SIDE,
    columns: SIDE,
    classes: 10,
  };
  const test = { ...train, images: train.images.slice(0, SIDE * SIDE), labels: train.labels.slice(0, 1), count: 1 };
  using trainer = await Trainer.open({
    device: await nodeDevice(),
    net: tutorial(),
    data: { name: 'peers', source: 'test', train, test },
    optimizer: sgd(options),
    batch: task.batch,
    shuffle: false,
    mean: MEAN,
    std: STD,
    weights: initialWeights(tutorial(), 1),
    expectedSteps: 1,
  });
  return await trainSteps(trainer, LOSSES);
}

it('the losses that are compared tell a peer that does not train, or without its momentum, from one that does', async () => {
  const judge = await lossesBy({ rate: RATE, momentum: MOMENTUM });
  expect(lossesPart(judge, await lossesBy({ rate: RATE, momentum: MOMENTUM }))).toBeUndefined();
  for (const other of [
    { rate: 1e-12, momentum: MOMENTUM },
    { rate: RATE, momentum: 0 },
    { rate: 0.8 * RATE, momentum: MOMENTUM },
  ]) {
    expect([other, lossesPart(judge, await lossesBy(other))]).toEqual([other, expect.any(Object)]);
  }
});
