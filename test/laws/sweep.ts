import type { Device } from '../../src/gpu/device.js';
import { sgd } from '../../src/optim/sgd.js';
import { grid, type Settings } from '../../src/train/space.js';
import { ranked, sweep, type SweepEvent, type SweepOptions, type SweepRun } from '../../src/train/sweep.js';
import { must, mustEqual, mustReject, type GpuLaw } from '../support/gpuLaw.js';
import { mustBeSameBits, openTiny } from '../support/runs.js';
import { tinyNet, tinySplits } from '../support/tinyData.js';

const data = tinySplits(42, 21);

/** A rate that learns, one that hardly does, and one at which the loss is lost. */
const runs = grid({ rate: [0.001, 0.05, 1e30] });

const optionsOn = (device: Device): SweepOptions<Settings> => ({
  runs,
  setup: ({ rate }) => ({
    device,
    net: tinyNet(),
    data,
    batch: 8,
    validation: 14,
    optimizer: sgd({ rate: Number(rate) }),
    epochs: 3,
  }),
});

async function eventsOf(events: AsyncIterable<SweepEvent<Settings>>): Promise<SweepEvent<Settings>[]> {
  const all: SweepEvent<Settings>[] = [];
  for await (const event of events) all.push(event);
  return all;
}

const runsOf = (events: readonly SweepEvent<Settings>[]): SweepRun[] =>
  events.flatMap((event) => (event.type === 'run' ? [event.run] : []));
const testOf = (events: readonly SweepEvent<Settings>[]) =>
  events.flatMap((event) => (event.type === 'test' ? [event] : []));

/** All that is the same whenever a run is done. */
const facts = ({ index, settings, loss, accuracy, epoch, failed, steps }: SweepRun): object => ({
  index,
  settings,
  loss,
  accuracy,
  epoch,
  failed,
  steps,
});

export const sweepLaws: readonly GpuLaw[] = [
  {
    title: 'runs come in order, each as it would be trained alone; one that diverges is a result, and ranks last',
    run: async (device) => {
      const { bytes } = device.counts;
      const events = await eventsOf(sweep(optionsOn(device)));
      const found = runsOf(events);
      mustEqual(
        found.map(({ index, settings }) => [index, settings]),
        runs.map((settings, index) => [index, settings]),
        'runs',
      );
      mustEqual(found[2]?.failed?.code, 'diverged', 'how the last run ended');
      mustEqual([found[2]?.loss, found[2]?.weights], [undefined, undefined], 'what is left of it');
      using alone = await openTiny(device, {
        data,
        net: tinyNet(),
        validation: 14,
        optimizer: sgd({ rate: 0.05 }),
      });
      for await (const _ of alone.fit({ epochs: 3, keepBest: true }));
      const { loss, accuracy } = await alone.validate();
      mustEqual([found[1]?.loss, found[1]?.accuracy], [loss, accuracy], 'validation of the second');
      mustBeSameBits(found[1]?.weights ?? new Map(), await alone.weights(), 'weights of the second');
      const order = ranked(found, 'loss');
      mustEqual(order.at(-1)?.index, 2, 'last in rank');
      must((order[0]?.loss ?? NaN) <= (order[1]?.loss ?? NaN), () => 'the best has not the least loss');
      // That trainer's memory is the only one left.
      alone[Symbol.dispose]();
      mustEqual(device.counts.bytes, bytes, 'bytes left on the GPU');
    },
  },
  {
    title: 'the test set is touched once, by the best run, with the weights that its rank is of',
    run: async (device) => {
      const events = await eventsOf(sweep(optionsOn(device)));
      const tests = testOf(events);
      mustEqual(tests.length, 1, 'tests');
      mustEqual(events.at(-1)?.type, 'test', 'the last event');
      const [best] = ranked(runsOf(events), 'loss');
      mustEqual(tests[0]?.run.index, best?.index, 'the run');
      using judge = await openTiny(device, { data, net: tinyNet(), weights: best?.weights ?? new Map() });
      const { loss, accuracy } = await judge.evaluate();
      mustEqual([tests[0]?.evaluation.loss, tests[0]?.evaluation.accuracy], [loss, accuracy], 'what it said');
      const told = events.filter((event) => event.type === 'epoch' && event.testLoss !== undefined);
      mustEqual(told.length, 0, 'epochs that saw the test set');
    },
  },
  {
    title: 'a sweep that goes on does what is missing alone, and comes to the same, with the best weights or without',
    run: async (device) => {
      const whole = await eventsOf(sweep(optionsOn(device)));
      const all = runsOf(whole);
      const bare = all.map((run): SweepRun => {
        const { weights: _, ...rest } = run;
        return rest;
      });
      for (const done of [all.slice(0, 2), all.slice(1), all, bare]) {
        const rest = await eventsOf(sweep({ ...optionsOn(device), done }));
        const missing = all.filter(({ index }) => !done.some((run) => run.index === index));
        mustEqual(runsOf(rest).map(facts), missing.map(facts), 'what was missing');
        mustEqual(testOf(rest)[0]?.evaluation.losses, testOf(whole)[0]?.evaluation.losses, 'the test');
      }
    },
  },
  {
    title: 'a signal ends a sweep without the run under way; a reader who leaves frees its memory',
    run: async (device) => {
      const { bytes } = device.counts;
      const stop = new AbortController();
      const found: SweepRun[] = [];
      for await (const event of sweep({ ...optionsOn(device), signal: stop.signal })) {
        if (event.type === 'run') found.push(event.run);
        if (event.type === 'epoch' && found.length === 1) stop.abort();
        must(event.type !== 'test', () => 'the test set was touched');
      }
      mustEqual(found.length, 1, 'runs');
      for await (const event of sweep(optionsOn(device))) if (event.type === 'steps') break;
      mustEqual(device.counts.bytes, bytes, 'bytes left on the GPU');
    },
  },
  {
    title: 'without an epoch’s end a run is judged by its last weights, and by accuracy where that is asked for',
    run: async (device) => {
      const { setup } = optionsOn(device);
      const short: SweepOptions<Settings> = {
        runs: grid({ rate: [0.001, 0.05] }),
        rank: 'accuracy',
        setup: (settings) => ({ ...setup(settings), steps: 2 }),
      };
      const events = await eventsOf(sweep(short));
      const found = runsOf(events);
      for (const { epoch, steps, loss } of found) {
        mustEqual([epoch, steps, Number.isFinite(loss)], [undefined, 2, true], 'a run of two steps');
      }
      mustEqual(testOf(events)[0]?.run.index, ranked(found, 'accuracy')[0]?.index, 'the run that was tested');
    },
  },
  {
    title: 'no runs, runs without validation, and done runs of another sweep are refused before anything is trained',
    run: async (device) => {
      const options = optionsOn(device);
      const { setup } = options;
      const before = { ...device.counts };
      const run: SweepRun = { index: 0, settings: { rate: 0.001 }, loss: 1, accuracy: 0.5, steps: 1, seconds: 1 };
      const wrong: readonly Partial<SweepOptions<Settings>>[] = [
        { runs: [] },
        { setup: (settings) => ({ ...setup(settings), validation: 0 }) },
        { done: [{ ...run, settings: { rate: 0.002 } }] },
        { done: [{ ...run, index: 3 }] },
        { done: [{ ...run, settings: { rate: 0.001, batch: 8 } }] },
        { done: [run, run] },
      ];
      for (const part of wrong) await mustReject(eventsOf(sweep({ ...options, ...part })), 'usage');
      mustEqual(device.counts, before, 'counts');
    },
  },
];
