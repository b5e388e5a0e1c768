// What a trainer makes of groups, bounds on gradients, several batches a step, and schedules, against loops in f64.

import type { Device } from '../../src/gpu/device.js';
import { initialWeights } from '../../src/nn/weights.js';
import { adamW } from '../../src/optim/adam.js';
import { rmsprop } from '../../src/optim/rmsprop.js';
import { cosine, stepDecay, warmup } from '../../src/optim/schedules.js';
import { sgd } from '../../src/optim/sgd.js';
import { findRate } from '../../src/train/findRate.js';
import type { TrainerOptions } from '../../src/train/options.js';
import { must, mustEqual, mustReject, type GpuLaw } from '../support/gpuLaw.js';
import type { PlainWeights } from '../support/plainNet.js';
import { plainSgd, plainTiny, plainTraining, type PlainUpdate } from '../support/plainTraining.js';
import { epochsOf, eventsOf, mustBeSameBits, openTiny, stepsOf, weightsAfter } from '../support/runs.js';
import { tinyNet, tinySplits } from '../support/tinyData.js';
import { mustBeNear, mustBeNearLoss } from './parity.js';

const RATE = 0.05;
const STEPS = 6;
const weights = () => initialWeights(tinyNet(), 4);

/** Trains the tiny net with options, and a loop in f64 on as many images a step. */
async function mustFollow(
  device: Device,
  options: Partial<TrainerOptions>,
  update: PlainUpdate,
  images = 8,
): Promise<void> {
  const data = tinySplits(20);
  const shared = { weights: weights(), data, shuffle: false, optimizer: sgd({ rate: RATE }) };
  using trainer = await openTiny(device, { ...shared, ...options });
  const told = stepsOf(await eventsOf(trainer.fit({ steps: STEPS })));
  const plain = plainTraining(plainTiny(), data.train, { from: weights(), update, batch: images, steps: STEPS });
  plain.steps.forEach(({ loss }, i) => mustBeNearLoss(told[i]?.loss ?? NaN, loss, `step ${i + 1}`));
  mustEqual(
    told.map((step) => [step.images, Math.round(step.accuracy * step.images)]),
    plain.steps.map((step) => [step.images, step.correct]),
    'images and right answers',
  );
  mustBeNear(await trainer.weights(), plain.weights, 2e-5, `after ${STEPS} steps`);
}

/** Slopes changed before another update sees them. */
const changed =
  (change: (slopes: PlainWeights, weights: PlainWeights) => void, update: PlainUpdate): PlainUpdate =>
  (plain, slopes, step) => {
    change(slopes, plain);
    update(plain, slopes, step);
  };

const scaleAll = (slopes: PlainWeights, factor: number): void => {
  for (const values of slopes.values()) values.forEach((value, i) => (values[i] = value * factor));
};

const normOf = (slopes: PlainWeights): number => Math.hypot(...[...slopes.values()].flatMap((values) => [...values]));

/** Several settings, each for the parameters of some names. */
const byName =
  (choose: (name: string) => PlainUpdate | undefined): PlainUpdate =>
  (plain, slopes, step) => {
    for (const [name, values] of plain) choose(name)?.(new Map([[name, values]]), slopes, step);
  };

