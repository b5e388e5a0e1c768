// What a run that goes on takes from its checkpoint besides states: its settings, and what it has counted.

import type { Device } from '../../src/gpu/device.js';
import { readCheckpoint, sameStates, writeCheckpoint, type Checkpoint } from '../../src/io/checkpoint.js';
import { adam } from '../../src/optim/adam.js';
import * as schedules from '../../src/optim/schedules.js';
import { sgd } from '../../src/optim/sgd.js';
import { augmentations } from '../../src/train/augmentations.js';
import type { OtherBits } from '../../src/train/otherBits.js';
import type { FitOptions, TrainerOptions } from '../../src/train/options.js';
import { Trainer } from '../../src/train/trainer.js';
import { must, mustEqual, mustReject, type GpuLaw } from '../support/gpuLaw.js';
import { epochsOf, eventsOf, mustBeSameBits, openTiny } from '../support/runs.js';
import { flatNet, tinySplits } from '../support/tinyData.js';

const data = tinySplits(35, 21);

/** Through the bytes of a file, as another process would find it. */
const stored = async (checkpoint: Checkpoint): Promise<Checkpoint> => readCheckpoint(await writeCheckpoint(checkpoint));

/** Goes on with nothing but net and data. */
const goOn = (device: Device, resume: Checkpoint, options: Partial<TrainerOptions> = {}): Promise<Trainer> =>
  Trainer.open({ device, net: flatNet(), data, resume, ...options });

const open = (device: Device, options: Partial<TrainerOptions> = {}): Promise<Trainer> =>
  openTiny(device, { net: flatNet(), data, seed: 2, ...options });

const settings: Partial<TrainerOptions> = {
  optimizer: adam({ rate: 0.01, beta1: 0.8 }),
  schedule: schedules.warmup({ steps: 3 }, schedules.cosine({ steps: 20, to: 0.1 })),
  plateau: { patience: 0, threshold: 0.5, factor: 0.5 },
  groups: [{ match: /bias$/, weightDecay: 0, rateFactor: 2 }],
  clip: { norm: 0.5 },
  augment: augmentations.light,
};

/** Each setting as it is not in that run. */
const others: readonly Partial<TrainerOptions>[] = [
  { optimizer: adam({ rate: 0.01 }) },
  { optimizer: adam({ rate: 0.02, beta1: 0.8 }) },
  { schedule: schedules.warmup({ steps: 3 }) },
  { schedule: () => 1 },
  { plateau: { patience: 1, threshold: 0.5, factor: 0.5 } },
  { groups: [{ match: /bias$/i, weightDecay: 0, rateFactor: 2 }] },
  { groups: [] },
  { clip: { value: 0.5 } },
  { augment: augmentations.strong },
  { augment: {} },
];

/** The rates after each epoch, one fit an epoch. */
async function ratesOf(trainer: Trainer, from: number, to: number): Promise<number[]> {
  const rates: number[] = [];
  for (let epochs = from; epochs <= to; epochs++) {
    await eventsOf(trainer.fit({ epochs }));
    rates.push(trainer.rate);
  }
  return rates;
}

