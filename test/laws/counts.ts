import { Session } from '../../src/engine/session.js';
import { Store } from '../../src/engine/store.js';
import type { Device } from '../../src/gpu/device.js';
import { ALL_FINITE } from '../../src/ops/control.js';
import { sgd } from '../../src/optim/sgd.js';
import { RATE_ROWS, trainGraph } from '../../src/train/graphs.js';
import { must, mustEqual, type GpuLaw } from '../support/gpuLaw.js';
import { eventsOf, openTiny, sameBits, weightsAfter } from '../support/runs.js';
import { flatNet, tinyNet, tinySet, tinySplits } from '../support/tinyData.js';

/** What is made once; the rest of the counts grows with the work. */
const made = ({ counts: { buffers, bindGroups, pipelines, bytes } }: Device): object => ({
  buffers,
  bindGroups,
  pipelines,
  bytes,
});

/** As many steps to a submit as are allowed, whatever they take. */
const together = { submitMs: 1e9, mostSteps: 100, mostInFlight: 3 };

export const countLaws: readonly GpuLaw[] = [
  {
    title: 'after the first step training makes no buffer, bind group or pipeline',
    run: async (device) => {
      using trainer = await openTiny(device, { net: flatNet(), data: tinySplits(1024), batch: 2 });
      await eventsOf(trainer.fit({ steps: 1 }));
      const before = made(device);
      await eventsOf(trainer.fit({ steps: 500 }));
      mustEqual(made(device), before, 'made by 499 steps');
    },
  },
  {
    title: 'epochs, evaluations and predictions after the first of each make nothing',
    run: async (device) => {
      using trainer = await openTiny(device);
      const pixels = tinySet(17, 4).images;
      await eventsOf(trainer.fit({ epochs: 1 }));
      await trainer.predict(pixels);
      const before = made(device);
      await eventsOf(trainer.fit({ epochs: 6 }));
      await trainer.evaluate();
      await Promise.all([trainer.predict(pixels), trainer.predict(pixels)]);
      mustEqual(made(device), before, 'made by five epochs');
    },
  },
  {
    title: 'checkpoints after the first make nothing',
    run: async (device) => {
      using trainer = await openTiny(device, { net: flatNet(), data: tinySplits(400) });
      await eventsOf(trainer.fit({ steps: 1 }));
      await trainer.checkpoint();
      const before = made(device);
      for await (const _ of trainer.fit({ steps: 40 })) await trainer.checkpoint();
      await Promise.all([trainer.checkpoint(), trainer.checkpoint()]);
      mustEqual(made(device), before, 'made by checkpoints');
    },
  },
  {
    title: 'many steps go into one submit, with at most one upload, and mostly none',
    run: async (device) => {
      const steps = 1100;
      using trainer = await openTiny(device, {
        net: flatNet(),
        data: tinySplits(2 * steps + 1),
        batch: 2,
        pace: together,
      });
      const before = { ...device.counts };
      await eventsOf(trainer.fit({ steps }));
      const { submits, uploads, mappedReads, dispatches } = device.counts;
      const trained = submits - before.submits - (mappedReads - before.mappedReads);
      must(trained >= steps / 100 && trained <= steps / 100 + 5, () => `${trained} submits for ${steps} steps`);
      mustEqual(uploads - before.uploads, Math.ceil(steps / (RATE_ROWS / 4)), 'uploads');
      mustEqual(dispatches - before.dispatches, steps * trainer.plan.dispatches.length, 'dispatches');
    },
  },
  {
    title: 'timed steps end with the same bits and leave no memory; the GPU’s clock is asked only where it is wanted',
    run: async (device) => {
      const { bytes } = device.counts;
      const weights = [];
      for (const timings of [false, true]) {
        using trainer = await openTiny(device, { timings });
        mustEqual(trainer.timings, {}, 'times before a step');
        weights.push(await weightsAfter(trainer, 12));
        await device.idle();
        const { encodeMs = NaN, gpuMs } = trainer.timings;
        must(encodeMs > 0 && encodeMs < 1000, () => `${encodeMs} ms to encode`);
        // A clock that is read in tenths of a millisecond may see no time pass.
        const isTimed = timings && device.profile.features.includes('timestamp-query');
        must(isTimed ? gpuMs === undefined || gpuMs > 0 : gpuMs === undefined, () => `${gpuMs} ms on the GPU`);
      }
      const [plain, timed] = weights;
      must(
        plain !== undefined && timed !== undefined && sameBits(plain, timed),
        () => 'other bits where steps are timed',
      );
      mustEqual(device.counts.bytes, bytes, 'bytes left');
    },
  },
  {
    title: 'a thousand steps need one submit, no upload and no readback',
    run: async (device) => {
      const settings = { batch: 2, seed: 1, shuffle: true, mean: 0.1, std: 0.3 };
      const set = tinySet(7, 0);
      const graph = trainGraph(tinyNet(), set, settings, sgd());
      using store = new Store(device);
      using session = await Session.compile(store, graph, { name: 'train' });
      store.write('train.images', set.images);
      store.write('guard', Uint32Array.of(ALL_FINITE));
      store.writePart('rates', 0, new Float32Array(4 * 1000).fill(0.01));
      const before = { ...device.counts };
      session.run(1000);
      await session.idle();
      const dispatches = before.dispatches + 1000 * session.plan.dispatches.length;
      mustEqual(device.counts, { ...before, submits: before.submits + 1, dispatches }, 'counts');
      mustEqual((await store.read(['step'])).get('step')?.[0], 1000, 'steps done');
    },
  },
  {
    title: 'the counters of a trainer are those of its device',
    run: async (device) => {
      using trainer = await openTiny(device);
      await eventsOf(trainer.fit({ epochs: 2 }));
      const { counters } = trainer;
      for (const [name, count] of Object.entries(device.counts)) {
        if (name in counters) mustEqual(counters[name as keyof typeof counters], count, name);
      }
      mustEqual([counters.steps, counters.dispatchesPerStep], [6, trainer.plan.dispatches.length], 'steps');
    },
  },
  {
    title: 'a disposed trainer has freed all its memory, with evaluator and predictor, at once',
    run: async (device) => {
      const { bytes } = device.counts;
      const trainer = await openTiny(device);
      await eventsOf(trainer.fit({ epochs: 1 }));
      await trainer.predict(tinySet(1, 4).images);
      trainer[Symbol.dispose]();
      trainer[Symbol.dispose]();
      mustEqual(device.counts.bytes, bytes, 'bytes');
      await device.idle();
    },
  },
  ...[0, 3, 10, 30, 100].map((turns) => ({
    title: `a trainer that is disposed ${turns} turns after it was first asked to evaluate and predict frees all its memory`,
    run: async (device: Device) => {
      const { bytes } = device.counts;
      const trainer = await openTiny(device);
      const asked = Promise.allSettled([trainer.evaluate(), trainer.predict(tinySet(1, 4).images)]);
      for (let turn = 0; turn < turns; turn++) await device.orLost(Promise.resolve());
      trainer[Symbol.dispose]();
      for (const outcome of await asked) {
        const code: unknown = outcome.status === 'rejected' ? (outcome.reason as { code?: unknown }).code : 'usage';
        mustEqual(code, 'usage', 'what it rejects with');
      }
      mustEqual(device.counts.bytes, bytes, 'bytes');
      await device.idle();
    },
  })),
];
