// Losses that a trainer is given, in training, validation, evaluation and resume.

import type { Device } from '../../src/gpu/device.js';
import { readCheckpoint, writeCheckpoint } from '../../src/io/checkpoint.js';
import { dense, flatten, logSoftmax } from '../../src/nn/layers.js';
import { sequential } from '../../src/nn/net.js';
import { neg } from '../../src/ops/elementwise.js';
import { pick } from '../../src/ops/pick.js';
import { mean } from '../../src/ops/reduce.js';
import { reshape } from '../../src/ops/reshape.js';
import { logSoftmax as logSoftmaxOp } from '../../src/ops/softmax.js';
import { sgd } from '../../src/optim/sgd.js';
import { crossEntropy, nll, type Loss } from '../../src/train/losses.js';
import type { TrainerOptions } from '../../src/train/options.js';
import type { Trainer } from '../../src/train/trainer.js';
import { must, mustEqual, mustReject, type GpuLaw } from '../support/gpuLaw.js';
import { plainWeights } from '../support/plainTraining.js';
import { epochsOf, eventsOf, mustBeSameBits, openTiny, stepsOf, weightsAfter } from '../support/runs.js';
import { CLASSES, flatNet, SIDE, tinySplits } from '../support/tinyData.js';
import { mustBeNear } from './parity.js';

/** Three steps an epoch, the last of four images. */
const data = tinySplits(20, 13);
const STEPS = 7;

const open = (device: Device, options: Partial<TrainerOptions> = {}): Promise<Trainer> =>
  openTiny(device, { net: flatNet(), data, seed: 2, optimizer: sgd({ rate: 0.05 }), ...options });

/** The cross-entropy once more, as a user may write it. */
const ownCrossEntropy: Loss = (output, labels) => {
  const [N = 1, C = 1] = output.shape;
  const rows = pick(reshape(logSoftmaxOp(output, 1), [N, C, 1]), reshape(labels, [N, 1]));
  return reshape(neg(rows), [N]);
};

/** The set without the images of one class. */
function without(label: number): typeof data.train {
  const { train } = data;
  const kept = Array.from({ length: train.count }, (_, i) => i).filter((i) => train.labels[i] !== label);
  return {
    ...train,
    count: kept.length,
    labels: Uint8Array.from(kept, (i) => train.labels[i] ?? 0),
    images: Uint8Array.from(kept.flatMap((i) => [...train.images.subarray(i * SIDE ** 2, (i + 1) * SIDE ** 2)])),
  };
}