const bounds: readonly GpuLaw[] = [
  {
    title: 'a norm of gradients is at most what it may be, in steps where it would be more and in others',
    run: (device) => {
      const norms: number[] = [];
      const clip = changed(
        (slopes) => {
          norms.push(normOf(slopes));
          scaleAll(slopes, Math.min(1, 1.8 / (normOf(slopes) + 1e-6)));
        },
        plainSgd({ rate: RATE }),
      );
      return mustFollow(device, { clip: { norm: 1.8 } }, clip).then(() =>
        must(Math.min(...norms) < 1.8 && Math.max(...norms) > 1.8, () => `norms ${norms.join(', ')} are on one side`),
      );
    },
  },
  {
    title: 'an element of a gradient is at most what it may be',
    run: (device) => {
      const clip = changed(
        (slopes) => {
          for (const values of slopes.values()) {
            values.forEach((value, i) => (values[i] = Math.min(0.02, Math.max(-0.02, value))));
          }
        },
        plainSgd({ rate: RATE }),
      );
      return mustFollow(device, { clip: { value: 0.02 } }, clip);
    },
  },
  {
    title: 'the norm of the gradients of a step of several batches is that of their mean',
    run: (device) => {
      const clip = changed(
        (slopes) => scaleAll(slopes, Math.min(1, 0.5 / (normOf(slopes) + 1e-6))),
        plainSgd({ rate: RATE }),
      );
      return mustFollow(device, { clip: { norm: 0.5 }, batch: 4, accumulate: 2 }, clip);
    },
  },
  {
    title: 'the largest update, of three states under a norm, has no more bindings than an adapter',
    run: async (device) => {
      const optimizer = rmsprop({ momentum: 0.9, centered: true });
      using trainer = await openTiny(device, { optimizer, clip: { norm: 1 } });
      await eventsOf(trainer.fit({ steps: 2 }));
      const most = Math.max(...trainer.plan.dispatches.map(({ bindings }) => bindings.length));
      must(most <= 8, () => `${most} bindings`);
    },
  },
  {
    title: 'a bound of 0 is refused before anything is allocated',
    run: async (device) => {
      const before = device.counts.buffers;
      await mustReject(openTiny(device, { clip: { norm: 0 } }), 'usage');
      await mustReject(openTiny(device, { clip: { value: -1 } }), 'usage');
      mustEqual(device.counts.buffers, before, 'buffers');
    },
  },
];

const turns: readonly GpuLaw[] = [
  {
    title: 'two batches of four are a step of eight, and the last of an epoch has what is left',
    run: (device) => mustFollow(device, { batch: 4, accumulate: 2 }, plainSgd({ rate: RATE })),
  },
  {
    title: 'steps of several batches have the same bits whatever the steps a submit, and after a break',
    run: async (device) => {
      const options = { data: tinySplits(20), batch: 4, accumulate: 2, optimizer: adamW({ rate: 0.01 }) };
      using together = await openTiny(device, { ...options, pace: { submitMs: 1e9, mostSteps: 50 } });
      using single = await openTiny(device, { ...options, pace: { mostSteps: 1 } });
      await eventsOf(single.fit({ steps: 2 }));
      const resume = await single.checkpoint();
      using resumed = await openTiny(device, { data: options.data, optimizer: options.optimizer, batch: 4, resume });
      const wanted = await weightsAfter(together, 7);
      mustBeSameBits(await weightsAfter(single, 7), wanted, 'one batch a submit');
      mustBeSameBits(await weightsAfter(resumed, 7), wanted, 'after a break');
    },
  },
];

const groups: readonly GpuLaw[] = [
  {
    title: 'each group has its own rate and decay, in one dispatch',
    run: async (device) => {
      const list = [
        { match: '*.bias', weightDecay: 0 },
        { match: /^fc/, rateFactor: 0.5, weightDecay: 0.1 },
      ];
      const optimizer = sgd({ rate: RATE, weightDecay: 0.2 });
      const updates = [
        plainSgd({ rate: RATE }),
        plainSgd({ rate: RATE / 2, weightDecay: 0.1 }),
        plainSgd({ rate: RATE, weightDecay: 0.2 }),
      ];
      const choose = (name: string) => updates[name.endsWith('bias') ? 0 : name.startsWith('fc') ? 1 : 2];
      await mustFollow(device, { optimizer, groups: list }, byName(choose));
      using grouped = await openTiny(device, { optimizer, groups: list });
      using alike = await openTiny(device, { optimizer });
      mustEqual(grouped.plan.dispatches.length, alike.plan.dispatches.length, 'dispatches');
    },
  },
  {
    title: 'frozen parameters stay as they are, and nothing of them is computed backward',
    run: async (device) => {
      const update = plainSgd({ rate: RATE });
      const frozen = [{ match: 'conv*', frozen: true }];
      await mustFollow(
        device,
        { groups: frozen },
        byName((name) => (name.startsWith('conv') ? undefined : update)),
      );
      using trainer = await openTiny(device, { groups: frozen, weights: weights() });
      using whole = await openTiny(device, { weights: weights() });
      await eventsOf(trainer.fit({ steps: 3 }));
      for (const name of ['conv1.weight', 'conv1.bias']) {
        mustEqual([...(await trainer.weights()).get(name)!.data], [...weights().get(name)!.data], name);
      }
      const backward = /conv2dGradW|maxPool2dGrad|reluGrad/;
      const covers = trainer.plan.dispatches.filter((dispatch) => backward.test(dispatch.covers));
      mustEqual(covers.length, 0, 'dispatches of gradients of what is frozen');
      const [some, all] = [trainer.plan.dispatches.length, whole.plan.dispatches.length];
      must(some < all, () => `${some} dispatches; wanted fewer than ${all}`);
    },
  },
];

