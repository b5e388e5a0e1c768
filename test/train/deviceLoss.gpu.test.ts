import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TrainEvent } from '../../src/train/events.js';
import type { Trainer } from '../../src/train/trainer.js';
import { openOwn, reasonOf, type OwnDevice } from '../support/ownDevice.js';
import { eventsAndError, eventsOf, openTiny, stepsOf } from '../support/runs.js';
import { flatNet, tinySet } from '../support/tinyData.js';

const lost = expect.objectContaining({ name: 'EngineError', code: 'device-lost' });
const pixels = tinySet(20, 4).images;

let own: OwnDevice;
let trainer: Trainer;
const unhandled: unknown[] = [];
const note = (reason: unknown): void => void unhandled.push(reason);

beforeEach(async () => {
  process.on('unhandledRejection', note);
  own = await openOwn();
  trainer = await openTiny(own.device, { net: flatNet() });
});

afterEach(async () => {
  trainer[Symbol.dispose]();
  await own[Symbol.asyncDispose]();
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => void setImmediate(resolve));
  process.off('unhandledRejection', note);
  const { bytes } = own.device.counts;
  const nobodys = unhandled.splice(0).map(String);
  if (nobodys.length > 0 || bytes !== 0) throw new Error(`left: ${bytes} bytes; unhandled: ${nobodys.join(', ')}`);
});

/** Everything that a trainer can be asked for. */
const requests: Readonly<Record<string, () => Promise<unknown>>> = {
  fit: () => eventsOf(trainer.fit({ epochs: 1000 })),
  evaluate: () => trainer.evaluate(),
  predict: () => trainer.predict(pixels),
  weights: () => trainer.weights(),
};

describe('a device that is lost', () => {
  it('between two events ends fit, and the events so far stand', async () => {
    const events: TrainEvent[] = [];
    const fit = (async () => {
      for await (const event of trainer.fit({ epochs: 1000 })) {
        events.push(event);
        if (event.type === 'epoch' && event.epoch === 2) own.gpu.destroy();
      }
    })();
    expect(await reasonOf(fit)).toEqual(lost);
    expect(stepsOf(events).map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(events.map(({ type }) => type)).toEqual(['steps', 'epoch', 'steps', 'epoch']);
  });

  it('while steps are under way ends fit, and every later request', async () => {
    const fit = eventsAndError(trainer.fit({ epochs: 1e6 }));
    while (trainer.steps < 10) await own.device.idle();
    own.gpu.destroy();
    const { events, error } = await fit;
    expect(error).toEqual(lost);
    expect(stepsOf(events).map(({ step }) => step)).toEqual(stepsOf(events).map((_, i) => i + 1));
    for (const request of Object.values(requests)) expect(await reasonOf(request())).toEqual(lost);
  });

  it.each(Object.keys(requests))('at once after %s was asked rejects it', async (name) => {
    const asked = requests[name]?.() ?? Promise.resolve();
    own.gpu.destroy();
    expect(await reasonOf(asked)).toEqual(lost);
  });

  it.each(Object.keys(requests))('while %s is under way for the second time rejects it', async (name) => {
    await Promise.all([trainer.evaluate(), trainer.predict(pixels), trainer.weights()]);
    const asked = requests[name]?.() ?? Promise.resolve();
    await Promise.resolve();
    own.gpu.destroy();
    expect(await reasonOf(asked)).toEqual(lost);
  });

  it('rejects all that was asked at once, one after the other', async () => {
    const asked = [
      trainer.evaluate(),
      trainer.evaluate(),
      trainer.predict(pixels),
      trainer.predict(pixels),
      trainer.weights(),
    ];
    own.gpu.destroy();
    expect(await Promise.all(asked.map(reasonOf))).toEqual(asked.map(() => lost));
  });

  it('while a trainer opens rejects the opening', async () => {
    const opening = openTiny(own.device);
    await Promise.resolve();
    own.gpu.destroy();
    expect(await reasonOf(opening)).toEqual(lost);
  });

  it('by its own dispose is lost as well', async () => {
    const fit = eventsOf(trainer.fit({ epochs: 1000 }));
    await trainer.weights();
    own.device[Symbol.dispose]();
    expect(await reasonOf(fit)).toEqual(lost);
    expect(await reasonOf(trainer.weights())).toEqual(lost);
  });
});

describe('a trainer that is disposed', () => {
  it('while fit runs ends it with usage, and the device stays well', async () => {
    const fit = eventsOf(trainer.fit({ epochs: 1000 }));
    while (trainer.steps < 4) await own.device.idle();
    trainer[Symbol.dispose]();
    expect(await reasonOf(fit)).toMatchObject({ code: 'usage' });
    await own.device.idle();
  });
  it('refuses every later request, and the device stays well', async () => {
    trainer[Symbol.dispose]();
    for (const request of Object.values(requests)) expect(await reasonOf(request())).toMatchObject({ code: 'usage' });
    await own.device.idle();
  });
});
