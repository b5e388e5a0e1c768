import type { Device } from '../../src/gpu/device.js';
import { openTiny } from './runs.js';
import { flatNet, tinySplits } from './tinyData.js';

export interface Growth {
  /** Bytes of JavaScript's heap, and of the array buffers beside it. */
  readonly heap: number;
  readonly arrays: number;
  /** Bytes in GPU buffers, and how many were made. */
  readonly gpu: number;
  readonly buffers: number;
}

/** Steps between two looks at the memory. */
const STRETCH = 250;

/** Bytes in use once the collector has been, and what it left to be finished has been finished. */
async function inUse(device: Device): Promise<Growth> {
  await device.idle();
  for (let round = 0; round < 4; round++) {
    await new Promise((resolve) => void setImmediate(resolve));
    globalThis.gc?.();
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return { heap: heapUsed, arrays: arrayBuffers, gpu: device.counts.bytes, buffers: device.counts.buffers };
}

/** The smallest of the last looks: what the engine compiles now and then makes single ones larger. */
const least = (looks: readonly Growth[], of: keyof Growth): number =>
  Math.min(...looks.slice(-4).map((look) => look[of]));

/**
 * What so many steps of the cheapest net add to the memory in use, each step a submit of its own, with an evaluation
 * every 250 steps. The 2,000 steps before them are not counted: it takes as many until all code is compiled for good,
 * and what was compiled before is forgotten.
 */
export async function growthOver(device: Device, steps: number): Promise<Growth> {
  const net = flatNet();
  const data = tinySplits(2 * STRETCH);
  using trainer = await openTiny(device, { net, data, batch: 2, pace: { mostSteps: 1 } });
  const train = async (looks: number): Promise<Growth[]> => {
    const seen: Growth[] = [];
    for (let look = 0; look < looks; look++) {
      const to = trainer.steps + STRETCH;
      for await (const _ of trainer.fit({ epochs: to, steps: to }));
      seen.push(await inUse(device));
    }
    return seen;
  };
  const before = await train(2000 / STRETCH);
  const after = await train(steps / STRETCH);
  const growth = (of: keyof Growth): number => least(after, of) - least(before, of);
  return { heap: growth('heap'), arrays: growth('arrays'), gpu: growth('gpu'), buffers: growth('buffers') };
}
