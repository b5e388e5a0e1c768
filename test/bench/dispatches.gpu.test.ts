import { describe, expect, it } from 'vitest';
import { timeDispatches } from '../../bench/dispatches.js';
import { openTiny, sameBits } from '../support/runs.js';
import { tinySplits } from '../support/tinyData.js';
import { nodeDevice } from '../support/node.js';
import { sgd } from '../../src/optim/sgd.js';

describe('the dispatches of a step, timed one by one', () => {
  it('each have a time, and the trainer whose plan it is keeps its weights and its step', async () => {
    const device = await nodeDevice();
    using trainer = await openTiny(device);
    for await (const event of trainer.fit({ steps: 2 })) void event;
    const [weights, bytes] = [await trainer.weights(), device.counts.bytes];
    const heard: (readonly [number, number])[] = [];
    const inputs = { train: tinySplits(24).train, weights, optimizer: sgd() };
    const timing = { blockMs: 2, rounds: 1, onBlock: (done: number, total: number) => heard.push([done, total]) };
    const times = await timeDispatches(device, trainer.plan, inputs, timing);
    expect(times.dispatches).toHaveLength(trainer.plan.dispatches.length);
    for (const ms of [...times.dispatches, times.step, times.peaks.gflops, times.peaks.gbytes]) {
      expect(ms).toBeGreaterThan(0);
    }
    expect(times.clock).toBe(device.profile.features.includes('timestamp-query') ? 'gpu' : 'wall');
    // The step, its dispatches and two peaks: each is fitted to its block, and then has one.
    const total = 2 * (trainer.plan.dispatches.length + 3);
    expect(heard).toEqual(Array.from({ length: total }, (_, i) => [i + 1, total]));
    expect(trainer.steps).toBe(2);
    expect(sameBits(await trainer.weights(), weights)).toBe(true);
    expect(device.counts.bytes).toBe(bytes);
    device.mustBeWell();
  });

  it('are broken off by who hears of them, and leave nothing', async () => {
    const device = await nodeDevice();
    using trainer = await openTiny(device);
    const bytes = device.counts.bytes;
    const inputs = { train: tinySplits(24).train, weights: await trainer.weights(), optimizer: sgd() };
    const onBlock = (): never => {
      throw new Error('enough');
    };
    const timed = timeDispatches(device, trainer.plan, inputs, { blockMs: 0.1, rounds: 1, onBlock });
    await expect(timed).rejects.toThrow('enough');
    expect(device.counts.bytes).toBe(bytes);
  });
});
