import type { TrainEvent } from '../../src/train/events.js';
import type { Trainer } from '../../src/train/trainer.js';
import { must, mustEqual, mustReject, type GpuLaw } from '../support/gpuLaw.js';
import { atMoment, losing } from '../support/losing.js';
import { openOwn, type OwnDevice } from '../support/ownDevice.js';
import { eventsAndError, eventsOf, openTiny, stepsOf } from '../support/runs.js';
import { flatNet, tinySet } from '../support/tinyData.js';

const pixels = tinySet(20, 4).images;

/** Everything that a trainer can be asked for. */
const requests: Readonly<Record<string, (trainer: Trainer) => Promise<unknown>>> = {
  fit: (trainer) => eventsOf(trainer.fit({ epochs: 1e6 })),
  evaluate: (trainer) => trainer.evaluate(),
  predict: (trainer) => trainer.predict(pixels),
  weights: (trainer) => trainer.weights(),
};

const laterCode = async (trainer: Trainer, code: string): Promise<void> => {
  for (const request of Object.values(requests)) await mustReject(request(trainer), code);
};

/** A law about a trainer on a device of its own, which gives all memory back in the end. */
const lossLaw = (title: string, run: (trainer: Trainer, own: OwnDevice) => Promise<void>): GpuLaw => ({
  title,
  run: async (_, gpu) => {
    await using own = await openOwn(gpu);
    const trainer = await openTiny(own.device, { net: flatNet() });
    await run(trainer, own);
    trainer[Symbol.dispose]();
    mustEqual(own.device.counts.bytes, 0, 'bytes left');
  },
});

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error);

/** Once around the event loop: what the GPU has said meanwhile is heard. */
const nextTurn = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve));

const stepNumbers = (events: readonly TrainEvent[]): number[] => stepsOf(events).map(({ step }) => step);

/** Asks, loses the device so many turns later, and holds that the answer is right or the loss. */
const atTurn = (name: string, turns: number, warm: boolean): GpuLaw =>
  lossLaw(
    `a device that is lost ${turns} turns after ${name} was asked for the ${warm ? 'second' : 'first'} time: that is what is said`,
    async (trainer, { inside }) => {
      if (warm) await Promise.all([trainer.evaluate(), trainer.predict(pixels), trainer.weights()]);
      let answered = false;
      const asked = (requests[name] ?? requests['fit']!)(trainer).finally(() => (answered = true));
      asked.catch(() => undefined);
      for (let turn = 0; turn < turns; turn++) await nextTurn();
      const inTime = answered;
      inside.destroy();
      if (inTime) await asked;
      else await mustReject(asked, 'device-lost');
      await laterCode(trainer, 'device-lost');
    },
  );

export const lossLaws: readonly GpuLaw[] = [
  lossLaw('a device that is lost between two events ends fit, and the events so far stand', async (trainer, own) => {
    const events: TrainEvent[] = [];
    const fit = async (): Promise<void> => {
      for await (const event of trainer.fit({ epochs: 1000 })) {
        events.push(event);
        if (event.type === 'epoch' && event.epoch === 2) own.inside.destroy();
      }
    };
    await mustReject(fit(), 'device-lost');
    mustEqual(stepNumbers(events), [1, 2, 3, 4, 5, 6], 'steps');
    mustEqual(events.filter(({ type }) => type === 'epoch').length, 2, 'epochs');
  }),
  lossLaw('a device that is lost while steps are under way ends fit, and every later request', async (trainer, own) => {
    const fit = eventsAndError(trainer.fit({ epochs: 1e6 }));
    while (trainer.steps < 10) await own.device.idle();
    own.inside.destroy();
    const { events, error } = await fit;
    mustEqual(error?.code, 'device-lost', 'code');
    mustEqual(
      stepNumbers(events),
      stepNumbers(events).map((_, i) => i + 1),
      'steps',
    );
    await laterCode(trainer, 'device-lost');
  }),
  ...Object.keys(requests).flatMap((name) =>
    [0, 1, 3].flatMap((turns) => [false, true].map((warm) => atTurn(name, turns, warm))),
  ),
  lossLaw('a lost device rejects all that was asked of it at once', async (trainer, own) => {
    const { inside } = own;
    const asked = [
      trainer.evaluate(),
      trainer.evaluate(),
      trainer.predict(pixels),
      trainer.predict(pixels),
      trainer.weights(),
    ];
    inside.destroy();
    await Promise.all(asked.map((promise) => mustReject(promise, 'device-lost')));
  }),
  ...[0, 1, 3].map((turns) =>
    lossLaw(
      `a device that is lost ${turns} turns after a trainer began to open rejects the opening`,
      async (_, own) => {
        const opening = openTiny(own.device);
        opening.catch(() => undefined);
        for (let turn = 0; turn < turns; turn++) await nextTurn();
        own.inside.destroy();
        await mustReject(opening, 'device-lost');
      },
    ),
  ),
  {
    title:
      'a device that is lost at any call for a trainer rejects what was asked for then, and all that is asked later',
    run: async (_, gpu) => {
      const codes: string[] = [];
      for (let n = 1; codes.at(-1) !== 'none'; n += 29) {
        const loss = atMoment(n, () => true);
        await using devices = losing(gpu, loss.isLast);
        const device = await devices.open();
        const all = async (): Promise<void> => {
          using trainer = await openTiny(device, { net: flatNet() });
          for (const request of [...Object.values(requests).slice(1), () => trainer.checkpoint()])
            await request(trainer);
          await eventsOf(trainer.fit({ steps: 4 }));
          await trainer.checkpoint();
        };
        codes.push(await all().then(() => 'none', codeOf));
        if (codes.at(-1) !== 'none') await mustReject(openTiny(device), 'device-lost');
        mustEqual(device.counts.bytes, 0, 'bytes left');
      }
      must(codes.length > 12, () => `${codes.length} losses`);
      mustEqual(new Set(codes.slice(0, -1)), new Set(['device-lost']), 'codes');
    },
  },
  lossLaw(
    'a read that fails a moment before the device says that it is lost is lost with it',
    async (_, { device, inside }) => {
      const buffer = await device.buffer('staging', 16, 0x1 | 0x8);
      const mapped = device.orLost(buffer.mapAsync(1));
      inside.destroy();
      await mustReject(mapped, 'device-lost');
      device.destroy(buffer);
    },
  ),
  lossLaw('a device that is disposed is lost as well', async (trainer, own) => {
    const fit = eventsOf(trainer.fit({ epochs: 1000 }));
    await trainer.weights();
    own.device[Symbol.dispose]();
    await mustReject(fit, 'device-lost');
    await laterCode(trainer, 'device-lost');
  }),
  lossLaw(
    'a trainer that is disposed while fit runs ends it with usage, and the device stays well',
    async (trainer, own) => {
      const fit = eventsOf(trainer.fit({ epochs: 1000 }));
      while (trainer.steps < 4) await own.device.idle();
      const asked = Promise.allSettled([trainer.weights(), trainer.evaluate(), trainer.predict(pixels)]);
      trainer[Symbol.dispose]();
      await mustReject(fit, 'usage');
      for (const outcome of await asked) {
        const reason: unknown = outcome.status === 'rejected' ? outcome.reason : undefined;
        must(
          reason === undefined || (reason as { code?: unknown }).code === 'usage',
          () => `rejected with ${String(reason)}`,
        );
      }
      await laterCode(trainer, 'usage');
      await own.device.idle();
    },
  ),
];