const schedules: readonly GpuLaw[] = [
  {
    title: 'each step has the rate of its schedule, in epochs of its own length, and a later fit another',
    run: async (device) => {
      const schedule = warmup({ steps: 2, from: 0.5 }, cosine({ steps: 6, to: 0.1 }));
      const later = stepDecay({ every: 2, factor: 0.5 });
      const rateAt = (step: number): number => RATE * (step <= 3 ? schedule(step - 1, 3) : later(step - 1, 3));
      const data = tinySplits(20);
      const options = { weights: weights(), data, shuffle: false, optimizer: sgd({ rate: RATE }) };
      using trainer = await openTiny(device, { ...options, schedule });
      mustEqual([trainer.rate, trainer.scheduledRate], [RATE, RATE / 2], 'rates before the first step');
      await eventsOf(trainer.fit({ steps: 3 }));
      await eventsOf(trainer.fit({ steps: STEPS, schedule: later }));
      const update = plainSgd({ rate: rateAt });
      const plain = plainTraining(plainTiny(), data.train, { from: weights(), update, batch: 8, steps: STEPS });
      mustBeNear(await trainer.weights(), plain.weights, 2e-5, 'with two schedules');
    },
  },
  {
    title: 'a plateau reduces the rate at the end of an epoch that is no better, for the steps after it',
    run: async (device) => {
      // No epoch is twice as good as the first, so each after it counts as a plateau.
      const plateau = { factor: 0.5, patience: 0, threshold: 0.5 };
      using trainer = await openTiny(device, { optimizer: sgd({ rate: 1e-3 }), plateau });
      const rates: number[] = [];
      for await (const event of trainer.fit({ epochs: 3 })) if (event.type === 'epoch') rates.push(trainer.rate);
      mustEqual(rates, [1e-3, 5e-4, 2.5e-4], 'rates after each epoch');
      mustEqual(epochsOf(await eventsOf(trainer.fit({ epochs: 3 }))).length, 0, 'epochs that are left');
    },
  },
  {
    title: 'a schedule that makes no rate is refused at its step',
    run: async (device) => {
      using trainer = await openTiny(device, { schedule: (step) => (step < 2 ? 1 : NaN) });
      await mustReject(eventsOf(trainer.fit({ steps: 4 })), 'usage');
    },
  },
];

const finder: readonly GpuLaw[] = [
  {
    title: 'the rate finder goes through rising rates until the loss is lost, and leaves the weights as they were',
    run: async (device) => {
      const given = weights();
      const before = device.counts.bytes;
      const options = { device, net: tinyNet(), data: tinySplits(24), batch: 8, weights: given };
      const { points, suggestion } = await findRate({ ...options, from: 1e-5, to: 1e5, steps: 60 });
      mustEqual([...given.get('fc1.weight')!.data], [...weights().get('fc1.weight')!.data], 'weights');
      mustEqual(device.counts.bytes, before, 'bytes that are left');
      must(points.length > 20 && points.length < 60, () => `${points.length} of 60 points`);
      mustEqual(points[0]?.rate, 1e-5, 'first rate');
      must(suggestion !== undefined && suggestion > 1e-5 && suggestion < 1e3, () => `suggestion ${suggestion}`);
    },
  },
  {
    title: 'a rate finder without a rise is refused',
    run: (device) => mustReject(findRate({ device, net: tinyNet(), data: tinySplits(24), from: 1, to: 0.1 }), 'usage'),
  },
];

export const updatingLaws: readonly GpuLaw[] = [...bounds, ...turns, ...groups, ...schedules, ...finder];
