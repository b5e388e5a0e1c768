import type { Device } from '../../src/gpu/device.js';
import { initialWeights, type Weights } from '../../src/nn/weights.js';
import { adam } from '../../src/optim/adam.js';
import type { TrainerOptions } from '../../src/train/options.js';
import { must, mustEqual, type GpuLaw } from '../support/gpuLaw.js';
import { eventsOf, mustBeSameBits, openTiny, sameBits, stepsOf, weightsAfter } from '../support/runs.js';
import { tinyNet, tinySet, tinySplits } from '../support/tinyData.js';

/** Two and a half epochs of eight steps, the last of each with 4 images instead of 8. */
const STEPS = 20;
const data = tinySplits(60);

const run = async (device: Device, options: Partial<TrainerOptions> = {}): Promise<Weights> => {
  using trainer = await openTiny(device, { data, optimizer: adam({ rate: 0.01 }), ...options });
  return await weightsAfter(trainer, STEPS);
};

const pace = (mostSteps: number) => ({ submitMs: 1e9, mostSteps, mostInFlight: 3 });

export const determinismLaws: readonly GpuLaw[] = [
  ...[1, 3, 17].map((most) => ({
    title: `${most} steps a submit give the bits that the default pace gives`,
    run: async (device: Device) => {
      mustBeSameBits(await run(device, { pace: pace(most) }), await run(device), `${most} steps a submit`);
    },
  })),
  {
    title: 'from the same weights, another seed or no shuffle gives other bits: it is another order of the images',
    run: async (device) => {
      const weights = initialWeights(tinyNet(), 5);
      const first = await run(device, { weights });
      mustBeSameBits(await run(device, { weights }), first, 'again');
      must(!sameBits(await run(device, { weights, seed: 2 }), first), () => 'seed 2 gives the bits of seed 1');
      must(
        !sameBits(await run(device, { weights, shuffle: false }), first),
        () => 'no shuffle gives the bits of a shuffle',
      );
    },
  },
  {
    title: 'another seed begins with other weights',
    run: async (device) => {
      using one = await openTiny(device, { seed: 1 });
      using two = await openTiny(device, { seed: 2 });
      must(!sameBits(await one.weights(), await two.weights()), () => 'seed 2 gives the weights of seed 1');
    },
  },
  {
    title: 'losses and accuracies have the same bits in two runs',
    run: async (device) => {
      const told = async () => {
        using trainer = await openTiny(device, { data });
        return stepsOf(await eventsOf(trainer.fit({ epochs: 3 })));
      };
      mustEqual(await told(), await told(), 'steps');
    },
  },
  {
    title: 'evaluating, predicting and reading the weights between steps changes no bit',
    run: async (device) => {
      using trainer = await openTiny(device, { data, optimizer: adam({ rate: 0.01 }) });
      const pixels = tinySet(3, 4).images;
      for (let steps = 3; steps < STEPS; steps += 3) {
        await eventsOf(trainer.fit({ steps, epochs: STEPS }));
        await Promise.all([trainer.evaluate(), trainer.predict(pixels), trainer.weights()]);
      }
      mustBeSameBits(await weightsAfter(trainer, STEPS), await run(device), 'with looks between');
    },
  },
  {
    title: 'a fit that goes on after a break or an abort gives the bits of one that was left alone',
    run: async (device) => {
      using trainer = await openTiny(device, { data, optimizer: adam({ rate: 0.01 }), pace: pace(2) });
      for await (const _ of trainer.fit({ steps: STEPS, epochs: STEPS })) break;
      const stop = new AbortController();
      for await (const event of trainer.fit({ steps: STEPS - 2, epochs: STEPS, signal: stop.signal })) {
        if (event.type === 'epoch') stop.abort();
      }
      must(trainer.steps < STEPS, () => `stopped after ${trainer.steps} steps`);
      mustBeSameBits(await weightsAfter(trainer, STEPS), await run(device), 'in three parts');
    },
  },
  {
    title: 'a seed gives the same weights to begin with, whatever the batch, and weights come back as they were given',
    run: async (device) => {
      using small = await openTiny(device, { batch: 3, seed: 7 });
      using large = await openTiny(device, { batch: 24, seed: 7 });
      const weights = await small.weights();
      mustBeSameBits(await large.weights(), weights, 'weights of seed 7');
      using given = await openTiny(device, { weights });
      mustBeSameBits(await given.weights(), weights, 'weights as given');
    },
  },
];
