import type { Device } from '../../src/gpu/device.js';
import { readCheckpoint, sameStates, writeCheckpoint, type Checkpoint } from '../../src/io/checkpoint.js';
import { batchNorm, conv2d, dense, dropout, flatten, maxPool2d, relu } from '../../src/nn/layers.js';
import { sequential } from '../../src/nn/net.js';
import { adagrad } from '../../src/optim/adagrad.js';
import { adam, adamW } from '../../src/optim/adam.js';
import { lion } from '../../src/optim/lion.js';
import type { Optimizer } from '../../src/optim/optimizer.js';
import { rmsprop } from '../../src/optim/rmsprop.js';
import { sgd } from '../../src/optim/sgd.js';
import { augmentations } from '../../src/train/augmentations.js';
import type { TrainerOptions } from '../../src/train/options.js';
import { Trainer } from '../../src/train/trainer.js';
import { must, mustEqual, mustReject, type GpuLaw } from '../support/gpuLaw.js';
import { eventsOf, openTiny, stepsOf } from '../support/runs.js';
import { CLASSES, SIDE, tinySplits } from '../support/tinyData.js';

/** Two and a half epochs of eight steps, the last of each with 4 images instead of 8. */
const STEPS = 20;
const data = tinySplits(60);

/** Each optimizer, with all of its states. */
export const optimizers: Readonly<Record<string, () => Optimizer>> = {
  sgd: () => sgd({ rate: 0.01, nesterov: true, weightDecay: 0.01 }),
  adam: () => adam({ rate: 0.01 }),
  adamW: () => adamW({ rate: 0.01 }),
  rmsprop: () => rmsprop({ rate: 0.001, momentum: 0.5, centered: true }),
  adagrad: () => adagrad({ rate: 0.01, rateDecay: 0.1 }),
  lion: () => lion({ rate: 0.001 }),
};

/** Layers with running statistics and random numbers of their own, on images that are changed by chance. */
export const chancy = (): Pick<TrainerOptions, 'net' | 'augment'> => ({
  net: sequential(
    'chancy',
    [1, SIDE, SIDE],
    conv2d(3, 3),
    batchNorm(),
    relu(),
    maxPool2d(2),
    flatten(),
    dropout(0.25),
    dense(CLASSES),
  ),
  augment: { ...augmentations.strong, mixup: 0.4 },
});

const open = (device: Device, options: Partial<TrainerOptions>): Promise<Trainer> =>
  openTiny(device, { data, ...options });

const until = (trainer: Trainer, steps: number) => eventsOf(trainer.fit({ steps, epochs: STEPS }));

/** Through the bytes of a file, as another process would find it. */
const stored = async (checkpoint: Checkpoint): Promise<Checkpoint> => readCheckpoint(await writeCheckpoint(checkpoint));

export const withoutTime = ({ facts }: Checkpoint) => ({ ...facts, epoch: { ...facts.epoch, ms: 0 } });

/** @param after steps at which each run is broken off and resumed */
const goesOn = (name: string, after: readonly number[]): GpuLaw => ({
  title:
    `${STEPS} steps of ${name} with batch norm, dropout, augmentation and mixup, resumed after step ${after.join(', ')}, ` +
    'end in the bits of those without a break',
  run: async (device) => {
    const optimizer = optimizers[name]?.();
    const options = { ...chancy(), ...(optimizer && { optimizer }) };
    using straight = await open(device, options);
    await until(straight, STEPS);
    const wanted = await straight.checkpoint();
    for (const step of after) {
      using first = await open(device, options);
      await until(first, step);
      // As another process would: what is left out is the run's.
      const resume = await stored(await first.checkpoint());
      using second = await Trainer.open({ device, net: chancy().net, data, resume });
      mustEqual(second.steps, step, 'steps');
      await until(second, STEPS);
      const found = await second.checkpoint();
      must(sameStates(found, wanted), () => `other states after step ${step}`);
      mustEqual(withoutTime(found), withoutTime(wanted), `facts after step ${step}`);
    }
  },
});

/** Laws of checkpoints; `breaks` are the steps after which each optimizer is resumed. */
export const resumeLawsAfter = (breaks: readonly number[]): readonly GpuLaw[] =>
  Object.keys(optimizers).map((name) => goesOn(name, breaks));

