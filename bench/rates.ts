// A training step as a user has it: rates, counts, encoding, the first step, memory. For a page and for Node alike.

import { Trainer, type Counters, type Device, type Net } from '../src/index.js';
import { spreadOf, type Spread } from './timing.js';
import { tiledSplits, timeSteps, trainSteps } from './trainBlocks.js';

export interface StepRate {
  readonly net: string;
  readonly batch: number;
  readonly stepsPerSecond: Spread;
  readonly imagesPerSecond: Spread;
  /** Multiply-adds count twice; forward, and backward as twice the forward. */
  readonly gflopsPerSecond: number;
  /** Steps in a timed block. */
  readonly blockSteps: number;
  readonly dispatches: number;
  /** What a step in the timed blocks asks of the device; below one where several steps go into one submit. */
  readonly perStep: Readonly<Record<'submits' | 'uploads' | 'mappedReads' | 'bindGroups' | 'buffers', number>>;
  /** What was made until the first step was done. */
  readonly made: Readonly<Record<'bindGroups' | 'buffers' | 'pipelines', number>>;
  /** Milliseconds that the CPU records and submits a step, alone in a submit, when the GPU has nothing to do. */
  readonly encodeMs: Spread;
  /** The median's share of a step's time; above 1 it would hold the GPU up. */
  readonly encodeShare: number;
  /** From the Trainer's opening to the end of the first step: compiling, moving the data, one step. */
  readonly firstStepMs: number;
  /** Bytes of all buffers at once, the data set included. */
  readonly peakBytes: number;
  /** Of them, the data set. */
  readonly dataBytes: number;
}

export interface RateOptions {
  readonly batch: number;
  readonly blockMs: number;
  readonly rounds: number;
  /** Length of the run whose plan it is; as `Trainer.open`. */
  readonly expectedSteps?: number | undefined;
  /** Hears when the first step is done. */
  readonly onFirstStep?: () => void;
}

/** Bytes of images that the timings keep on the GPU at most: more on a GPU, whose blocks have more steps. */
const MOST_IMAGE_BYTES = { cpu: 2 ** 26, gpu: 2 ** 28 };
const EPOCH_STEPS = 1024;

/** Opens, trains and times one net at one batch. */
export async function rateOfSteps(device: Device, net: Net, options: RateOptions): Promise<StepRate> {
  const { batch, blockMs, rounds } = options;
  const { dialect, limits } = device.profile;
  const pixels = net.input.reduce((product, length) => product * length, 1);
  const mostBytes = Math.min(MOST_IMAGE_BYTES[dialect], limits.maxStorageBufferBindingSize);
  const epoch = Math.max(2, Math.min(EPOCH_STEPS, Math.floor(mostBytes / pixels / batch)));
  const data = tiledSplits(epoch * batch);
  const before = { ...device.counts };
  const start = performance.now();
  const { expectedSteps } = options;
  const length = expectedSteps === undefined ? {} : { expectedSteps };
  using trainer = await Trainer.open({ device, net, data, batch, shuffle: true, ...length });
  await trainSteps(trainer, 1);
  const firstStepMs = performance.now() - start;
  options.onFirstStep?.();
  const made = { ...device.counts };

  const oneMs = await timeSteps(trainer, 1);
  const some = fitting(oneMs, blockMs / 2, epoch);
  const blockSteps = fitting((await timeSteps(trainer, some)) / some, blockMs, epoch);
  const blocks: number[] = [];
  const counters = trainer.counters;
  for (let round = 0; round < rounds; round++) blocks.push(await timeSteps(trainer, blockSteps));
  const perStep = eachStep(counters, trainer.counters);
  const encodeMs = await encodeWhileIdle(trainer, blockMs);

  const stepMs = spreadOf(blocks.map((ms) => ms / blockSteps));
  const perSecond = (amount: number): Spread => spreadOf(blocks.map((ms) => (1000 * amount * blockSteps) / ms));
  const imagesPerSecond = perSecond(batch);
  return {
    net: net.name,
    batch,
    stepsPerSecond: perSecond(1),
    imagesPerSecond,
    gflopsPerSecond: (6 * net.macs * imagesPerSecond.median) / 1e9,
    blockSteps,
    dispatches: trainer.plan.dispatches.length,
    perStep,
    made: {
      bindGroups: made.bindGroups - before.bindGroups,
      buffers: made.buffers - before.buffers,
      pipelines: made.pipelines - before.pipelines,
    },
    encodeMs,
    encodeShare: encodeMs.median / stepMs.median,
    firstStepMs,
    peakBytes: device.counts.bytes - before.bytes,
    dataBytes: data.train.images.length + data.train.labels.length,
  };
}

/** Steps that fill a block, within an epoch. */
const fitting = (stepMs: number, blockMs: number, epoch: number): number =>
  Math.max(1, Math.min(epoch - 1, Math.floor(blockMs / stepMs)));

/** What a step asked of the device between two counts. */
function eachStep(before: Counters, after: Counters): StepRate['perStep'] {
  const each = (name: keyof StepRate['perStep']): number => (after[name] - before[name]) / (after.steps - before.steps);
  return {
    submits: each('submits'),
    uploads: each('uploads'),
    mappedReads: each('mappedReads'),
    bindGroups: each('bindGroups'),
    buffers: each('buffers'),
  };
}

/** Steps whose encoding is timed, and how few are enough where a step is long. */
const [ENCODED, FEW_ENCODED] = [64, 4];

/**
 * Milliseconds that the CPU records and submits one step. Each is submitted when everything before it is done: a software
 * adapter takes the processor from whoever records beside it. So do others on a busy machine; then the least is the truth.
 */
async function encodeWhileIdle(trainer: Trainer, mostMs: number): Promise<Spread> {
  const { device } = trainer;
  const samples: number[] = [];
  const start = performance.now();
  while (samples.length < ENCODED && (samples.length < FEW_ENCODED || performance.now() - start < mostMs)) {
    const submits: number[] = [];
    const submit = device.submit.bind(device);
    // An own method before that of the class, until the step is done.
    device.submit = (record) => {
      const before = performance.now();
      submit(record);
      submits.push(performance.now() - before);
    };
    try {
      await trainSteps(trainer, 1);
    } finally {
      Reflect.deleteProperty(device, 'submit');
    }
    // Those after it read the metrics.
    samples.push(submits[0] ?? NaN);
  }
  return spreadOf(samples);
}
