import { describe, expect, it } from 'vitest';
import { GpuClock } from '../../bench/gpuClock.js';
import { openPeaks, peaksOf } from '../../bench/peaks.js';
import { openProduct } from '../../bench/product.js';
import { rateOfSteps } from '../../bench/rates.js';
import { timeInTurns } from '../../bench/timing.js';
import { tiledSplits } from '../../bench/trainBlocks.js';
import { Trainer } from '../../src/train/trainer.js';
import { tutorial } from '../../src/nn/nets.js';
import { nodeDevice } from '../support/node.js';

describe('the rates of a training step', () => {
  it('count what the steps ask of the device: nothing is made after the first, and a submit holds whole steps', async () => {
    const device = await nodeDevice();
    const net = tutorial();
    const before = device.counts.bytes;
    const rate = await rateOfSteps(device, net, { batch: 8, blockMs: 1, rounds: 2 });
    using trainer = await Trainer.open({ device, net, data: tiledSplits(16), batch: 8 });
    expect(rate.dispatches).toBe(trainer.plan.dispatches.length);
    expect(rate.perStep).toMatchObject({ bindGroups: 0, buffers: 0 });
    expect(rate.perStep.submits).toBeGreaterThan(0);
    expect(rate.made.bindGroups).toBeGreaterThanOrEqual(rate.dispatches);
    expect(rate.made.pipelines).toBeGreaterThan(0);
    expect(rate.peakBytes).toBeGreaterThan(rate.dataBytes + net.bytes);
    expect(rate.dataBytes).toBe(785 * 8 * 1024);
    // Encoding is that of one step, alone in its submit or among others.
    expect(Number.isInteger(rate.submitSteps)).toBe(true);
    expect(rate.submitSteps).toBeGreaterThan(0);
    expect(rate.submitSteps).toBeLessThanOrEqual(16);
    for (const { min } of [rate.encodeMs, rate.encodeAloneMs]) expect(min).toBeGreaterThan(0);
    // 199,968 multiply-adds an image, twice again backward, two operations each: what the rate is a multiple of.
    expect((rate.gflopsPerSecond * 1e9) / rate.imagesPerSecond.median).toBeCloseTo(6 * 199_968, 3);
    // The submit that counted is gone, and so is the memory.
    expect(Object.hasOwn(device, 'submit')).toBe(false);
    trainer[Symbol.dispose]();
    expect(device.counts.bytes).toBe(before);
  });
});

describe('products', () => {
  it('are right within their bounds before they are timed, and leave nothing', async () => {
    const device = await nodeDevice();
    const before = device.counts.bytes;
    {
      using product = await openProduct(device, 65);
      expect(product.error).toBeGreaterThan(0);
      expect(product.error).toBeLessThanOrEqual(1);
    }
    expect(device.counts.bytes).toBe(before);
  });
});

describe('peaks', () => {
  it('know their work: the fold touches one word an invocation, the copy reads and writes every byte', async () => {
    const device = await nodeDevice();
    const before = device.counts.bytes;
    const peaks = await openPeaks(device);
    const [fold, move] = peaks;
    expect(fold.flops / fold.bytes).toBeGreaterThan(500);
    expect(move.flops).toBe(0);
    expect(device.counts.bytes - before).toBe(move.bytes + fold.bytes);
    const { wall } = peaksOf(peaks, await timeInTurns(peaks, { blockMs: 1, rounds: 1, fromSubmit: false }));
    expect(wall.gflops).toBeGreaterThan(0);
    expect(wall.gbytes).toBeGreaterThan(0);
    for (const peak of peaks) peak[Symbol.dispose]();
    expect(device.counts.bytes).toBe(before);
  });
});

describe('the clock of the GPU', () => {
  it('sees twenty runs in a pass as longer than one, and leaves the device as it was', async () => {
    const device = await nodeDevice();
    const before = device.counts.bytes;
    const clock = await GpuClock.open(device);
    expect(clock !== undefined).toBe(device.profile.features.includes('timestamp-query'));
    if (clock === undefined) return;
    const peaks = await openPeaks(device);
    const msOf = async (times: number): Promise<number> => {
      clock.time(() => peaks[0].run(times));
      await device.idle();
      return clock.read();
    };
    const one = Math.min(await msOf(1), await msOf(1), await msOf(1));
    const twenty = Math.min(await msOf(20), await msOf(20));
    expect(one).toBeGreaterThan(0);
    expect(twenty).toBeGreaterThan(one);
    expect(Object.hasOwn(device, 'submit')).toBe(false);
    for (const open of [...peaks, clock]) open[Symbol.dispose]();
    expect(device.counts.bytes).toBe(before);
  });
});

it('tiled sets repeat their images whole and in order', () => {
  const { train, test } = tiledSplits(2500);
  expect(train.count).toBe(2500);
  expect(train.images.length).toBe(784 * 2500);
  expect([...train.labels.subarray(1024, 2048)]).toEqual([...train.labels.subarray(0, 1024)]);
  expect([...train.images.subarray(2048 * 784, 2049 * 784)]).toEqual([...train.images.subarray(0, 784)]);
  expect(test.count).toBe(1);
});
