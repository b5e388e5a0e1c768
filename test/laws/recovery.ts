// A run whose devices are lost ends in the bits of one that was left alone.

import type { Device } from '../../src/gpu/device.js';
import { readCheckpoint, sameStates, writeCheckpoint } from '../../src/io/checkpoint.js';
import { sgd } from '../../src/optim/sgd.js';
import type { RestoredEvent, TrainEvent } from '../../src/train/events.js';
import type { FitOptions, TrainerOptions } from '../../src/train/options.js';
import { RecoveringTrainer } from '../../src/train/recoveringTrainer.js';
import type { RecoveringOptions } from '../../src/train/reopening.js';
import { must, mustEqual, type GpuLaw } from '../support/gpuLaw.js';
import { atMoment, losing, type Losing, type Moment } from '../support/losing.js';
import { epochsOf, eventsOf, mustBeSameBits, openTiny, stepsOf } from '../support/runs.js';
import { flatNet, tinyNet, tinySet, tinySplits } from '../support/tinyData.js';
import { chancy, optimizers, withoutTime } from './resume.js';

export type Told = TrainEvent | RestoredEvent;
type Options = Partial<Omit<TrainerOptions, 'device'>>;

/** Of a training set of 24 images an epoch has three steps. */
export const tiny = (): Pick<TrainerOptions, 'net' | 'data' | 'batch'> => ({
  net: flatNet(),
  data: tinySplits(24),
  batch: 8,
});

/** Opens a training that keeps its state at every event, on devices that are lost at chosen moments, and does something with it. */
export async function lasting<T>(
  gpu: GPU,
  isLast: (moment: Moment) => boolean,
  options: Partial<RecoveringOptions> | ((devices: Losing) => Partial<RecoveringOptions>),
  work: (training: RecoveringTrainer, devices: Losing) => Promise<T>,
): Promise<T> {
  await using devices = losing(gpu, isLast);
  using training = await RecoveringTrainer.open({
    ...tiny(),
    keepMs: 0,
    device: () => devices.open(),
    ...(typeof options === 'function' ? options(devices) : options),
  });
  return await work(training, devices);
}

/** Everything that a fit says until it ends. */
export async function toldBy(fit: AsyncIterable<Told>): Promise<Told[]> {
  const events: Told[] = [];
  for await (const event of fit) events.push(event);
  return events;
}

export const restoredIn = (events: readonly Told[]): RestoredEvent[] =>
  events.flatMap((event) => (event.type === 'restored' ? [event] : []));

/** What a plain trainer would have told. */
const plainIn = (events: readonly Told[]): TrainEvent[] =>
  events.flatMap((event) => (event.type === 'restored' ? [] : [event]));

/** What does not depend on the clock. */
const numbersIn = (events: readonly Told[]): object => ({
  steps: stepsOf(plainIn(events)),
  epochs: epochsOf(plainIn(events)).map((event) => ({ ...event, seconds: 0, imagesPerSecond: 0 })),
});

const isSubmit = ({ call }: Moment): boolean => call === 'submit';

interface Losses {
  readonly options?: Options;
  readonly keepMs?: number;
  readonly counts?: typeof isSubmit;
  readonly stride?: number;
}

/**
 * Loses the first device at the n-th moment that counts, for every `stride`-th n until none is left, and holds that
 * events and weights are those of a run without a loss.
 * @returns how many losses there were
 */
async function loseEverywhere(
  [device, gpu]: readonly [Device, GPU],
  fit: FitOptions,
  { options = {}, keepMs = 0, counts = isSubmit, stride = 1 }: Losses,
): Promise<number> {
  using straight = await openTiny(device, { ...tiny(), ...options });
  const told = numbersIn(await eventsOf(straight.fit(fit)));
  const wanted = await straight.checkpoint();
  for (let n = 1; ; n += stride) {
    const loss = atMoment(n, counts);
    const heard: string[] = [];
    const onRecovery = ({ type }: { readonly type: string }): number => heard.push(type);
    await lasting(gpu, loss.isLast, { ...options, keepMs, onRecovery }, async (training, devices) => {
      // A run that is not open yet has nothing to be restored to.
      const wasOpen = heard.length === 0;
      const events = await toldBy(training.fit(fit));
      const found = await training.use((trainer) => trainer.checkpoint());
      const lost = loss.passed >= n;
      mustEqual(numbersIn(events), told, `what was told with a loss at moment ${n}`);
      must(sameStates(found, wanted), () => `other states after a loss at moment ${n}`);
      mustEqual(withoutTime(found), withoutTime(wanted), `facts after a loss at moment ${n}`);
      mustEqual(
        heard,
        !lost ? [] : wasOpen ? ['lost', 'restored'] : ['lost'],
        `what was heard of the recovery at moment ${n}`,
      );
      mustEqual(devices.opened, lost ? 2 : 1, 'devices');
      for (const { sameBits } of restoredIn(events)) mustEqual(sameBits, true, 'sameBits');
    });
    if (loss.passed < n) return n - 1;
  }
}

