// What a recovering trainer does where one loss is not all: loss upon loss, pauses, rates, other errors.

import { EngineError } from '../../src/core/errors.js';
import type { Device } from '../../src/gpu/device.js';
import { sameStates, type Checkpoint } from '../../src/io/checkpoint.js';
import { sgd } from '../../src/optim/sgd.js';
import type { RecoveringTrainer } from '../../src/train/recoveringTrainer.js';
import type { RecoveringOptions } from '../../src/train/reopening.js';
import { must, mustEqual, mustReject, type GpuLaw } from '../support/gpuLaw.js';
import type { Losing, Moment } from '../support/losing.js';
import { eventsOf, openTiny } from '../support/runs.js';
import { lasting, restoredIn, tiny, toldBy, type Told } from './recovery.js';

/** Losses that a test lets happen from a point on. */
interface Fate {
  /** Submits of the newest device from here on, before the next of which it is lost; none if undefined. */
  left: number | undefined;
}

const isSubmit = ({ call, when }: Moment): boolean => call === 'submit' && when === 'before';

/** A training whose devices are lost as the test goes on. */
export const fated = <T>(
  gpu: GPU,
  options: Parameters<typeof lasting>[2],
  work: (training: RecoveringTrainer, fate: Fate, devices: Losing) => Promise<T>,
): Promise<T> => {
  const fate: Fate = { left: undefined };
  const isLast = (moment: Moment): boolean => {
    if (fate.left === undefined || !isSubmit(moment)) return false;
    if (fate.left-- > 0) return false;
    fate.left = undefined;
    return true;
  };
  return lasting(gpu, isLast, options, (training, devices) => work(training, fate, devices));
};

/** All steps, whatever epochs they make. */
export const until = (steps: number) => ({ steps, epochs: steps });

/** The state after so many steps; of those before `changeAt` at one rate, and of the rest at another. */
export async function stateAfter(device: Device, steps: number, changeAt = 0, rate?: number): Promise<Checkpoint> {
  using straight = await openTiny(device, tiny());
  await eventsOf(straight.fit(until(changeAt)));
  if (rate !== undefined) straight.rate = rate;
  await eventsOf(straight.fit(until(steps)));
  return await straight.checkpoint();
}

export const mustBeState = async (training: RecoveringTrainer, wanted: Checkpoint): Promise<void> => {
  const found = await training.checkpoint();
  must(sameStates(found, wanted), () => `other states after step ${found.facts.step}`);
};

export const stepsIn = (events: readonly Told[]): number[] =>
  events.flatMap((event) => (event.type === 'steps' ? event.steps.map(({ step }) => step) : []));

export const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

/** Hears the events of a fit until it is told of so many steps, then leaves it. */
async function leaveAfter(training: RecoveringTrainer, steps: number): Promise<Told[]> {
  const events: Told[] = [];
  for await (const event of training.fit(until(1000))) {
    events.push(event);
    if ((stepsIn(events).at(-1) ?? 0) >= steps) break;
  }
  return events;
}