export const resumedLaws: readonly GpuLaw[] = [
  {
    title:
      'optimizer, schedule, plateau, groups, bounds and augmentation are those of the run, and no others are taken',
    run: async (device) => {
      using straight = await open(device, settings);
      const rates = await ratesOf(straight, 1, 5);
      mustEqual(new Set(rates).size, 5, 'rates of a plateau in five epochs');
      const wanted = await straight.checkpoint();
      using first = await open(device, settings);
      const before = await ratesOf(first, 1, 2);
      const resume = await stored(await first.checkpoint());
      using second = await goOn(device, resume);
      mustEqual([...before, ...(await ratesOf(second, 3, 5))], rates, 'rates');
      const found = await second.checkpoint();
      must(sameStates(found, wanted), () => 'other states');
      mustEqual(found.facts.run, wanted.facts.run, 'settings');
      mustEqual(found.facts.plateau, wanted.facts.plateau, 'what the plateau has counted');

      // The same settings again are as good as none, and other ones are refused before anything is allocated.
      using third = await goOn(device, resume, settings);
      mustEqual(third.rate, before.at(-1), 'rate');
      const { bytes } = device.counts;
      for (const other of others) await mustReject(goOn(device, resume, other), 'usage');
      mustEqual(device.counts.bytes, bytes, 'bytes of buffers');
    },
  },
  {
    title: 'a plateau that has let some epochs pass goes on with them',
    run: async (device) => {
      const plateau = { patience: 2, threshold: 0.5, factor: 0.5 };
      using straight = await open(device, { plateau });
      const rates = await ratesOf(straight, 1, 8);
      must(new Set(rates).size === 3, () => `rates ${rates.join(', ')}`);
      for (const epochs of [1, 2, 3, 4, 5]) {
        using first = await open(device, { plateau });
        const before = await ratesOf(first, 1, epochs);
        using second = await goOn(device, await stored(await first.checkpoint()));
        mustEqual([...before, ...(await ratesOf(second, epochs + 1, 8))], rates, `rates, broken off after ${epochs}`);
      }
    },
  },
  {
    title: 'a schedule or an optimizer of one’s own must be given again',
    run: async (device) => {
      const schedule = (step: number): number => 1 / (step + 1);
      const optimizer = { ...sgd(), name: 'mine' };
      using straight = await open(device, { schedule, optimizer });
      await eventsOf(straight.fit({ steps: 9, epochs: 9 }));
      using first = await open(device, { schedule, optimizer });
      await eventsOf(first.fit({ steps: 4 }));
      const resume = await stored(await first.checkpoint());
      await mustReject(goOn(device, resume, { optimizer }), 'usage');
      await mustReject(goOn(device, resume, { schedule }), 'usage');
      await mustReject(goOn(device, resume, { schedule: schedules.constant(), optimizer }), 'usage');
      using second = await goOn(device, resume, { schedule, optimizer });
      await eventsOf(second.fit({ steps: 9, epochs: 9 }));
      must(sameStates(await second.checkpoint(), await straight.checkpoint()), () => 'other states');
    },
  },
  {
    title: 'a schedule that a later fit has brought is that of the run',
    run: async (device) => {
      const schedule = schedules.stepDecay({ every: 2, factor: 0.5 });
      using first = await open(device, {});
      await eventsOf(first.fit({ steps: 3, schedule }));
      using second = await goOn(device, await stored(await first.checkpoint()));
      mustEqual([second.scheduledRate, second.rate], [0.0005, 0.001], 'rates of step 4');
    },
  },
  {
    title: 'a run of another engine, plan or adapter goes on, and it is said that its bits will be others',
    run: async (device) => {
      using first = await open(device);
      await eventsOf(first.fit({ steps: 3 }));
      const { facts, ...rest } = await stored(await first.checkpoint());
      const changes = async (other: Partial<Checkpoint['facts']>): Promise<string[]> => {
        const heard: string[] = [];
        const onOtherBits = ({ changed }: OtherBits) => void heard.push(...changed);
        using second = await goOn(device, { ...rest, facts: { ...facts, ...other } }, { onOtherBits });
        mustEqual(second.steps, 3, 'steps');
        return heard;
      };
      mustEqual(await changes({}), [], 'what is otherwise');
      mustEqual(await changes({ engine: '0.0.1' }), ['engine'], 'what is otherwise');
      const all = { engine: '0.0.1', plan: '0', adapter: 'of another maker' };
      mustEqual(await changes(all), ['engine', 'adapter', 'plan'], 'what is otherwise');
    },
  },
  {
    title: 'early stopping goes on with the epochs that it has let pass',
    run: async (device) => {
      // No loss is better by a thousand: the first epoch is the best, and three more are let pass.
      const stopEarly = { patience: 3, minDelta: 1000 };
      for (const epochs of [1, 2, 3]) {
        using first = await open(device, { validation: 7 });
        await eventsOf(first.fit({ epochs, stopEarly }));
        using second = await goOn(device, await stored(await first.checkpoint()));
        const events = epochsOf(await eventsOf(second.fit({ epochs: 9, stopEarly })));
        mustEqual(events.at(-1)?.epoch, 4, `the last epoch, broken off after ${epochs}`);
        // Who finds that all patience is gone need not go on; who does begins a new one.
        const { best, watching } = (await stored(await second.checkpoint())).facts;
        mustEqual([best.bad, watching], [3, { stopEarly, keepBest: false }], 'what the run had come to');
        mustEqual(epochsOf(await eventsOf(second.fit({ epochs: 9, stopEarly }))).at(-1)?.epoch, 7, 'a later end');
      }
    },
  },
  {
    title: 'the weights of the best epoch outlive a break after it',
    run: async (device) => {
      const fit: FitOptions = { epochs: 6, keepBest: true };
      const options = { validation: 7, optimizer: sgd({ rate: 1 }) };
      using straight = await open(device, options);
      const best = epochsOf(await eventsOf(straight.fit(fit))).at(-1)?.bestEpoch ?? 0;
      must(best < 6, () => 'the last epoch is the best');
      using first = await open(device, options);
      let taken: Checkpoint | undefined;
      for await (const event of first.fit(fit)) {
        if (event.type === 'epoch' && event.epoch === best) taken = await first.checkpoint();
      }
      must(taken !== undefined, () => 'no checkpoint');
      using second = await goOn(device, await stored(taken));
      mustEqual(epochsOf(await eventsOf(second.fit(fit))).at(-1)?.bestEpoch, best, 'best epoch');
      mustBeSameBits(await second.weights(), await straight.weights(), 'weights');

      const states = new Map([...taken.states].filter(([name]) => name !== 'best/fc1.bias'));
      mustEqual(states.size, taken.states.size - 1, 'states of which one is left out');
      await mustReject(goOn(device, { ...taken, states }), 'weights');
    },
  },
];
