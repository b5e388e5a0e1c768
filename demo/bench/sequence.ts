// What the page measures, one part after the other; parts come as they are there.

import { benchNets } from '../../bench/benchNets.js';
import { GpuClock } from '../../bench/gpuClock.js';
import { openPeaks, peaksOf, type Peaks } from '../../bench/peaks.js';
import { openProduct, type Product } from '../../bench/product.js';
import { rateOfSteps, type StepRate } from '../../bench/rates.js';
import { benchStep, type StepBench } from '../../bench/steps.js';
import { timeInTurns, type Spread } from '../../bench/timing.js';
import { tutorial, type Device, type Net } from '../../src/index.js';

export interface ProductRow {
  readonly size: number;
  /** Milliseconds of one product. */
  readonly ms: Spread;
  readonly gflops: Spread;
}

export type Part =
  | { readonly kind: 'products'; readonly peaks: Peaks; readonly rows: readonly ProductRow[] }
  | { readonly kind: 'rate'; readonly rate: StepRate }
  | { readonly kind: 'kernels'; readonly bench: StepBench };

/** A person waits: few blocks, and short ones. */
const ROUNDS = 3;
const KERNEL_MS = { cpu: 20, gpu: 5 };
const STEP_MS = { cpu: 600, gpu: 300 };
const SIZES = { cpu: [256, 512], gpu: [512, 1024, 2048, 4096] };
const BATCHES = { cpu: [64, 256], gpu: [64, 256, 1024] };

/** Everything; or one net's steps at one batch, for who has a few seconds. */
export type Amount = 'all' | 'short';
const SHORT_BATCH = 64;

/** How many parts there will be on this device. */
export const partsOn = (device: Device, amount: Amount): number =>
  amount === 'short' ? 1 : 2 + Object.keys(benchNets).length * BATCHES[device.profile.dialect].length;

/**
 * Measures so much. A kernel or product that is wrong is not timed, and the errors of the GPU are thrown.
 * @param say hears what comes next
 */
export async function* measure(
  device: Device,
  amount: Amount,
  say: (text: string) => void,
): AsyncGenerator<Part, void, void> {
  const { dialect } = device.profile;
  if (amount === 'short') {
    yield await rateOf(device, tutorial(), SHORT_BATCH, say);
    return;
  }
  say('large products');
  yield await products(device);
  for (const net of Object.values(benchNets)) {
    for (const batch of BATCHES[dialect]) {
      yield await rateOf(device, net(), batch, say);
    }
  }
  say('every kernel of the tutorial net, alone');
  const peaks = await openPeaks(device);
  try {
    using clock = dialect === 'gpu' ? await GpuClock.open(device) : undefined;
    const timing = { blockMs: KERNEL_MS[dialect], rounds: ROUNDS, fromSubmit: dialect === 'gpu', clock };
    yield { kind: 'kernels', bench: await benchStep(device, tutorial(), 64, timing, peaks) };
  } finally {
    for (const peak of peaks) peak[Symbol.dispose]();
  }
}

async function rateOf(device: Device, net: Net, batch: number, say: (text: string) => void): Promise<Part> {
  say(`${net.name}, batch ${batch}`);
  const blockMs = STEP_MS[device.profile.dialect];
  return { kind: 'rate', rate: await rateOfSteps(device, net, { batch, blockMs, rounds: ROUNDS }) };
}

async function products(device: Device): Promise<Part> {
  const { dialect } = device.profile;
  const peaks = await openPeaks(device);
  const opened: Product[] = [];
  try {
    for (const size of SIZES[dialect]) opened.push(await openProduct(device, size));
    using clock = dialect === 'gpu' ? await GpuClock.open(device) : undefined;
    const timing = { blockMs: 10 * KERNEL_MS[dialect], rounds: ROUNDS, fromSubmit: dialect === 'gpu', clock };
    const times = await timeInTurns([...peaks, ...opened], timing);
    const rows = opened.flatMap(({ size }, i): readonly ProductRow[] => {
      const wall = times[i + peaks.length]?.wall;
      if (wall === undefined) return [];
      const rate = (ms: number): number => (2 * size ** 3) / ms / 1e6;
      return [{ size, ms: wall, gflops: { median: rate(wall.median), min: rate(wall.max), max: rate(wall.min) } }];
    });
    return { kind: 'products', peaks: peaksOf(peaks, times).wall, rows };
  } finally {
    for (const one of [...opened, ...peaks]) one[Symbol.dispose]();
  }
}
