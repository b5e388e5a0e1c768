// Training with a loss scale, step for step against torch.amp.GradScaler by hand. Gradients overflow where they are
// wanted to: a scale that grows to 2¹²⁶ leaves f32 no room for a gradient of 4.

import type { Device } from '../../src/gpu/device.js';
import { readCheckpoint, writeCheckpoint, type Checkpoint } from '../../src/io/checkpoint.js';
import { initialWeights } from '../../src/nn/weights.js';
import { adagrad } from '../../src/optim/adagrad.js';
import { adam } from '../../src/optim/adam.js';
import type { Optimizer } from '../../src/optim/optimizer.js';
import { cosine } from '../../src/optim/schedules.js';
import { sgd } from '../../src/optim/sgd.js';
import type { TrainerOptions } from '../../src/train/options.js';
import type { Trainer } from '../../src/train/trainer.js';
import { must, mustEqual, mustReject, type GpuLaw } from '../support/gpuLaw.js';
import type { PlainWeights } from '../support/plainNet.js';
import { largestOf, plainScaler } from '../support/plainScaler.js';
import { plainAdam, plainSgd, plainTiny, plainTraining, type PlainUpdate } from '../support/plainTraining.js';
import { eventsAndError, eventsOf, mustBeSameBits, openTiny, stepsOf, weightsAfter } from '../support/runs.js';
import { tinyNet, tinySplits } from '../support/tinyData.js';
import { mustBeNear, mustBeNearLoss } from './parity.js';

/** Three good steps at 2¹⁰⁰, then one at 2¹²⁶ that overflows. */
const SHORT = { init: 2 ** 100, growth: 2 ** 26, backoff: 2 ** -26, interval: 3 } as const;
const STEPS = 11;
const data = tinySplits(20);
const weights = () => initialWeights(tinyNet(), 4);

const open = (device: Device, options: Partial<TrainerOptions> = {}): Promise<Trainer> =>
  openTiny(device, { data, weights: weights(), shuffle: false, lossScale: SHORT, ...options });

/** Throws unless gradients overflow at the upper scale, whatever is rounded on the way, and at the lower do not. */
function mustBeClear(slopes: PlainWeights, scale: number): boolean {
  const largest = largestOf(slopes);
  must(largest > 2 ** -20 && largest < 2 ** 20, () => `gradients of ${largest}`);
  if (scale === SHORT.init) return false;
  must(largest >= 8, () => `gradients of ${largest}, which may overflow at ${scale} or not`);
  return true;
}

/** Trains with overflows, and a loop in f64 beside it. */
async function mustFollow(
  device: Device,
  options: Partial<TrainerOptions>,
  follow: Parameters<typeof plainScaler>[0],
  images = 8,
): Promise<void> {
  using trainer = await open(device, { weights: steep(), ...options });
  const events = await eventsOf(trainer.fit({ steps: STEPS, epochs: STEPS }));
  const scaler = plainScaler(follow, SHORT, mustBeClear);
  const loop = { from: steep(), update: scaler.update, batch: images, steps: STEPS };
  const plain = plainTraining(plainTiny(), data.train, loop);
  plain.steps.forEach(({ loss }, i) => mustBeNearLoss(stepsOf(events)[i]?.loss ?? NaN, loss, `step ${i + 1}`));
  mustBeNear(await trainer.weights(), plain.weights, 2e-5, `after ${STEPS} steps`);
  const { scale, good: goodSteps, skipped } = scaler;
  must(skipped >= 2, () => `${skipped} steps skipped`);
  mustEqual(await trainer.lossScale(), { scale, goodSteps, skipped }, 'loss scale');
  const told = events.flatMap((event) => (event.type === 'steps' ? [event.skipped] : []));
  mustEqual(told.at(-1), skipped, 'skipped steps that were told');
}

/** So small that no image is learnt, whose gradients would vanish. */
const RATE = 1e-4;

/** The first filters a few times as large, so that gradients behind them are. */
const steep = () =>
  new Map(
    [...weights()].map(([name, { shape, data: values }]) => [
      name,
      { shape, data: name === 'conv1.weight' ? values.map((value) => 64 * value) : values },
    ]),
  );

