import type { Device } from '../../src/gpu/device.js';
import type { TrainEvent } from '../../src/train/events.js';
import type { Trainer } from '../../src/train/trainer.js';
import { must, mustEqual, mustReject, type GpuLaw } from '../support/gpuLaw.js';
import { epochsOf, eventsOf, mustBeSameBits, openTiny, stepsOf } from '../support/runs.js';
import { SIDE, tinySet, tinySplits } from '../support/tinyData.js';

/** Five steps an epoch, the last with three images of eight; one step a submit, so that a run can be stopped anywhere. */
const open = (device: Device): Promise<Trainer> =>
  openTiny(device, { data: tinySplits(35, 21), pace: { mostSteps: 1 } });

/** Steps 1 to n, each once and in order, with the epoch and the images that they should have. */
function mustBeSteps(events: readonly TrainEvent[], from: number, to: number): void {
  const given = stepsOf(events).map(({ step, epoch, images }) => [step, epoch, images]);
  const wanted = Array.from({ length: to - from + 1 }, (_, i) => {
    const step = from + i;
    return [step, Math.ceil(step / 5), step % 5 === 0 ? 3 : 8];
  });
  mustEqual(given, wanted, `steps ${from} to ${to}`);
}

const near = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(b));

export const fitLaws: readonly GpuLaw[] = [
  {
    title: 'steps and epochs count from when the trainer was opened, across calls of fit',
    run: async (device) => {
      using trainer = await open(device);
      const parts: readonly (readonly [object, number, number])[] = [
        [{ steps: 3 }, 1, 3],
        [{ epochs: 1 }, 4, 5],
        [{}, 6, 5],
        [{ epochs: 3, steps: 12 }, 6, 12],
        [{ epochs: 2 }, 13, 12],
        [{ epochs: 3 }, 13, 15],
      ];
      for (const [options, from, to] of parts) {
        const events = await eventsOf(trainer.fit(options));
        mustBeSteps(events, from, to);
        mustEqual(trainer.steps, to, 'steps');
        const ended = [1, 2, 3].filter((epoch) => epoch * 5 >= from && epoch * 5 <= to);
        mustEqual(
          epochsOf(events).map(({ epoch, step }) => [epoch, step]),
          ended.map((epoch) => [epoch, epoch * 5]),
          'epochs',
        );
      }
    },
  },
  {
    title: 'steps alone are bounded by no epoch',
    run: async (device) => {
      using trainer = await open(device);
      mustBeSteps(await eventsOf(trainer.fit({ steps: 12 })), 1, 12);
    },
  },
  {
    title: 'no epochs are no steps and no events',
    run: async (device) => {
      using trainer = await open(device);
      mustEqual(await eventsOf(trainer.fit({ epochs: 0 })), [], 'events');
      mustEqual(await eventsOf(trainer.fit({ steps: 0 })), [], 'events');
      mustEqual(trainer.steps, 0, 'steps');
    },
  },
  {
    title: 'an epoch comes after its steps, with the means over their images, and with what evaluate says',
    run: async (device) => {
      using trainer = await open(device);
      const before = await trainer.weights();
      const events = await eventsOf(trainer.fit({ epochs: 3 }));
      for (const event of epochsOf(events)) {
        const position = events.indexOf(event);
        mustBeSteps(events.slice(0, position), 1, event.step);
        const steps = stepsOf(events).filter(({ epoch }) => epoch === event.epoch);
        const mean = (of: 'loss' | 'accuracy'): number =>
          steps.reduce((sum, step) => sum + step[of] * step.images, 0) / 35;
        must(near(event.trainLoss, mean('loss')), () => `training loss ${event.trainLoss}; wanted ${mean('loss')}`);
        must(near(event.trainAccuracy, mean('accuracy')), () => `training accuracy ${event.trainAccuracy}`);
        must(
          event.seconds > 0 && event.imagesPerSecond > 0,
          () => `${event.seconds} s, ${event.imagesPerSecond} images/s`,
        );
      }
      const last = epochsOf(events).at(-1);
      const { loss, accuracy, confusion } = await trainer.evaluate();
      mustEqual([last?.testLoss, last?.testAccuracy], [loss, accuracy], 'test loss and accuracy');
      mustEqual(last?.confusion, confusion, 'confusion');
      must(!near(last?.testLoss ?? NaN, epochsOf(events)[0]?.testLoss ?? NaN), () => 'the test loss never changed');
      must((await trainer.weights()).size === before.size, () => 'weights are missing');
    },
  },
  {
    title: 'epochs end where they end, however many steps a submit could take',
    run: async (device) => {
      const pace = { submitMs: 1e9, mostSteps: 7 };
      using trainer = await openTiny(device, { data: tinySplits(35), pace });
      const events = await eventsOf(trainer.fit({ epochs: 7, steps: 33 }));
      mustBeSteps(events, 1, 33);
      mustEqual(
        epochsOf(events).map(({ step }) => step),
        [5, 10, 15, 20, 25, 30],
        'last steps',
      );
      for (const event of epochsOf(events)) mustBeSteps(events.slice(0, events.indexOf(event)), 1, event.step);
    },
  },
  {
    title: 'the answers of an evaluation are in the order of the set, shuffled training or not',
    run: async (device) => {
      using trainer = await open(device);
      await eventsOf(trainer.fit({ epochs: 2 }));
      const { answers, losses } = await trainer.evaluate();
      const { images, labels } = tinySplits(35, 21).test;
      const probabilities = await trainer.predict(images);
      for (let i = 0; i < 21; i++) {
        const row = [...probabilities.subarray(4 * i, 4 * i + 4)];
        mustEqual(answers[i], row.indexOf(Math.max(...row)), `answer for image ${i}`);
        const loss = -Math.log(row[labels[i] ?? 0] ?? NaN);
        must(Math.abs(loss - (losses[i] ?? NaN)) < 1e-4, () => `loss of image ${i}: ${losses[i]}; wanted ${loss}`);
      }
    },
  },
  {
    title: 'a signal that is aborted before the start allows no step',
    run: async (device) => {
      using trainer = await open(device);
      const before = await trainer.weights();
      mustEqual(await eventsOf(trainer.fit({ epochs: 2, signal: AbortSignal.abort() })), [], 'events');
      mustEqual(trainer.steps, 0, 'steps');
      mustBeSameBits(await trainer.weights(), before, 'weights');
    },
  },
  {
    title: 'an abort ends after the steps under way, and all of them are told',
    run: async (device) => {
      using trainer = await open(device);
      const stop = new AbortController();
      const fit = eventsOf(trainer.fit({ epochs: 1000, signal: stop.signal }));
      while (trainer.steps < 7) await device.idle();
      const submitted = trainer.steps;
      stop.abort();
      const events = await fit;
      must(trainer.steps <= submitted + 1, () => `${trainer.steps - submitted} more steps were submitted`);
      mustBeSteps(events, 1, trainer.steps);
      const done = trainer.steps;
      mustBeSteps(await eventsOf(trainer.fit({ steps: done + 3, epochs: 1000 })), done + 1, done + 3);
    },
  },
  {
    title: 'a break ends it; the next fit goes on, and tells the steps that were under way',
    run: async (device) => {
      using trainer = await open(device);
      const first: TrainEvent[] = [];
      for await (const event of trainer.fit({ epochs: 3 })) {
        first.push(event);
        break;
      }
      const { steps } = trainer;
      must(steps < 15, () => `${steps} steps were submitted`);
      const rest = await eventsOf(trainer.fit({ epochs: 3 }));
      mustBeSteps([...first, ...rest], 1, 15);
      mustEqual(
        epochsOf([...first, ...rest]).map(({ epoch }) => epoch),
        [1, 2, 3],
        'epochs',
      );
    },
  },
  {
    title: 'a reader who leaves at the last step of an epoch is told of the epoch when it comes back',
    run: async (device) => {
      using trainer = await open(device);
      const told: TrainEvent[] = [];
      for (let call = 0; call < 40 && epochsOf(told).length < 3; call++) {
        for await (const event of trainer.fit({ epochs: 3 })) {
          told.push(event);
          break;
        }
      }
      using other = await open(device);
      const wanted = await eventsOf(other.fit({ epochs: 3 }));
      const facts = (events: readonly TrainEvent[]) =>
        epochsOf(events).map((event) => [
          event.epoch,
          event.step,
          event.trainLoss,
          event.trainAccuracy,
          event.testLoss,
        ]);
      mustEqual(facts(told), facts(wanted), 'epochs');
      mustBeSteps(told, 1, 15);
    },
  },
  {
    title: 'a second fit at once is refused, and the first goes on undisturbed',
    run: async (device) => {
      using trainer = await open(device);
      const events: TrainEvent[] = [];
      for await (const event of trainer.fit({ epochs: 2 })) {
        await mustReject(eventsOf(trainer.fit({ epochs: 2 })), 'usage');
        events.push(event);
      }
      mustBeSteps(events, 1, 10);
      mustEqual(await eventsOf(trainer.fit({ epochs: 2 })), [], 'events of a later fit');
    },
  },
  {
    title: 'settings that make no sense are refused, and a later fit is none the worse',
    run: async (device) => {
      using trainer = await open(device);
      for (const options of [{ epochs: -1 }, { epochs: 1.5 }, { epochs: NaN }, { steps: -1 }, { steps: Infinity }]) {
        await mustReject(eventsOf(trainer.fit(options)), 'usage');
      }
      mustBeSteps(await eventsOf(trainer.fit({ steps: 2 })), 1, 2);
    },
  },
  {
    title: 'predict, evaluate and weights answer while fit runs',
    run: async (device) => {
      using trainer = await open(device);
      const fit = eventsOf(trainer.fit({ epochs: 4 }));
      const { images } = tinySet(5, 4);
      const [probabilities, evaluation, weights] = await Promise.all([
        trainer.predict(images),
        trainer.evaluate(),
        trainer.weights(),
      ]);
      const events = await fit;
      mustBeSteps(events, 1, 20);
      mustEqual(probabilities.length, 20, 'probabilities');
      mustEqual(evaluation.answers.length, 21, 'answers');
      must(
        [...weights.values()].every(({ data }) => data.every(Number.isFinite)),
        () => 'weights are not finite',
      );
    },
  },
  {
    title: 'an evaluation while fit runs is of one set of weights, though its batches are submits of their own',
    run: async (device) => {
      using other = await open(device);
      const losses: number[] = [];
      for (let steps = 0; steps <= 20; steps++) {
        await eventsOf(other.fit({ steps, epochs: 20 }));
        losses.push((await other.evaluate()).loss);
      }
      using trainer = await open(device);
      await trainer.evaluate();
      const fit = eventsOf(trainer.fit({ epochs: 4 }));
      const found: number[] = [];
      while (trainer.steps < 15) found.push((await trainer.evaluate()).loss);
      await fit;
      must(found.length > 0, () => 'nothing was evaluated');
      for (const loss of found) must(losses.includes(loss), () => `a test loss of ${loss}, which no step has`);
    },
  },
  {
    title: 'probabilities sum to 1, belong to their images in order, and need whole images',
    run: async (device) => {
      using trainer = await open(device);
      await eventsOf(trainer.fit({ epochs: 2 }));
      const { images } = tinySet(37, 4);
      const all = await trainer.predict(images);
      for (const first of [0, 15, 16, 36]) {
        const one = await trainer.predict(images.slice(first * SIDE ** 2, (first + 1) * SIDE ** 2));
        mustEqual([...one], [...all.subarray(first * 4, first * 4 + 4)], `image ${first}`);
        must(
          near(
            one.reduce((sum, value) => sum + value, 0),
            1,
          ),
          () => `probabilities ${one.join(', ')}`,
        );
      }
      await mustReject(trainer.predict(images.slice(1)), 'data');
      await mustReject(trainer.predict(new Uint8Array(0)), 'data');
      const together = await Promise.all([trainer.predict(images), trainer.predict(images.slice(0, SIDE ** 2))]);
      mustEqual([...(together[1] ?? [])], [...all.subarray(0, 4)], 'two predictions at once');
    },
  },
];
