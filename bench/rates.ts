// A training step as a user has it: rates, counts, encoding, the first step, memory. For a page and for Node alike.

import { Trainer, type Counters, type Device, type Net } from '../src/index.js';
import { spreadOf, type Spread } from './timing.js';
import { tiledSplits, timeSteps, trainSteps } from './trainBlocks.js';

export interface StepRate {
  readonly net: string;
  readonly batch: number;
  /** As asked; undefined for the plan of a run of the default length. */
  readonly expectedSteps: number | undefined;
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
  /** Milliseconds that the CPU records and submits a step when the GPU has nothing to do, in a submit of `submitSteps`. */
  readonly encodeMs: Spread;
  /** Steps that training has in a submit, up to 16. */
  readonly submitSteps: number;
  /** As `encodeMs`, of a step that is alone in its submit. */
  readonly encodeAloneMs: Spread;
  /** The share of `encodeMs`, its median, in a step's time; above 1 it would hold the GPU up. */
  readonly encodeShare: number;
  /** From the Trainer's opening to the end of the first step: compiling, moving the data, one step. */
  readonly firstStepMs: number;
  /** The most bytes of all buffers at once, the data set included; with those of a self-test, where there is one. */
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
  device.counts.peakBytes = device.counts.bytes;
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
  const stepMs = spreadOf(blocks.map((ms) => ms / blockSteps));
  const alone = await encodeWhileIdle(trainer, 1, blockMs);
  const together = Math.min(MOST_TOGETHER, fitting(stepMs.median, SUBMIT_MS, epoch));
  const encoded = together === 1 ? alone : await encodeWhileIdle(trainer, together, blockMs);
  const perSecond = (amount: number): Spread => spreadOf(blocks.map((ms) => (1000 * amount * blockSteps) / ms));
  const imagesPerSecond = perSecond(batch);
  return {
    net: net.name,
    batch,
    expectedSteps,
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
    encodeMs: encoded.ms,
    submitSteps: encoded.steps,
    encodeAloneMs: alone.ms,
    encodeShare: encoded.ms.median / stepMs.median,
    firstStepMs,
    peakBytes: device.counts.peakBytes - before.bytes,
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

/** Milliseconds of steps that the Trainer puts into a submit, and how many of them are enough to see what each costs. */
const [SUBMIT_MS, MOST_TOGETHER] = [100, 16];
/** Submits whose encoding is timed, and how few are enough where steps are long. */
const [ENCODED, FEW_ENCODED] = [64, 4];

/**
 * Milliseconds that the CPU records and submits one step of a submit. Each is submitted when everything before it is done: a
 * software adapter takes the processor from whoever records beside it. So do others on a busy machine; then the least is
 * the truth.
 * @param together steps that the Trainer is asked for; it may begin with a submit of fewer
 */
async function encodeWhileIdle(
  trainer: Trainer,
  together: number,
  mostMs: number,
): Promise<{ readonly ms: Spread; readonly steps: number }> {
  const { device, plan } = trainer;
  const samples: { readonly ms: number; readonly steps: number }[] = [];
  const start = performance.now();
  while (samples.length < ENCODED && (samples.length < FEW_ENCODED || performance.now() - start < mostMs)) {
    const submits: { readonly ms: number; readonly before: number }[] = [];
    const submit = device.submit.bind(device);
    // An own method before that of the class, until the steps are done.
    device.submit = (record) => {
      const [before, begun] = [device.counts.dispatches, performance.now()];
      submit(record);
      submits.push({ ms: performance.now() - begun, before });
    };
    try {
      await trainSteps(trainer, together);
    } finally {
      Reflect.deleteProperty(device, 'submit');
    }
    // The one after it has more steps, or reads the metrics.
    const [first, second] = submits;
    const steps = ((second?.before ?? NaN) - (first?.before ?? NaN)) / plan.dispatches.length;
    samples.push({ ms: (first?.ms ?? NaN) / steps, steps });
  }
  return {
    ms: spreadOf(samples.map(({ ms }) => ms)),
    steps: Math.round(spreadOf(samples.map(({ steps }) => steps)).median),
  };
}
