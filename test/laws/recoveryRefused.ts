// What a recovering trainer does where it gets no new device: it says so, and asks again when it is asked to go on.

import { EngineError } from '../../src/core/errors.js';
import type { Device } from '../../src/gpu/device.js';
import type { RecoveringOptions } from '../../src/train/reopening.js';
import { must, mustEqual, mustReject, type GpuLaw } from '../support/gpuLaw.js';
import type { Losing } from '../support/losing.js';
import { toldBy } from './recovery.js';
import { fated, mustBeState, range, stateAfter, stepsIn, until } from './recoveryEnds.js';

/** A run whose device is lost and that gets no other until the test says so. */
const refused = (
  title: string,
  options: (devices: Losing, isWilling: () => boolean) => Partial<RecoveringOptions>,
) => ({
  title,
  run: async (device: Device, gpu: GPU) => {
    let isWilling = false;
    await fated(
      gpu,
      (devices) => options(devices, () => isWilling),
      async (training, fate, devices) => {
        await toldBy(training.fit(until(2)));
        fate.left = 1;
        const error = await toldBy(training.fit(until(6))).catch((reason: unknown) => reason);
        must(error instanceof EngineError, () => `ended with ${String(error)}`);
        mustEqual([error.code, error.place], ['device-lost', 'recovery'], 'code and place');
        must(error.wayOut !== undefined && error.cause !== undefined, () => 'no way out, or no cause');
        mustEqual(devices.opened, 1, 'devices');
        mustEqual(training.lastGood?.facts.step, 2, 'step of the last good state');
        await mustReject(
          training.use((trainer) => trainer.weights()),
          'device-lost',
        );
        isWilling = true;
        mustEqual(stepsIn(await toldBy(training.fit(until(6)))), range(3, 6), 'steps');
        await mustBeState(training, await stateAfter(device, 6));
      },
    );
  },
});

export const recoveryRefusedLaws: readonly GpuLaw[] = [
  refused(
    'where no new device is given, that is said, and the run goes on later from its last good state',
    (devices, isWilling) => ({
      device: (lost) =>
        lost === undefined || isWilling() ? devices.open() : Promise.reject(new Error('not before a reload')),
    }),
  ),
  refused('a lost device that is given in its own place is given up as often as is allowed', (devices, isWilling) => ({
    device: (lost) => (lost === undefined || isWilling() ? devices.open() : Promise.resolve(lost)),
  })),
  {
    title: 'all who meet one loss at once are refused at once, and a later call asks again',
    run: async (device, gpu) => {
      let asked = 0;
      await fated(
        gpu,
        (devices) => ({
          device: (lost) =>
            lost !== undefined && ++asked === 1 ? Promise.reject(new Error('not yet')) : devices.open(),
        }),
        async (training, fate, devices) => {
          const fit = toldBy(training.fit(until(40))).catch((reason: unknown) => reason);
          await training.checkpoint();
          fate.left = 3;
          const work = training.use(async (trainer) => {
            const late = trainer.evaluate();
            await fit;
            return late;
          });
          await mustReject(work, 'device-lost');
          const error = await fit;
          must(error instanceof EngineError && error.code === 'device-lost', () => `ended with ${String(error)}`);
          mustEqual([asked, devices.opened], [1, 1], 'questions and devices');
          await toldBy(training.fit(until(40)));
          mustEqual([asked, devices.opened], [2, 2], 'questions and devices afterwards');
          await mustBeState(training, await stateAfter(device, 40));
        },
      );
    },
  },
];