export const resumeLaws: readonly GpuLaw[] = [
  ...resumeLawsAfter([13]),
  {
    title: `a run ends in the same bits wherever it is broken off: at its start, at an epoch's end, in an epoch`,
    run: async (device) => {
      using straight = await open(device, {});
      await until(straight, STEPS);
      const wanted = await straight.checkpoint();
      for (const step of [0, 1, 8, 13, STEPS]) {
        using first = await open(device, {});
        await until(first, step);
        using second = await open(device, { resume: await stored(await first.checkpoint()) });
        await until(second, STEPS);
        must(sameStates(await second.checkpoint(), wanted), () => `other states after step ${step}`);
      }
    },
  },
  {
    title: 'a resumed run tells the steps and epochs that it would have told, and the epoch that was due at the break',
    run: async (device) => {
      using straight = await open(device, {});
      const all = await until(straight, STEPS);
      using first = await open(device, {});
      const told = await until(first, 10);
      using second = await open(device, { resume: await stored(await first.checkpoint()) });
      const rest = await until(second, STEPS);
      mustEqual([...stepsOf(told), ...stepsOf(rest)], stepsOf(all), 'steps');
      const epochs = (events: typeof all) =>
        events.flatMap((event) => (event.type === 'epoch' ? [[event.epoch, event.trainLoss, event.testLoss]] : []));
      mustEqual([...epochs(told), ...epochs(rest)], epochs(all), 'epochs');
    },
  },
  {
    title: 'a checkpoint taken in the midst of a run is as good as one taken at its end',
    run: async (device) => {
      using straight = await open(device, {});
      await until(straight, STEPS);
      using first = await open(device, { pace: { submitMs: 1e9, mostSteps: 3, mostInFlight: 3 } });
      let taken: Checkpoint | undefined;
      for await (const _ of first.fit({ steps: STEPS, epochs: STEPS })) taken ??= await first.checkpoint();
      must(taken !== undefined && taken.facts.step < STEPS, () => 'the checkpoint came too late');
      using second = await open(device, { resume: await stored(taken) });
      await until(second, STEPS);
      must(sameStates(await second.checkpoint(), await straight.checkpoint()), () => 'other states');
    },
  },
  {
    title: 'checkpoints that somebody else asks for while a run is under way are as good as one taken at its end',
    run: async (device) => {
      using straight = await open(device, {});
      await until(straight, STEPS);
      using first = await open(device, { pace: { submitMs: 1e9, mostSteps: 1, mostInFlight: 3 } });
      const running = until(first, STEPS);
      const taken: Checkpoint[] = [];
      while (first.steps < STEPS) taken.push(...(await Promise.all([first.checkpoint(), first.checkpoint()])));
      await running;
      must(taken.length >= 2, () => `${taken.length} checkpoints`);
      for (const resume of [taken[0], taken.at(-1)]) {
        using second = await open(device, { resume: await stored(resume as Checkpoint) });
        await until(second, STEPS);
        must(sameStates(await second.checkpoint(), await straight.checkpoint()), () => 'other states');
      }
    },
  },
  {
    title: 'a rate that was changed is the rate of the resumed run',
    run: async (device) => {
      using first = await open(device, {});
      await until(first, 3);
      first.rate = 0.125;
      using second = await open(device, { resume: await stored(await first.checkpoint()) });
      mustEqual(second.rate, 0.125, 'rate');
    },
  },
  {
    title: 'settings that are left out are those of the run, and others are refused before anything is allocated',
    run: async (device) => {
      using first = await open(device, { batch: 12, seed: 9, shuffle: false });
      await until(first, 2);
      const resume = await stored(await first.checkpoint());
      using second = await Trainer.open({ device, net: first.net, data, resume });
      mustEqual(second.stepsPerEpoch, first.stepsPerEpoch, 'steps of an epoch');
      const { bytes } = device.counts;
      await mustReject(open(device, { resume, batch: 12, seed: 10 }), 'usage');
      await mustReject(open(device, { resume, batch: 12, optimizer: adam() }), 'usage');
      await mustReject(open(device, { resume, batch: 12, weights: await first.weights() }), 'usage');
      await mustReject(open(device, { resume, batch: 12, data: tinySplits(61) }), 'data');
      const states = new Map(resume.states);
      states.delete('sgd.velocity');
      await mustReject(open(device, { resume: { ...resume, states }, batch: 12 }), 'weights');
      mustEqual(device.counts.bytes, bytes, 'bytes of buffers');
    },
  },
  {
    title: 'a run that diverged gives no checkpoint',
    run: async (device) => {
      using trainer = await open(device, { optimizer: sgd({ rate: 1e38 }) });
      await mustReject(until(trainer, STEPS), 'diverged');
      await mustReject(trainer.checkpoint(), 'diverged');
    },
  },
];
