import type { Device } from '../../src/gpu/device.js';
import { initialWeights } from '../../src/nn/weights.js';
import { adam } from '../../src/optim/adam.js';
import type { Optimizer } from '../../src/optim/optimizer.js';
import { sgd } from '../../src/optim/sgd.js';
import { RATE_ROWS, RING_ROWS } from '../../src/train/graphs.js';
import type { Trainer } from '../../src/train/trainer.js';
import { must, mustEqual, mustReject, type GpuLaw } from '../support/gpuLaw.js';
import { plainAdam, plainFlat, plainSgd, plainTiny, plainTraining } from '../support/plainTraining.js';
import { eventsOf, openTiny, stepsOf } from '../support/runs.js';
import { flatNet, tinyNet, tinySplits } from '../support/tinyData.js';
import { mustBeNear } from './parity.js';

/** A rate for each step that repeats after no number of rows. */
const schedule = (step: number): number => (step % 7 === 0 ? 0.03 : 0.0005) * (1 + (step % 5));

/** A schedule is a function of the step. */
const scheduled = (optimizer: Optimizer): Optimizer => ({
  ...optimizer,
  row: (step) => optimizer.row(step, schedule(step)),
});

/** Trains on while `change` changes the rate; gives back from which step on which rate holds. */
async function withChanges(
  device: Device,
  change: (trainer: Trainer, set: (rate: number) => void) => Promise<void>,
): Promise<void> {
  const first = 0.01;
  const weights = initialWeights(tinyNet(), 4);
  const data = tinySplits(33);
  const optimizer = sgd({ rate: first });
  const pace = { submitMs: 1e9, mostSteps: 4 };
  using trainer = await openTiny(device, { weights, data, batch: 4, shuffle: false, optimizer, pace });
  const rates: [from: number, rate: number][] = [[0, first]];
  await change(trainer, (rate) => {
    trainer.rate = rate;
    mustEqual(trainer.rate, rate, 'rate');
    rates.push([trainer.steps, rate]);
  });
  must(rates.length > 2, () => 'the rate was not changed');
  const rate = (step: number): number => rates.findLast(([from]) => from < step)?.[1] ?? first;
  const steps = trainer.steps;
  const plain = plainTraining(plainTiny(), data.train, { from: weights, update: plainSgd({ rate }), batch: 4, steps });
  mustBeNear(await trainer.weights(), plain.weights, 2e-5, `after ${steps} steps with changes at ${rates.join(' · ')}`);
}

export const rateLaws: readonly GpuLaw[] = [
  {
    title: `each of ${RATE_ROWS + 300} steps has its own row of rates and is told once, around both rings`,
    run: async (device) => {
      const steps = Math.max(RATE_ROWS, RING_ROWS) + 300;
      const weights = initialWeights(flatNet(), 4);
      const data = tinySplits(2 * steps + 1);
      const optimizer = scheduled(adam());
      using trainer = await openTiny(device, { net: flatNet(), weights, data, batch: 2, shuffle: false, optimizer });
      const told = stepsOf(await eventsOf(trainer.fit({ steps })));
      mustEqual(
        told.map(({ step }) => step),
        Array.from({ length: steps }, (_, i) => i + 1),
        'steps told',
      );
      const update = plainAdam({ rate: schedule });
      const plain = plainTraining(plainFlat(), data.train, { from: weights, update, batch: 2, steps });
      const off = plain.steps.findIndex(
        ({ loss }, i) => !(Math.abs((told[i]?.loss ?? NaN) - loss) <= 1e-4 * loss + 1e-6),
      );
      must(off < 0, () => `step ${off + 1}: loss ${told[off]?.loss}; wanted ${plain.steps[off]?.loss}`);
      mustBeNear(await trainer.weights(), plain.weights, 1e-4, `after ${steps} steps`);
    },
  },
  {
    title: 'a rate that is changed at an event holds from the next step that is submitted',
    run: (device) =>
      withChanges(device, async (trainer, set) => {
        let rate = 0.2;
        for await (const event of trainer.fit({ epochs: 4 })) if (event.type === 'epoch') set((rate /= 3));
      }),
  },
  {
    title: 'a rate that is changed while steps are under way holds from the next step that is submitted',
    run: (device) =>
      withChanges(device, async (trainer, set) => {
        const fit = eventsOf(trainer.fit({ steps: 36, epochs: 36 }));
        for (let rate = 0.3; trainer.steps < 30; rate *= 0.7) {
          set(rate);
          await device.idle();
        }
        await fit;
      }),
  },
  {
    title: 'a rate that is no positive number is refused and changes nothing',
    run: async (device) => {
      using trainer = await openTiny(device);
      for (const rate of [0, -1, NaN, Infinity]) {
        const set = async (): Promise<void> => void (trainer.rate = await Promise.resolve(rate));
        await mustReject(set(), 'usage');
      }
      mustEqual(trainer.rate, 0.001, 'rate');
    },
  },
];
