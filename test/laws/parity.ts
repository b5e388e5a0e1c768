import type { Device } from '../../src/gpu/device.js';
import { tutorial } from '../../src/nn/nets.js';
import { initialWeights, type Weights } from '../../src/nn/weights.js';
import { adam } from '../../src/optim/adam.js';
import type { Optimizer } from '../../src/optim/optimizer.js';
import { sgd } from '../../src/optim/sgd.js';
import { Trainer } from '../../src/train/trainer.js';
import { must, mustEqual, type GpuLaw } from '../support/gpuLaw.js';
import type { PlainWeights } from '../support/plainNet.js';
import {
  plainAdam,
  plainEvaluation,
  plainSgd,
  plainTiny,
  plainTraining,
  plainTutorial,
  plainWeights,
  type PlainUpdate,
} from '../support/plainTraining.js';
import { epochsOf, eventsOf, stepsOf } from '../support/runs.js';
import { noiseSet, tinyNet, tinySplits } from '../support/tinyData.js';

/** ‖given − wanted‖₂ ≤ most·‖wanted‖₂ for every tensor. */
export function mustBeNear(given: Weights, wanted: PlainWeights, most: number, what: string): void {
  for (const [name, right] of wanted) {
    const data = given.get(name)?.data ?? new Float32Array();
    const norm = Math.hypot(...right);
    const distance = Math.sqrt(right.reduce((sum, value, i) => sum + ((data[i] ?? NaN) - value) ** 2, 0));
    must(distance <= most * norm, () => `${what}: ${name} is off by ${distance / norm} of its norm; wanted ${most}`);
  }
}

export const mustBeNearLoss = (given: number, wanted: number, what: string): void =>
  must(Math.abs(given - wanted) <= 1e-5 * wanted, () => `${what}: loss ${given}; wanted ${wanted} ± 1e-5 of it`);

const updates: readonly { name: string; optimizer: () => Optimizer; plain: () => PlainUpdate }[] = [
  { name: 'sgd(0.001, 0.9)', optimizer: () => sgd(), plain: () => plainSgd({ rate: 0.001 }) },
  {
    name: 'sgd(0.02, 0.9) with nesterov and decay',
    optimizer: () => sgd({ rate: 0.02, nesterov: true, weightDecay: 0.01 }),
    plain: () => plainSgd({ rate: 0.02, nesterov: true, weightDecay: 0.01 }),
  },
  { name: 'adam', optimizer: () => adam(), plain: () => plainAdam() },
];

const STEPS = 5;
const BATCH = 64;

async function checkTutorial(device: Device, optimizer: Optimizer, update: PlainUpdate): Promise<void> {
  const net = tutorial();
  const weights = initialWeights(net, 3);
  const data = {
    name: 'noise',
    source: 'seeded noise',
    train: noiseSet(STEPS * BATCH, 28, 10),
    test: noiseSet(1, 28, 10),
  };
  using trainer = await Trainer.open({ device, net, data, batch: BATCH, shuffle: false, weights, optimizer });
  const told = stepsOf(await eventsOf(trainer.fit({ steps: STEPS, epochs: 2 })));
  const plain = plainTraining(plainTutorial(), data.train, { from: weights, update, batch: BATCH, steps: STEPS });
  plain.steps.forEach(({ loss }, i) => mustBeNearLoss(told[i]?.loss ?? NaN, loss, `step ${i + 1}`));
  mustBeNear(await trainer.weights(), plain.weights, 2e-5, `after ${STEPS} steps`);
}

/** The engine's whole step against loops in f64 that share nothing with it. */
export const parityLaws: readonly GpuLaw[] = updates.map(({ name, optimizer, plain }) => ({
  title: `five steps of ${name} on the tutorial net are those of an f64 loop`,
  run: (device) => checkTutorial(device, optimizer(), plain()),
}));

async function checkShortBatch(device: Device, count: number): Promise<void> {
  const net = tinyNet();
  const weights = initialWeights(net, 9);
  const data = tinySplits(count, count);
  const optimizer = sgd({ rate: 0.05 });
  using trainer = await Trainer.open({ device, net, data, batch: BATCH, shuffle: false, weights, optimizer });
  const events = await eventsOf(trainer.fit({ epochs: 2 }));
  const perEpoch = Math.ceil(count / BATCH);
  const update = plainSgd({ rate: 0.05 });
  const plain = plainTraining(plainTiny(), data.train, { from: weights, update, batch: BATCH, steps: 2 * perEpoch });

  const told = stepsOf(events);
  mustEqual(
    told.map(({ images }) => images),
    plain.steps.map(({ images }) => images),
    'images of each step',
  );
  mustEqual(
    told.map(({ accuracy, images }) => Math.round(accuracy * images)),
    plain.steps.map(({ correct }) => correct),
    'right answers',
  );
  plain.steps.forEach(({ loss }, i) => mustBeNearLoss(told[i]?.loss ?? NaN, loss, `step ${i + 1}`));
  mustBeNear(await trainer.weights(), plain.weights, 2e-5, 'after two epochs');

  const { losses, answers } = plainEvaluation(plainTiny(), data.test, plainWeights(await trainer.weights()));
  const found = await trainer.evaluate();
  mustEqual([...found.answers], answers, 'answers');
  losses.forEach((loss, i) => mustBeNearLoss(found.losses[i] ?? NaN, loss, `test image ${i}`));
  mustBeNearLoss(found.loss, losses.reduce((sum, loss) => sum + loss, 0) / count, 'evaluation');
  const right = answers.filter((answer, i) => answer === data.test.labels[i]).length;
  mustEqual(found.accuracy, right / count, 'accuracy');
  mustEqual(
    found.confusion.flat().reduce((sum, images) => sum + images, 0),
    count,
    'images in the confusion matrix',
  );
  mustEqual(
    epochsOf(events)
      .map(({ testLoss }) => testLoss)
      .at(-1),
    found.loss,
    'test loss of the last epoch',
  );
}

/** An epoch's last batch has its own mean; a set may be smaller than one batch. */
export const shortBatchLaws: readonly GpuLaw[] = [1, 63, 64, 65].map((count) => ({
  title: `${count} images in batches of 64: each step's mean is over its own images, in training and in evaluation`,
  run: (device) => checkShortBatch(device, count),
}));