export const trainingLossLaws: readonly GpuLaw[] = [
  {
    title:
      'the cross-entropy by name is the default to the bit, and one’s own cross-entropy the same but for roundings',
    run: async (device) => {
      using plain = await open(device, { validation: 4 });
      const wanted = await weightsAfter(plain, STEPS);
      using named = await open(device, { validation: 4, loss: crossEntropy() });
      mustBeSameBits(await weightsAfter(named, STEPS), wanted, 'weights');
      using own = await open(device, { validation: 4, loss: ownCrossEntropy });
      mustBeNear(await weightsAfter(own, STEPS), plainWeights(wanted), 1e-5, 'weights of one’s own');
      const [found, told] = [await own.evaluate(), await plain.evaluate()];
      must(Math.abs(found.loss - told.loss) < 1e-5 * told.loss, () => `loss ${found.loss}; wanted ${told.loss}`);
      mustEqual(found.confusion, told.confusion, 'confusion');
      const [mistake] = await own.mistakes();
      const [same] = await plain.mistakes();
      must(
        Math.abs((mistake?.probability ?? NaN) - (same?.probability ?? NaN)) < 1e-5,
        () => `probability ${mistake?.probability}; wanted ${same?.probability}`,
      );
    },
  },
  {
    title: 'a net that ends in log probabilities trains by their likelihood as one of logits by the cross-entropy',
    run: async (device) => {
      const net = sequential('likely', [1, SIDE, SIDE], flatten(), dense(CLASSES), logSoftmax());
      using plain = await open(device);
      using likely = await open(device, { net, loss: nll() });
      const wanted = plainWeights(await weightsAfter(plain, STEPS));
      mustBeNear(await weightsAfter(likely, STEPS), wanted, 1e-5, 'weights');
      const [found, told] = [await likely.evaluate(), await plain.evaluate()];
      must(Math.abs(found.loss - told.loss) < 1e-5 * told.loss, () => `loss ${found.loss}; wanted ${told.loss}`);
    },
  },
  {
    title: 'images of an ignored label, or of a class without weight, train as if they were not there',
    run: async (device) => {
      // All images in one batch, so that the mean is over the same ones.
      const whole = { batch: 32, shuffle: false };
      const [label, ...others] = [3, 1, 1, 1];
      using fewer = await open(device, { ...whole, data: { ...data, train: without(label ?? 0) } });
      const wanted = plainWeights(await weightsAfter(fewer, STEPS));
      for (const loss of [
        crossEntropy({ ignoreIndex: 3 }),
        crossEntropy({ classWeights: [...others, 0] }),
        crossEntropy({ classWeights: [...others, 5], ignoreIndex: 3 }),
      ]) {
        using trainer = await open(device, { ...whole, loss });
        mustBeNear(await weightsAfter(trainer, STEPS), wanted, 1e-5, 'weights');
      }
    },
  },
  {
    title:
      'images of a label that is ignored and names no class have no part in loss, accuracy and mistakes of an evaluation',
    run: async (device) => {
      const unknown = (set: typeof data.train) => ({
        ...set,
        labels: set.labels.map((label) => (label === 3 ? 255 : label)),
      });
      const some = { ...data, train: unknown(data.train), test: unknown(data.test) };
      await mustReject(open(device, { data: some }), 'data');
      await mustReject(open(device, { data: some, loss: crossEntropy({ ignoreIndex: 254 }) }), 'data');
      using trainer = await open(device, { data: some, loss: crossEntropy({ ignoreIndex: 255 }) });
      using other = await open(device, { loss: crossEntropy({ ignoreIndex: 3 }) });
      mustBeSameBits(await weightsAfter(trainer, STEPS), await weightsAfter(other, STEPS), 'weights');
      const { labels, count } = data.test;
      const { loss, accuracy, answers, confusion } = await trainer.evaluate();
      const counted = Array.from({ length: count }, (_, i) => i).filter((i) => labels[i] !== 3);
      const right = counted.filter((i) => answers[i] === labels[i]).length;
      mustEqual(accuracy, right / counted.length, 'accuracy');
      mustEqual(loss, (await other.evaluate()).loss, 'loss');
      mustEqual(confusion[3], [0, 0, 0, 0], 'answers for the class that no image has');
      mustEqual((await trainer.mistakes()).length, counted.length - right, 'mistakes');
      const none = { ...data.train, labels: data.train.labels.map(() => 255) };
      const all = open(device, { data: { ...some, train: none }, loss: crossEntropy({ ignoreIndex: 255 }) });
      await mustReject(all, 'data');
    },
  },
  {
    title: 'the loss of an evaluation is the mean by the weights of the labels, and early stopping goes by it',
    run: async (device) => {
      const classWeights = [0.25, 1, 2, 4];
      const loss = crossEntropy({ classWeights, labelSmoothing: 0.1 });
      using trainer = await open(device, { loss, validation: 5 });
      const [epoch] = epochsOf(await eventsOf(trainer.fit({ epochs: 1, stopEarly: { patience: 1 } })));
      mustEqual((await trainer.validate()).loss, epoch?.validationLoss, 'validation loss');
      const { losses, loss: told } = await trainer.evaluate();
      const total = losses.reduce((sum, each) => sum + each, 0);
      const weights = data.test.labels.reduce((sum, label) => sum + (classWeights[label] ?? 0), 0);
      mustEqual(told, total / weights, 'loss');
    },
  },
  {
    title: 'a loss is that of the run when it is resumed; one’s own must be given again',
    run: async (device) => {
      const loss = crossEntropy({ labelSmoothing: 0.2, classWeights: [1, 2, 3, 4] });
      using straight = await open(device, { loss });
      const wanted = await weightsAfter(straight, STEPS);
      using first = await open(device, { loss });
      await weightsAfter(first, 3);
      const resume = await readCheckpoint(await writeCheckpoint(await first.checkpoint()));
      const again = { net: flatNet(), data, batch: 8, resume };
      using second = await openTiny(device, again);
      mustBeSameBits(await weightsAfter(second, STEPS), wanted, 'weights');
      await mustReject(openTiny(device, { ...again, loss: crossEntropy() }), 'usage');
      await mustReject(openTiny(device, { ...again, loss: ownCrossEntropy }), 'usage');
      using own = await open(device, { loss: ownCrossEntropy });
      await weightsAfter(own, 3);
      const taken = { ...again, resume: await readCheckpoint(await writeCheckpoint(await own.checkpoint())) };
      await mustReject(openTiny(device, taken), 'usage');
      using third = await openTiny(device, { ...taken, loss: ownCrossEntropy });
      mustEqual(third.steps, 3, 'steps');
    },
  },
  {
    title:
      'what is no loss of each image is refused before anything is allocated; mixtures and several batches take any loss',
    run: async (device) => {
      const { bytes } = device.counts;
      await mustReject(
        open(device, { loss: (output, labels) => mean(ownCrossEntropy(output, labels) as never) }),
        'shape',
      );
      await mustReject(open(device, { loss: crossEntropy({ classWeights: [1, 2, 3] }) }), 'shape');
      mustEqual(device.counts.bytes, bytes, 'bytes left on the GPU');
      const mixed = { augment: { mixup: 0.4 }, accumulate: 2 };
      using plain = await open(device, mixed);
      using own = await open(device, { ...mixed, loss: ownCrossEntropy });
      const steps = stepsOf(await eventsOf(plain.fit({ steps: 4, epochs: 9 })));
      const others = stepsOf(await eventsOf(own.fit({ steps: 4, epochs: 9 })));
      steps.forEach(({ loss }, i) =>
        must(Math.abs((others[i]?.loss ?? NaN) - loss) < 1e-4 * loss, () => `loss ${others[i]?.loss}; wanted ${loss}`),
      );
    },
  },
];