const following: readonly GpuLaw[] = [
  {
    title: 'sgd skips steps that overflow: momentum and weights stay, and the images move on',
    run: (device) => {
      const optimizer = sgd({ rate: RATE, weightDecay: 0.01 });
      return mustFollow(device, { optimizer }, plainSgd({ rate: RATE, weightDecay: 0.01 }));
    },
  },
  {
    title: 'adam counts the steps that it makes, and its schedule all of them',
    run: (device) => {
      const schedule = cosine({ steps: STEPS, to: 0.1 });
      let now = 1;
      const update: PlainUpdate = plainAdam({ rate: () => RATE * schedule(now - 1, 3) });
      const follow: Parameters<typeof plainScaler>[0] = (plain, slopes, made, step) => {
        now = step;
        update(plain, slopes, made);
      };
      return mustFollow(device, { optimizer: adam({ rate: RATE }), schedule }, follow);
    },
  },
  {
    title: 'adagrad’s decay of the rate counts the steps that it makes',
    run: (device) => {
      const sums = new Map<string, Float64Array>();
      const follow: Parameters<typeof plainScaler>[0] = (plain, slopes, made) => {
        for (const [name, values] of plain) {
          const sum = sums.get(name) ?? new Float64Array(values.length);
          sums.set(name, sum);
          values.forEach((_, i) => {
            const slope = slopes.get(name)?.[i] ?? NaN;
            sum[i] = (sum[i] ?? 0) + slope ** 2;
            values[i] = (values[i] ?? NaN) - ((RATE / (1 + (made - 1) * 0.5)) * slope) / (Math.sqrt(sum[i] ?? 0) + 0.1);
          });
        }
      };
      return mustFollow(device, { optimizer: adagrad({ rate: RATE, rateDecay: 0.5, epsilon: 0.1 }) }, follow);
    },
  },
  {
    title: 'a norm of gradients is bounded as it is without the scale',
    run: (device) => {
      const update = plainSgd({ rate: 0.01 });
      const follow: Parameters<typeof plainScaler>[0] = (plain, slopes, made) => {
        const norm = Math.hypot(...[...slopes.values()].flatMap((values) => [...values]));
        for (const values of slopes.values())
          values.forEach((value, i) => (values[i] = value * Math.min(1, 2 / (norm + 1e-6))));
        update(plain, slopes, made);
      };
      return mustFollow(device, { optimizer: sgd({ rate: 0.01 }), clip: { norm: 2 } }, follow);
    },
  },
  {
    title: 'an element of a gradient is bounded as it is without the scale',
    run: (device) => {
      const update = plainSgd({ rate: RATE });
      const follow: Parameters<typeof plainScaler>[0] = (plain, slopes, made) => {
        for (const values of slopes.values())
          values.forEach((value, i) => (values[i] = Math.min(0.5, Math.max(-0.5, value))));
        update(plain, slopes, made);
      };
      return mustFollow(device, { optimizer: sgd({ rate: RATE }), clip: { value: 0.5 } }, follow);
    },
  },
  {
    title: 'a step of several batches is skipped as a whole, and the scale stays within it',
    run: (device) =>
      mustFollow(device, { optimizer: sgd({ rate: RATE }), batch: 4, accumulate: 2 }, plainSgd({ rate: RATE })),
  },
];

/** Through the bytes of a file. */
const stored = async (checkpoint: Checkpoint): Promise<Checkpoint> => readCheckpoint(await writeCheckpoint(checkpoint));

const same: readonly GpuLaw[] = [
  {
    title: 'a scale that is a power of two and does not overflow changes no bit of sgd',
    run: async (device) => {
      const optimizer = sgd({ rate: 0.05, nesterov: true });
      using plain = await openTiny(device, { data, weights: weights(), optimizer });
      using scaled = await openTiny(device, { data, weights: weights(), optimizer, lossScale: {} });
      mustBeSameBits(await weightsAfter(scaled, 7), await weightsAfter(plain, 7), 'with a scale');
      mustEqual(await scaled.lossScale(), { scale: 65_536, goodSteps: 7, skipped: 0 }, 'loss scale');
      mustEqual(await plain.lossScale(), undefined, 'loss scale of a trainer without one');
    },
  },
  ...[sgd({ rate: RATE }), adam({ rate: RATE })].map((optimizer: Optimizer) => ({
    title: `${optimizer.name} with skipped steps has the same bits for any steps a submit, and resumed before, at and after one`,
    run: async (device: Device) => {
      const options = { optimizer, weights: steep() };
      using straight = await open(device, options);
      const wanted = await weightsAfter(straight, STEPS);
      must(((await straight.lossScale())?.skipped ?? 0) >= 2, () => 'too few steps skipped');
      using single = await open(device, { ...options, pace: { mostSteps: 1 } });
      mustBeSameBits(await weightsAfter(single, STEPS), wanted, 'one step a submit');
      for (const step of [3, 4, 6]) {
        using first = await open(device, options);
        await weightsAfter(first, step);
        const resume = await stored(await first.checkpoint());
        using second = await openTiny(device, { data, resume });
        mustBeSameBits(await weightsAfter(second, STEPS), wanted, `resumed at step ${step}`);
        mustEqual(await second.lossScale(), await straight.lossScale(), `loss scale, resumed at step ${step}`);
      }
    },
  })),
];

/** The net's own weights, but one that is NaN. */
function broken() {
  const planted = weights();
  const { shape, data: values } = planted.get('fc1.bias') ?? { shape: [], data: new Float32Array() };
  return new Map([...planted, ['fc1.bias', { shape, data: values.map((value, i) => (i === 1 ? NaN : value)) }]]);
}

const ends: readonly GpuLaw[] = [
  {
    title: 'a NaN halves the scale down to 1, and there it stops the run with the weights from before',
    run: async (device) => {
      const given = broken();
      using trainer = await open(device, { weights: given, lossScale: { init: 4 } });
      const { events, error } = await eventsAndError(trainer.fit({ steps: 9, epochs: 9 }));
      must(error?.code === 'diverged' && error.place === 'step 3', () => `ended with ${error}`);
      must(error.message.includes('the loss is not finite'), () => error.message);
      mustEqual(stepsOf(events).length, 2, 'steps told');
      mustEqual(await trainer.lossScale(), { scale: 1, goodSteps: 0, skipped: 2 }, 'loss scale');
      mustBeSameBits(await trainer.weights(), given, 'weights');
    },
  },
  {
    title: 'settings out of range, and a checkpoint of a run without a scale, are refused before anything is allocated',
    run: async (device) => {
      using plain = await openTiny(device, { data });
      await eventsOf(plain.fit({ steps: 1 }));
      const resume = await stored(await plain.checkpoint());
      const before = device.counts.buffers;
      for (const lossScale of [{ init: 0.5 }, { growth: 0.5 }, { backoff: 1 }, { backoff: 0 }, { interval: 0 }]) {
        await mustReject(open(device, { lossScale }), 'usage');
      }
      await mustReject(openTiny(device, { data, resume, lossScale: {} }), 'usage');
      mustEqual(device.counts.buffers, before, 'buffers');
    },
  },
];

export const scaledLaws: readonly GpuLaw[] = [...following, ...same, ...ends];
