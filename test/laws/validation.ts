import { splitOff } from '../../src/data/subset.js';
import type { Device } from '../../src/gpu/device.js';
import { batchNorm, conv2d, dense, flatten, relu } from '../../src/nn/layers.js';
import { sequential } from '../../src/nn/net.js';
import type { TrainerOptions } from '../../src/train/options.js';
import type { Trainer } from '../../src/train/trainer.js';
import { must, mustEqual, mustReject, type GpuLaw } from '../support/gpuLaw.js';
import { epochsOf, eventsAndError, eventsOf, mustBeSameBits, openTiny, weightsAfter } from '../support/runs.js';
import { CLASSES, SIDE, tinySplits } from '../support/tinyData.js';

const data = tinySplits(35, 21);

/** 28 images to train on, seven to judge by; rates so large that epochs get worse too. */
const open = (device: Device, options: Partial<TrainerOptions> = {}): Promise<Trainer> =>
  openTiny(device, { data, validation: 7, seed: 2, ...options });

/** A net that has more than parameters: running statistics. */
const normed = () =>
  sequential('normed', [1, SIDE, SIDE], conv2d(2, 3), batchNorm(), relu(), flatten(), dense(CLASSES));

export const validationLaws: readonly GpuLaw[] = [
  {
    title: 'training with images held out is training on the others alone',
    run: async (device) => {
      using trainer = await open(device);
      mustEqual(trainer.stepsPerEpoch, 4, 'steps of an epoch');
      const { rest } = splitOff(data.train, 7, 2);
      using other = await openTiny(device, { data: { ...data, train: rest }, seed: 2 });
      mustBeSameBits(await weightsAfter(trainer, 9), await weightsAfter(other, 9), 'weights');
      using fraction = await open(device, { validation: 0.2 });
      mustBeSameBits(await weightsAfter(fraction, 9), await trainer.weights(), 'weights of a fraction held out');
    },
  },
  {
    title: 'an epoch is judged by the images held out, and the test images are left alone until evaluate',
    run: async (device) => {
      using trainer = await open(device);
      const [epoch] = epochsOf(await eventsOf(trainer.fit({ epochs: 1 })));
      const { part, rest } = splitOff(data.train, 7, 2);
      using other = await openTiny(device, { data: { ...data, train: rest, test: part }, seed: 2 });
      const [wanted] = epochsOf(await eventsOf(other.fit({ epochs: 1 })));
      mustEqual(
        [epoch?.validationLoss, epoch?.validationAccuracy, epoch?.confusion, epoch?.bestEpoch],
        [wanted?.testLoss, wanted?.testAccuracy, wanted?.confusion, 1],
        'validation',
      );
      mustEqual([epoch?.testLoss, epoch?.testAccuracy], [undefined, undefined], 'numbers of the test');
      mustEqual((await trainer.evaluate()).answers.length, 21, 'answers for the test images');
      using plain = await openTiny(device, { data });
      const [tested] = epochsOf(await eventsOf(plain.fit({ epochs: 1 })));
      mustEqual(
        [tested?.validationLoss, tested?.bestEpoch],
        [undefined, undefined],
        'validation without images for it',
      );
    },
  },
  {
    title: 'fit ends after so many epochs without a better validation loss',
    run: async (device) => {
      // No loss is better by a thousand: the first epoch is the best, two more are let pass.
      using trainer = await open(device);
      const stopEarly = { patience: 2, minDelta: 1000 };
      const events = epochsOf(await eventsOf(trainer.fit({ epochs: 9, stopEarly })));
      mustEqual(events.length, 3, 'epochs');
      mustEqual(
        events.map(({ stopsEarly = false }) => stopsEarly),
        [false, false, true],
        'whether fit stops there',
      );
      mustEqual(trainer.steps, 12, 'steps');
      mustEqual(epochsOf(await eventsOf(trainer.fit({ epochs: 9, stopEarly }))).length, 2, 'epochs of a later fit');
      using other = await open(device);
      let epochs = 0;
      for (let last = 1; last <= 9 && epochs === last - 1; last++) {
        epochs += epochsOf(await eventsOf(other.fit({ epochs: last, stopEarly }))).length;
        if (last === 3) mustEqual(epochs, 3, 'epochs in calls of one each');
      }
    },
  },
  {
    title: 'the weights of the best epoch are there again when fit ends, and the event says which it was',
    run: async (device) => {
      using trainer = await open(device);
      trainer.rate = 1;
      const events = epochsOf(await eventsOf(trainer.fit({ epochs: 5, keepBest: true })));
      const losses = events.map(({ validationLoss = NaN }) => validationLoss);
      const best = losses.indexOf(Math.min(...losses)) + 1;
      must(best < 5, () => `the last epoch is the best: losses ${losses.join(', ')}`);
      mustEqual(events.at(-1)?.bestEpoch, best, 'best epoch');
      events.forEach(({ bestEpoch = 0, epoch }) => must(bestEpoch <= epoch, () => `best ${bestEpoch} at ${epoch}`));
      using other = await open(device);
      other.rate = 1;
      mustBeSameBits(await trainer.weights(), await weightsAfter(other, 4 * best), 'weights');
      mustEqual(trainer.steps, 20, 'steps');
    },
  },
  {
    title: 'a run in pieces that keeps the best and does not restore it is the run without breaks',
    run: async (device) => {
      using straight = await open(device);
      straight.rate = 1;
      const wanted = await weightsAfter(straight, 20);
      using trainer = await open(device);
      trainer.rate = 1;
      for (let epochs = 1; epochs <= 5; epochs++) {
        await eventsOf(trainer.fit({ epochs, keepBest: true, restoreBest: false }));
      }
      mustBeSameBits(await trainer.weights(), wanted, 'weights');
      await eventsOf(trainer.fit({ steps: 0, keepBest: true }));
      using other = await open(device);
      other.rate = 1;
      await eventsOf(other.fit({ epochs: 5, keepBest: true }));
      mustBeSameBits(await trainer.weights(), await other.weights(), 'weights of the best epoch');
    },
  },
  {
    title: 'a run that diverges ends with the weights of the best epoch where they are kept, and says so',
    run: async (device) => {
      // Two epochs, and then a rate at which nothing stays finite.
      const schedule = (step: number): number => (step < 8 ? 1 : 1e30);
      for (const restoreBest of [true, false]) {
        using trainer = await open(device, { schedule });
        const { events, error } = await eventsAndError(trainer.fit({ epochs: 9, keepBest: true, restoreBest }));
        const best = epochsOf(events).at(-1)?.bestEpoch ?? NaN;
        must(
          error?.code === 'diverged' && error.message.includes(`the weights are those of epoch ${best}, the best`),
          () => `ended with ${error?.message}; wanted the weights of epoch ${best}`,
        );
        using other = await open(device, { schedule });
        mustBeSameBits(await trainer.weights(), await weightsAfter(other, 4 * best), 'weights');
        await mustReject(eventsOf(trainer.fit({ epochs: 9 })), 'diverged');
        mustBeSameBits(await trainer.weights(), await weightsAfter(other, 4 * best), 'weights after another call');
      }
      using plain = await open(device, { schedule });
      const { error } = await eventsAndError(plain.fit({ epochs: 9 }));
      must(error?.message.includes('from before this step') ?? false, () => `ended with ${error?.message}`);
    },
  },
  {
    title: 'validate says of the best epoch what its event said, running statistics and all',
    run: async (device) => {
      // After two epochs the rate is too high.
      const schedule = (step: number): number => (step < 8 ? 1 : 10_000);
      using trainer = await open(device, { net: normed(), schedule });
      const events = epochsOf(await eventsOf(trainer.fit({ epochs: 6, keepBest: true })));
      const best = events.at(-1)?.bestEpoch ?? NaN;
      must(best < 6, () => 'the last epoch is the best');
      const wanted = events[best - 1];
      const { loss, accuracy, confusion, answers } = await trainer.validate();
      mustEqual(
        [loss, accuracy, confusion],
        [wanted?.validationLoss, wanted?.validationAccuracy, wanted?.confusion],
        'validation',
      );
      mustEqual(answers.length, 7, 'answers');
      using plain = await openTiny(device);
      await mustReject(plain.validate(), 'usage');
    },
  },
  {
    title: 'early stopping and the best epoch need a validation set; settings that make no sense are refused',
    run: async (device) => {
      using plain = await openTiny(device);
      await mustReject(eventsOf(plain.fit({ stopEarly: { patience: 1 } })), 'usage');
      await mustReject(eventsOf(plain.fit({ keepBest: true })), 'usage');
      mustEqual(plain.steps, 0, 'steps');
      using trainer = await open(device);
      for (const patience of [0, 1.5, NaN])
        await mustReject(eventsOf(trainer.fit({ stopEarly: { patience } })), 'usage');
      await mustReject(eventsOf(trainer.fit({ stopEarly: { patience: 1, minDelta: -1 } })), 'usage');
      const { bytes } = device.counts;
      for (const validation of [-1, 1.5, 35, NaN]) await mustReject(open(device, { validation }), 'usage');
      mustEqual(device.counts.bytes, bytes, 'bytes left on the GPU');
    },
  },
  {
    title: 'a run that goes on holds out the images that it held out before',
    run: async (device) => {
      using straight = await open(device);
      const wanted = await weightsAfter(straight, 9);
      using first = await open(device);
      await weightsAfter(first, 5);
      const checkpoint = await first.checkpoint();
      using second = await openTiny(device, { data, resume: checkpoint });
      mustBeSameBits(await weightsAfter(second, 9), wanted, 'weights');
      await mustReject(open(device, { validation: 5, resume: checkpoint }), 'usage');
    },
  },
];