export const recoveryEndLaws: readonly GpuLaw[] = [
  {
    title: 'a device that is lost while it takes the place of a lost one is replaced in its turn',
    run: async (device, gpu) => {
      const passed = [0, 0, 0];
      const at = [isSubmit, ({ call }: Moment) => call === 'createComputePipelineAsync', isSubmit];
      const isLast = (moment: Moment): boolean =>
        at[moment.device]?.(moment) === true && ++passed[moment.device]! === [4, 5, 1][moment.device];
      await lasting(gpu, isLast, {}, async (training, devices) => {
        await toldBy(training.fit(until(6)));
        mustEqual(devices.opened, 4, 'devices');
        await mustBeState(training, await stateAfter(device, 6));
      });
    },
  },
  {
    title: 'a run that is lost at the same place again and again is given up after so many devices, and no sooner',
    run: async (device, gpu) => {
      for (const attempts of [1, 3]) {
        let isIll = false;
        // Each device breaks at its second submit from there on.
        const submits = new Map<number, number>();
        const isLast = (moment: Moment): boolean => {
          if (!isIll || !isSubmit(moment)) return false;
          submits.set(moment.device, (submits.get(moment.device) ?? 0) + 1);
          return submits.get(moment.device) === 2;
        };
        await lasting(gpu, isLast, { attempts, keepMs: 1e6 }, async (training, devices) => {
          await toldBy(training.fit(until(1)));
          isIll = true;
          await mustReject(toldBy(training.fit(until(9))), 'device-lost');
          mustEqual(devices.opened, 1 + attempts, 'devices');
          isIll = false;
          await toldBy(training.fit(until(9)));
          await mustBeState(training, await stateAfter(device, 9));
        });
      }
    },
  },
  {
    title: 'what the first device is refused with is thrown as it is, and settings out of range are refused',
    run: async (_, gpu) => {
      const no = new EngineError('no-adapter', { place: 'here', given: 'nothing', wanted: 'an adapter' });
      const open = (options: Partial<RecoveringOptions>): Promise<unknown> =>
        lasting(
          gpu,
          () => false,
          options,
          () => Promise.resolve(),
        );
      await mustReject(open({ device: () => Promise.reject(no) }), 'no-adapter');
      await mustReject(open({ keepMs: -1 }), 'usage');
      await mustReject(open({ attempts: 0 }), 'usage');
    },
  },
  {
    title: 'a pause that a loss falls into comes to every step that was told, and the run goes on from there',
    run: async (device, gpu) => {
      for (const left of [0, 1, 2]) {
        await fated(gpu, { keepMs: 1e6 }, async (training, fate) => {
          const pause = new AbortController();
          const events: Told[] = [];
          for await (const event of training.fit({ ...until(1000), signal: pause.signal })) {
            events.push(event);
            if (event.type === 'epoch' && event.epoch === 3) {
              pause.abort();
              fate.left = left;
            }
          }
          const last = stepsIn(events).at(-1) ?? 0;
          mustEqual(stepsIn(events), range(1, last), 'steps');
          must(last >= 9 && training.trainer.steps === last, () => `${training.trainer.steps} steps, ${last} told`);
          fate.left = undefined;
          await mustBeState(training, await stateAfter(device, last));
          const rest = await toldBy(training.fit(until(last + 2)));
          mustEqual(stepsIn(rest), [last + 1, last + 2], 'the steps after it');
        });
      }
    },
  },
  {
    title: 'a loop over the events that is left, and a loss then, cost no step and tell none twice',
    run: async (device, gpu) => {
      for (const left of [0, 3]) {
        await fated(gpu, { keepMs: 1e6 }, async (training, fate) => {
          const first = await leaveAfter(training, 5);
          fate.left = left;
          await leaveAfter(training, 0);
          const last = Math.max(training.trainer.steps, stepsIn(first).at(-1) ?? 0);
          fate.left = 0;
          const rest = await toldBy(training.fit(until(last + 2)));
          const steps = stepsIn([...first, ...rest]);
          mustEqual([...new Set(steps)], steps, 'steps that were told, each once');
          await mustBeState(training, await stateAfter(device, last + 2));
        });
      }
    },
  },
  {
    title: 'a rate that is set holds from the same step on whatever is lost after it',
    run: async (device, gpu) => {
      await fated(gpu, {}, async (training, fate) => {
        training.rate = 0.002;
        await toldBy(training.fit(until(3)));
        training.rate = 0.02;
        mustEqual([training.rate, training.trainer.rate], [0.02, 0.02], 'rates');
        fate.left = 2;
        mustEqual(restoredIn(await toldBy(training.fit(until(6)))).length, 1, 'losses');
        using straight = await openTiny(device, { ...tiny(), optimizer: sgd({ rate: 0.001 }) });
        straight.rate = 0.002;
        await eventsOf(straight.fit(until(3)));
        straight.rate = 0.02;
        await eventsOf(straight.fit(until(6)));
        await mustBeState(training, await straight.checkpoint());
      });
      // In the midst of a fit: the state that is kept says from which step on.
      await fated(gpu, { pace: { submitMs: 1e9, mostSteps: 2, mostInFlight: 2 } }, async (training, fate) => {
        let changed: number | undefined;
        for await (const event of training.fit(until(60))) {
          if (event.type === 'steps' && training.rate === 0.001) training.rate = 0.03;
          else if (changed === undefined && training.trainer.rate === 0.03) {
            changed = training.lastGood?.facts.step;
            fate.left = 4;
          }
        }
        mustEqual(training.lastGood?.facts.run.rate, 0.03, 'rate of the last state');
        await mustBeState(training, await stateAfter(device, 60, changed, 0.03));
      });
    },
  },
  {
    title: 'errors that are no loss are thrown as they are, and no device is asked for',
    run: async (_, gpu) => {
      await fated(gpu, { optimizer: sgd({ rate: 1e38 }) }, async (training, __, devices) => {
        await mustReject(
          training.use((trainer) => trainer.predict(new Uint8Array(3))),
          'data',
        );
        await mustReject(
          training.use(() => Promise.reject(new EngineError('file', { place: 'a', given: 'b', wanted: 'c' }))),
          'file',
        );
        await mustReject(toldBy(training.fit({ epochs: -1 })), 'usage');
        await mustReject(toldBy(training.fit(until(9))), 'diverged');
        await mustReject(training.checkpoint(), 'diverged');
        mustEqual(devices.opened, 1, 'devices');
      });
    },
  },
  {
    title: 'one that is disposed ends its fit with usage, and no device is asked for',
    run: async (_, gpu) => {
      await fated(gpu, {}, async (training, __, devices) => {
        const fit = toldBy(training.fit(until(1000)));
        await training.checkpoint();
        await mustReject(toldBy(training.fit()), 'usage');
        training[Symbol.dispose]();
        await mustReject(fit, 'usage');
        await mustReject(
          training.use((trainer) => trainer.evaluate()),
          'usage',
        );
        mustEqual(devices.opened, 1, 'devices');
      });
    },
  },
  {
    title: 'all who meet one loss at once are served by one new device',
    run: async (device, gpu) => {
      await fated(gpu, {}, async (training, fate, devices) => {
        const fit = toldBy(training.fit(until(40)));
        await training.checkpoint();
        fate.left = 3;
        const others = range(1, 5).map(() => training.use((trainer) => trainer.evaluate()));
        await Promise.all([fit, ...others]);
        mustEqual(devices.opened, 2, 'devices');
        await mustBeState(training, await stateAfter(device, 40));
      });
    },
  },
];