const everywhere = (title: string, fit: FitOptions, settings: Losses, least: number): GpuLaw => ({
  title: `${title}: it tells and ends in what it would have without a loss`,
  run: async (device, gpu) => {
    const losses = await loseEverywhere([device, gpu], fit, settings);
    must(losses >= least, () => `${losses} losses; wanted at least ${least}`);
  },
});

/** One loss in the midst of a run with chance in every layer. */
const withOptimizer = (name: string, n: number): GpuLaw => ({
  title: `a run of ${name} with batch norm, dropout, augmentation and mixup that is lost once ends in the same bits`,
  run: async (device, gpu) => {
    const optimizer = optimizers[name]?.();
    const pace = { submitMs: 1e9, mostSteps: 1, mostInFlight: 3 };
    const options = { ...chancy(), data: tinySplits(60), pace, ...(optimizer && { optimizer }) };
    using straight = await openTiny(device, options);
    await eventsOf(straight.fit({ steps: 12 }));
    const wanted = await straight.checkpoint();
    const loss = atMoment(n, isSubmit);
    await lasting(gpu, loss.isLast, options, async (training, devices) => {
      await toldBy(training.fit({ steps: 12 }));
      must(sameStates(await training.checkpoint(), wanted), () => `other states after a loss at submit ${n / 2}`);
      mustEqual(devices.opened, 2, 'devices');
    });
  },
});

export const recoveryLaws: readonly GpuLaw[] = [
  everywhere('a run of two steps whose device is lost before or after any of its submits', { steps: 2 }, {}, 8),
  everywhere(
    'a run of a convolutional net that keeps no state and is lost at a submit of its steps or its evaluations',
    { epochs: 2 },
    { options: { net: tinyNet(), optimizer: sgd({ rate: 0.05 }) }, keepMs: 1e6, stride: 5 },
    15,
  ),
  everywhere(
    'a run whose device is lost before, after or within the reading of its states',
    { steps: 3 },
    { counts: ({ call }) => call === 'mapAsync', stride: 2 },
    9,
  ),
  everywhere(
    'a run whose device is lost at any call while it is opened and trains',
    { steps: 2 },
    { counts: () => true, stride: 41 },
    120,
  ),
  everywhere(
    'a run with a validation set, its best weights kept, that ends early and is lost at some submit',
    { epochs: 6, keepBest: true, stopEarly: { patience: 2, minDelta: 0.2 } },
    { options: { validation: 6, plateau: { patience: 0, threshold: 0.5, factor: 0.5 } }, stride: 7 },
    40,
  ),
  everywhere(
    'a run with turns of batches, a loss scale, bounds and a schedule of its own that is lost at some submit',
    { steps: 5, schedule: (step) => 1 / (step + 1) },
    { options: { accumulate: 2, lossScale: { init: 256, interval: 2 }, clip: { norm: 0.5 } }, stride: 7 },
    20,
  ),
  ...Object.keys(optimizers).map((name, i) => withOptimizer(name, 9 + 2 * i)),
  {
    title: 'evaluations, predictions and weights that a loss falls into are given all the same',
    run: async (device, gpu) => {
      const pixels = tinySet(20, 4).images;
      using straight = await openTiny(device, tiny());
      await eventsOf(straight.fit({ steps: 4 }));
      const [loss, answers] = [(await straight.evaluate()).loss, [...(await straight.predict(pixels))]];
      for (const [name, work, wanted] of [
        ['evaluate', async (training) => (await training.use((trainer) => trainer.evaluate())).loss, loss],
        ['predict', async (training) => [...(await training.use((trainer) => trainer.predict(pixels)))], answers],
      ] as readonly [string, (training: RecoveringTrainer) => Promise<unknown>, unknown][]) {
        for (let n = 1, passed = n; passed >= n; n += 3) {
          let counting = false;
          const lost = atMoment(n, (moment) => counting && isSubmit(moment));
          await lasting(gpu, lost.isLast, {}, async (training) => {
            await toldBy(training.fit({ steps: 4 }));
            counting = true;
            mustEqual(await work(training), wanted, `${name} with a loss at submit ${n / 2}`);
            mustBeSameBits(await training.use((trainer) => trainer.weights()), await straight.weights(), name);
          });
          ({ passed } = lost);
        }
      }
    },
  },
  {
    title: 'a checkpoint that is asked for while fit runs goes through bytes to another trainer and to the same bits',
    run: async (device, gpu) => {
      using straight = await openTiny(device, tiny());
      await eventsOf(straight.fit({ steps: 40, epochs: 40 }));
      const loss = atMoment(30, isSubmit);
      const pace = { submitMs: 1e9, mostSteps: 2, mostInFlight: 2 };
      const saved = await lasting(gpu, loss.isLast, { pace }, async (training) => {
        const fit = toldBy(training.fit({ steps: 40, epochs: 40 }));
        const saves = await Promise.all([1, 2, 3].map(async () => writeCheckpoint(await training.checkpoint())));
        await fit;
        return saves;
      });
      for (const bytes of saved) {
        using other = await openTiny(device, { ...tiny(), resume: await readCheckpoint(bytes) });
        await eventsOf(other.fit({ steps: 40, epochs: 40 }));
        must(sameStates(await other.checkpoint(), await straight.checkpoint()), () => 'other states');
      }
    },
  },
];
