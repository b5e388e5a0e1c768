// Mixed precision in numbers, where the adapter has f16; elsewhere only that it is refused.

import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { roundToHalf } from '../../src/core/half.js';
import type { Dialect } from '../../src/core/profile.js';
import { selfTest } from '../../src/engine/selfTest.js';
import { Session } from '../../src/engine/session.js';
import { Store, type StateData } from '../../src/engine/store.js';
import { Device } from '../../src/gpu/device.js';
import { Graph } from '../../src/graph/graph.js';
import { nets } from '../../src/nn/nets.js';
import { initialWeights } from '../../src/nn/weights.js';
import { openDawn } from '../../src/node/dawn.js';
import { ALL_FINITE } from '../../src/ops/control.js';
import { relu } from '../../src/ops/relu.js';
import { scale } from '../../src/ops/scale.js';
import { adam } from '../../src/optim/adam.js';
import { sgd } from '../../src/optim/sgd.js';
import { trainGraph } from '../../src/train/graphs.js';
import { SCALE_STATES } from '../../src/train/lossScale.js';
import type { TrainerOptions } from '../../src/train/options.js';
import { rowsOf } from '../../src/train/rates.js';
import { openOwn, reasonOf, type OwnDevice } from '../support/ownDevice.js';
import { eventsOf, mustBeSameBits, openTiny, stepsOf, weightsAfter } from '../support/runs.js';
import { noiseSet, tinySplits } from '../support/tinyData.js';

/** Kernels with workgroup memory take a software adapter seconds to compile. */
const LONG_MS = 400_000;
const STEPS = 24;

for (const dialect of ['cpu', 'gpu'] satisfies Dialect[]) {
  describe(`mixed precision, ${dialect} dialect`, () => {
    let own: OwnDevice;
    let device: Device;
    beforeAll(async () => {
      own = await openOwn(await openDawn());
      device = new Device(own.inside, { ...own.device.profile, dialect });
    });
    afterAll(() => own[Symbol.asyncDispose]());

    const mustHaveHalf = (context: TestContext): void => {
      if (!device.profile.features.includes('shader-f16')) context.skip('this adapter has no shader-f16');
    };
    const open = (options: Partial<TrainerOptions> = {}) =>
      openTiny(device, {
        precision: 'mixed',
        data: tinySplits(64),
        optimizer: sgd({ rate: 0.05 }),
        selfTest: 'off',
        ...options,
      });

    it('stores the nearest f16 of each number, and infinities and NaN as they are', async (context) => {
      mustHaveHalf(context);
      const values = [0, 1, 1 + 2 ** -11, 1 + 3 * 2 ** -11, 1 / 3, 65_504, 65_519, 65_520, 1e9, Infinity, NaN];
      const small = [2 ** -14, 2 ** -14 - 2 ** -25, 2 ** -24, 2 ** -25, 1.5 * 2 ** -25, 3.5 * 2 ** -24, 1e-30];
      const graph = new Graph();
      const x = graph.state('x', [values.length + small.length]);
      const y = relu(x);
      const read = scale(y, 1);
      using store = new Store(device);
      using session = await Session.compile(store, graph, { name: 'halves', keep: [y, read], precision: 'mixed' });
      const given = Float32Array.from([...values, ...small]);
      store.write('x', given);
      session.run();
      expect(session.plan.where(y)?.dtype).toBe('f16');
      expect(session.plan.where(read)?.dtype).toBe('f32');
      const wanted = Array.from(given, roundToHalf);
      expect([...(await session.read(y))]).toEqual(wanted);
      expect([...(await session.read(read))]).toEqual(wanted);
    });

    for (const [name, net] of Object.entries(nets)) {
      it(
        `every kernel of a step of ${name} is within the bounds of its formulas and of f16`,
        async (context) => {
          mustHaveHalf(context);
          const made = net();
          const [, rows = 28] = made.input;
          const data = noiseSet(48, rows, 10);
          const optimizer = adam();
          const settings = { batch: 16, seed: 1, shuffle: true, mean: 0.13, std: 0.31 };
          const states = new Map<string, StateData>([
            ...[...initialWeights(made, 1)].map(([state, tensor]) => [state, tensor.data] as const),
            ['train.images', data.images],
            ['train.labels', data.labels],
            ['guard', Uint32Array.of(ALL_FINITE)],
            [SCALE_STATES.scale, Float32Array.of(1024)],
            ...Object.entries(rowsOf(optimizer, true)),
          ]);
          const graph = trainGraph(made, data, settings, optimizer, { lossScale: {} });
          const report = await selfTest(device, graph, { states, precision: 'mixed' });
          expect(report.wrong.map(({ kernel, check }) => `${kernel}: ${check.where}`)).toEqual([]);
          expect(report.runs.length).toBeGreaterThan(8);
        },
        LONG_MS,
      );
    }

    it(
      'learns, otherwise than in f32, and has the same bits for any steps a submit and after a resume',
      async (context) => {
        mustHaveHalf(context);
        using mixed = await open();
        using whole = await open({ precision: 'f32' });
        const losses = stepsOf(await eventsOf(mixed.fit({ steps: STEPS, epochs: STEPS }))).map(({ loss }) => loss);
        const wanted = stepsOf(await eventsOf(whole.fit({ steps: STEPS, epochs: STEPS }))).map(({ loss }) => loss);
        expect(losses.at(-1)).toBeLessThan(0.8 * (losses[0] ?? NaN));
        expect(losses).not.toEqual(wanted);
        expect(await mixed.lossScale()).toEqual({ scale: 65_536, goodSteps: STEPS, skipped: 0 });

        using single = await open({ pace: { mostSteps: 1 } });
        await weightsAfter(single, 9);
        using resumed = await openTiny(device, {
          data: tinySplits(64),
          selfTest: 'off',
          resume: await single.checkpoint(),
        });
        mustBeSameBits(await weightsAfter(single, STEPS), await mixed.weights(), 'one step a submit');
        mustBeSameBits(await weightsAfter(resumed, STEPS), await mixed.weights(), 'after a resume');
      },
      LONG_MS,
    );

    it(
      'finds the scale at which gradients fit into f16',
      async (context) => {
        mustHaveHalf(context);
        using trainer = await open({ lossScale: { init: 2 ** 30 } });
        const losses = stepsOf(await eventsOf(trainer.fit({ steps: STEPS, epochs: STEPS }))).map(({ loss }) => loss);
        const found = await trainer.lossScale();
        expect(found?.skipped).toBeGreaterThan(8);
        expect(found?.scale).toBe(2 ** (30 - (found?.skipped ?? 0)));
        expect(losses.at(-1)).toBeLessThan(losses[0] ?? NaN);
      },
      LONG_MS,
    );

    it('is refused before anything is allocated where the adapter has no f16, and says the way out', async () => {
      const { features } = device.profile;
      const without = new Device(own.inside, {
        ...device.profile,
        features: features.filter((name) => name !== 'shader-f16'),
      });
      const reason = await reasonOf(openTiny(without, { precision: 'mixed' }));
      expect(reason).toMatchObject({ code: 'limit' });
      expect(String(reason)).toMatch(/precision: mixed, on .* without shader-f16; .*Train in f32/);
      expect(without.counts.buffers).toBe(0);
    });
  });
}
