import type { Device } from '../../src/gpu/device.js';
import { batchNorm, conv2d, dense, dropout, flatten, groupNorm, layerNorm, relu } from '../../src/nn/layers.js';
import { sequential, type Net } from '../../src/nn/net.js';
import { initialWeights, type Weights } from '../../src/nn/weights.js';
import { adam } from '../../src/optim/adam.js';
import type { TrainerOptions } from '../../src/train/options.js';
import { Trainer } from '../../src/train/trainer.js';
import { must, mustEqual, mustReject, type GpuLaw } from '../support/gpuLaw.js';
import {
  epochsOf,
  eventsAndError,
  eventsOf,
  mustBeSameBits,
  sameBits,
  stepsOf,
  weightsAfter,
} from '../support/runs.js';
import { CLASSES, SIDE, tinySplits } from '../support/tinyData.js';

// A net whose layers behave otherwise in training than in evaluation.

const net = (): Net =>
  sequential(
    'modes',
    [1, SIDE, SIDE],
    conv2d(4, 3),
    batchNorm(),
    relu(),
    groupNorm(2),
    flatten(),
    dense(12),
    layerNorm(),
    batchNorm({ affine: false }),
    dropout(0.25),
    dense(CLASSES),
  );

/** Five steps an epoch, the last with four images. */
const data = tinySplits(36);

const open = (device: Device, options: Partial<TrainerOptions> = {}): Promise<Trainer> =>
  Trainer.open({ device, net: net(), data, batch: 8, optimizer: adam({ rate: 0.01 }), ...options });

const runningIn = (weights: Weights): Weights => new Map([...weights].filter(([name]) => name.includes('running')));

export const modeLaws: readonly GpuLaw[] = [
  {
    title: 'a net with batch norms and dropout learns',
    run: async (device) => {
      using trainer = await open(device);
      const losses = stepsOf(await eventsOf(trainer.fit({ epochs: 8 }))).map(({ loss }) => loss);
      const mean = (some: readonly number[]): number => some.reduce((sum, loss) => sum + loss, 0) / some.length;
      must(mean(losses.slice(-5)) < 0.6 * mean(losses.slice(0, 5)), () => `losses ${losses.join(', ')}`);
    },
  },
  {
    title:
      'training moves the running statistics of each batch norm, and they are among the weights by PyTorch’s names',
    run: async (device) => {
      using trainer = await open(device);
      const names = ['bn1.running_mean', 'bn1.running_var', 'bn2.running_mean', 'bn2.running_var'];
      const [before, after] = [runningIn(await trainer.weights()), runningIn(await weightsAfter(trainer, 3))];
      mustEqual([...after.keys()], names, 'names');
      for (const name of names) {
        const [first, last] = [before.get(name)?.data ?? [], after.get(name)?.data ?? []];
        must(
          [...first].every((value) => value === (name.endsWith('var') ? 1 : 0)),
          () => `${name} begins with ${[...first].join(', ')}`,
        );
        must(
          [...last].every((value, i) => Number.isFinite(value) && value !== first[i]),
          () => `${name} is ${[...last].join(', ')}`,
        );
      }
    },
  },
  {
    title: 'evaluation is by running statistics and drops nothing: an image has one answer, whatever comes beside it',
    run: async (device) => {
      using trainer = await open(device);
      const trained = await weightsAfter(trainer, 7);
      const size = SIDE * SIDE;
      const together = await trainer.predict(data.test.images);
      for (const image of [0, 3]) {
        const alone = await trainer.predict(data.test.images.slice(image * size, (image + 1) * size));
        mustEqual([...alone], [...together.subarray(image * CLASSES, (image + 1) * CLASSES)], `image ${image}`);
      }
      const first = await trainer.evaluate();
      mustEqual((await trainer.evaluate()).loss, first.loss, 'the loss of a second evaluation');
      mustBeSameBits(await trainer.weights(), trained, 'after evaluations');

      // Another trainer with these weights says the same, and one with other statistics does not.
      using again = await open(device, { weights: trained });
      mustEqual((await again.evaluate()).loss, first.loss, 'the loss by the same weights');
      using other = await open(device, { weights: new Map([...trained, ...runningIn(initialWeights(net(), 1))]) });
      must((await other.evaluate()).loss !== first.loss, () => 'running statistics make no difference');
    },
  },
  {
    title: 'dropout and batch norms have the same bits for a seed, however many steps a submit has, and after a resume',
    run: async (device) => {
      const after = async (options: Partial<TrainerOptions>): Promise<Weights> => {
        using trainer = await open(device, options);
        return await weightsAfter(trainer, 9);
      };
      const wanted = await after({});
      mustBeSameBits(await after({ pace: { mostSteps: 2 } }), wanted, 'two steps a submit');

      using half = await open(device);
      await weightsAfter(half, 4);
      mustBeSameBits(await after({ resume: await half.checkpoint() }), wanted, 'resumed at step 4');

      const weights = initialWeights(net(), 5);
      const [one, two] = [await after({ weights, shuffle: false }), await after({ weights, shuffle: false, seed: 2 })];
      must(!sameBits(one, two), () => 'another seed drops the same elements');
    },
  },
  {
    title: 'the best epoch’s weights come back with the running statistics of that epoch',
    run: async (device) => {
      const options = { validation: 6, optimizer: adam({ rate: 0.3 }) };
      using trainer = await open(device, options);
      const last = epochsOf(await eventsOf(trainer.fit({ epochs: 6, keepBest: true }))).at(-1);
      const { bestEpoch: best = 6 } = last ?? {};
      must(best < 6, () => 'the last epoch is the best');
      using other = await open(device, options);
      await eventsOf(other.fit({ epochs: best }));
      mustBeSameBits(await trainer.weights(), await other.weights(), `of epoch ${best}`);
    },
  },
  {
    title: 'several batches a step have masks of their own',
    run: async (device) => {
      using trainer = await open(device, { accumulate: 2 });
      const events = stepsOf(await eventsOf(trainer.fit({ epochs: 2 })));
      must(events.length === 6 && events.every(({ loss }) => Number.isFinite(loss)), () => `${events.length} steps`);
    },
  },
  {
    title: 'a loss that is not finite leaves the running statistics as they were before',
    run: async (device) => {
      const weights = new Map(initialWeights(net(), 1));
      const { shape, data: values } = weights.get('conv1.weight')!;
      weights.set('conv1.weight', { shape, data: values.slice().fill(NaN, 0, 1) });
      using trainer = await open(device, { weights });
      const { error } = await eventsAndError(trainer.fit({ steps: 3 }));
      must(error?.code === 'diverged', () => `ended with ${error}`);
      mustBeSameBits(runningIn(await trainer.weights()), runningIn(weights), 'after a NaN');
    },
  },
  {
    title: 'weights without their running statistics are refused',
    run: async (device) => {
      const weights = new Map(initialWeights(net(), 1));
      weights.delete('bn2.running_var');
      await mustReject(open(device, { weights }), 'weights');
    },
  },
];
