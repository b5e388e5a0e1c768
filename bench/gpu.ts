// What a real GPU is asked beyond the steps: large products, and how soon the tutorial's net knows the digits.

import {
  adam,
  adamW,
  augmentations,
  schedules,
  sgd,
  Trainer,
  tutorial,
  wide,
  type Device,
  type Net,
  type Splits,
  type TrainerOptions,
} from '../src/index.js';
import type { Wanted } from './flags.js';
import { GpuClock } from './gpuClock.js';
import { openPeaks, peaksOf } from './peaks.js';
import { openProduct, type Product } from './product.js';
import type { Results } from './results.js';
import { digits, tableText } from './table.js';
import { timeInTurns } from './timing.js';

/** Test accuracies whose time is taken. */
const MARKS = [0.98, 0.99];
const BATCH = 64;

/** A way to train, until all marks are reached or its epochs are over. */
interface MarkedRun {
  readonly net: () => Net;
  readonly name: string;
  readonly epochs: number;
  options(steps: number): Pick<TrainerOptions, 'optimizer' | 'schedule' | 'augment'>;
}

/** The tutorial's own settings; and what knows the digits sooner. */
const RUNS: readonly MarkedRun[] = [
  { net: tutorial, name: 'SGD 0.001, momentum 0.9', epochs: 15, options: () => ({ optimizer: sgd() }) },
  { net: tutorial, name: 'Adam 0.001', epochs: 15, options: () => ({ optimizer: adam() }) },
  {
    net: tutorial,
    name: 'AdamW 0.004, one-cycle, light augmentation',
    epochs: 8,
    options: (steps) => ({
      optimizer: adamW({ rate: 0.004 }),
      schedule: schedules.oneCycle({ steps }),
      augment: augmentations.light,
    }),
  },
  { net: wide, name: 'Adam 0.001', epochs: 15, options: () => ({ optimizer: adam() }) },
];

/** @param splits MNIST, for the times to the marks */
export async function benchGpu(
  device: Device,
  wanted: Wanted,
  splits: Splits | undefined,
  results: Results,
): Promise<void> {
  await benchProducts(device, wanted, results);
  if (splits === undefined) {
    results.say('time to 98 and 99 %: left out, give the folder of MNIST with --data');
    return;
  }
  for (const run of RUNS.filter(({ net }) => wanted.nets.includes(net().name))) {
    const [net, row] = [run.net().name, await timeToMarks(device, run, splits)];
    results.tell([{ type: 'marks', net, way: run.name, ...row }], () =>
      marksText(`${net} on MNIST, ${run.name}, batch ${BATCH}`, row),
    );
  }
}

/** Square products, in turns with the adapter's peak. */
async function benchProducts(device: Device, wanted: Wanted, results: Results): Promise<void> {
  const { dialect } = device.profile;
  const peaks = await openPeaks(device);
  const products: Product[] = [];
  try {
    for (const size of wanted.sizes) products.push(await openProduct(device, size));
    using clock = dialect === 'gpu' ? await GpuClock.open(device) : undefined;
    const timing = { blockMs: wanted.block ?? 100, rounds: wanted.repeat, fromSubmit: dialect === 'gpu', clock };
    const times = await timeInTurns([...peaks, ...products], timing);
    const peak = peaksOf(peaks, times).wall;
    const rows = products.map(({ size, error }, i) => {
      const { wall } = times[i + peaks.length] ?? { wall: { median: NaN, min: NaN, max: NaN } };
      const gflops = (2 * size ** 3) / wall.median / 1e6;
      return { type: 'product', size, error, ms: wall, tflops: gflops / 1000, ofPeak: gflops / peak.gflops };
    });
    results.tell([...rows, { type: 'peak', ...peak }], () =>
      [
        `\nsquare products; peak ${digits(peak.gflops / 1000)} TFLOP/s, copying ${digits(peak.gbytes)} GB/s`,
        tableText(
          ['matmul', 'ms', 'least', 'TFLOP/s', 'of peak', 'error'],
          rows.map(({ size, ms, tflops, ofPeak, error }) => [
            `${size}³`,
            digits(ms.median),
            digits(ms.min),
            digits(tflops),
            `${(100 * ofPeak).toFixed(1)} %`,
            digits(error),
          ]),
        ),
      ].join('\n'),
    );
  } finally {
    for (const one of [...products, ...peaks]) one[Symbol.dispose]();
  }
}

interface Marks {
  /** Seconds from the Trainer's opening, compiling and evaluations included, for each mark that was reached. */
  readonly seconds: Readonly<Record<string, number>>;
  readonly epochs: readonly { readonly epoch: number; readonly accuracy: number; readonly seconds: number }[];
}

async function timeToMarks(device: Device, { net, epochs: most, options }: MarkedRun, data: Splits): Promise<Marks> {
  const start = performance.now();
  const steps = most * Math.ceil(data.train.count / BATCH);
  const seconds: Record<string, number> = {};
  const epochs: { epoch: number; accuracy: number; seconds: number }[] = [];
  using trainer = await Trainer.open({
    device,
    net: net(),
    data,
    batch: BATCH,
    expectedSteps: steps,
    ...options(steps),
  });
  for await (const event of trainer.fit({ epochs: most })) {
    if (event.type !== 'epoch') continue;
    const now = (performance.now() - start) / 1000;
    const { testAccuracy: accuracy = NaN } = event;
    epochs.push({ epoch: event.epoch, accuracy, seconds: now });
    for (const mark of MARKS) {
      const name = `${100 * mark} %`;
      if (accuracy >= mark) seconds[name] ??= now;
    }
    if (Object.keys(seconds).length === MARKS.length) break;
  }
  return { seconds, epochs };
}

const marksText = (name: string, { seconds, epochs }: Marks): string => {
  const best = Math.max(...epochs.map(({ accuracy }) => accuracy));
  const told = MARKS.map((mark) => {
    const reached = seconds[`${100 * mark} %`];
    return `${100 * mark} % ${reached === undefined ? 'not reached' : `after ${digits(reached)} s`}`;
  });
  return `\n${name}, from cold: ${told.join(', ')}; best ${(100 * best).toFixed(2)} % in ${epochs.length} epochs`;
};
