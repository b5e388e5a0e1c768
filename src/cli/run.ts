// What a command asks of the engine, the same in Node and in a page: one walk from an adapter to an outcome.

import {
  adam,
  EngineError,
  initialWeights,
  nets,
  openDevice,
  sgd,
  Trainer,
  type Counters,
  type Evaluation,
  type Net,
  type Notes,
  type Optimizer,
  type SelfTestEvent,
  type Splits,
  type StepMetrics,
  type TrainEvent,
  type Weights,
} from '../index.js';

/** What is to be done, as plain data: it crosses into a page as JSON. */
export interface RunSettings {
  readonly task: 'train' | 'evaluate' | 'predict';
  readonly net: string;
  readonly mean: number;
  readonly std: number;
  /** Absent where nothing is trained. */
  readonly training?: TrainingSettings;
}

export interface TrainingSettings {
  readonly optimizer: OptimizerSettings;
  readonly batch: number;
  readonly seed: number;
  readonly shuffle: boolean;
  /** Ends when so many epochs are done. */
  readonly epochs: number;
  /** Ends when so many steps are done, if that comes first. */
  readonly steps?: number;
}

/** Steps of a training on so many images. */
const stepsOf = ({ epochs, steps = Infinity, batch }: TrainingSettings, images: number): number =>
  Math.min(epochs * Math.ceil(images / batch), steps);

export type OptimizerSettings =
  | {
      readonly kind: 'sgd';
      readonly rate: number;
      readonly momentum: number;
      readonly nesterov: boolean;
      readonly weightDecay: number;
    }
  | { readonly kind: 'adam'; readonly rate: number; readonly weightDecay: number };

/** What it is done with. For `predict` the test images are those to recognise. */
export interface RunMaterial {
  readonly data: Splits;
  readonly weights?: Weights;
  /** Once it aborts, training stops after the steps that are submitted. */
  readonly signal: AbortSignal;
}

/** What is worth telling meanwhile, in this order. */
export type RunEvent =
  | AdapterEvent
  | { readonly event: 'compile'; readonly done: number; readonly total: number }
  | TestEvent
  | ModelEvent
  | { readonly event: 'steps'; readonly steps: readonly StepMetrics[]; readonly imagesPerSecond: number }
  | EpochEvent
  | { readonly event: 'evaluate' };

/** What the self-test of a plan found. */
export interface TestEvent {
  readonly event: 'self-test';
  readonly type: SelfTestEvent['type'];
  readonly plan: string;
  readonly sentence: string;
}

export interface AdapterEvent {
  readonly event: 'adapter';
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  readonly description: string;
  readonly software: boolean;
  readonly features: readonly string[];
}

export interface ModelEvent {
  readonly event: 'model';
  readonly net: string;
  readonly parameters: number;
  /** Multiply-adds of one image, forward. */
  readonly macs: number;
  /** Of all parameters. */
  readonly bytes: number;
  readonly stepsPerEpoch: number;
  /** Until the end, whichever limit comes first. */
  readonly steps: number;
}

export interface EpochEvent {
  readonly event: 'epoch';
  readonly epoch: number;
  readonly trainLoss: number;
  readonly trainAccuracy: number;
  readonly testLoss: number;
  readonly testAccuracy: number;
  readonly imagesPerSecond: number;
  readonly seconds: number;
}

export type Sink = (event: RunEvent) => void;

export interface RunOutcome {
  /** Whether the signal ended it before its own end. */
  readonly interrupted: boolean;
  /** Steps done. */
  readonly steps: number;
  /** From the first step to the last, evaluations between them included. */
  readonly seconds: number;
  /** On the test images, with the weights at the end. Absent if interrupted, and for `predict`. */
  readonly evaluation?: { readonly loss: number; readonly accuracy: number };
  /** confusion[label][answer]: of `evaluate` alone. */
  readonly confusion?: Evaluation['confusion'];
  /** Of each image, class after class: of `predict` alone. */
  readonly probabilities?: readonly number[];
  /** Of `train` alone. */
  readonly weights?: Weights;
  /** Why the training ended early, if it diverged: the parts of the engine's error. The weights are those from before. */
  readonly diverged?: Pick<EngineError, 'place' | 'given' | 'wanted' | 'wayOut'>;
  /** Absent if it was interrupted before the first step. */
  readonly counters?: Counters;
}

/** Where `runTask` runs. */
export interface Host {
  readonly backend: 'node' | 'chromium';
  run(settings: RunSettings, material: RunMaterial, sink: Sink): Promise<RunOutcome>;
  close(): Promise<void>;
}

/**
 * Trains, evaluates or predicts on a GPU, and tells of it.
 *
 * @param notes what is known of adapters; nothing is kept if absent
 * @throws EngineError of the engine: 'no-adapter', 'diverged', 'device-lost', …
 */
export async function runTask(
  settings: RunSettings,
  material: RunMaterial,
  gpu: GPU,
  sink: Sink,
  notes?: Notes,
): Promise<RunOutcome> {
  using device = await openDevice(gpu, { powerPreference: 'high-performance' });
  const { description, fallback, ...names } = device.profile.adapter;
  sink({ event: 'adapter', ...names, description, software: fallback, features: device.profile.features });

  const net = netNamed(settings.net);
  const { training, mean, std } = settings;
  const { data, weights, signal } = material;
  const opening = Trainer.open({
    device,
    net,
    data,
    mean,
    std,
    ...(weights && { weights }),
    ...(training && {
      optimizer: optimizerOf(training.optimizer),
      batch: training.batch,
      seed: training.seed,
      shuffle: training.shuffle,
      expectedSteps: Math.max(1, stepsOf(training, data.train.count)),
    }),
    onCompile: (done, total) => sink({ event: 'compile', done, total }),
    onSelfTest: ({ type, plan, sentence }) => sink({ event: 'self-test', type, plan, sentence }),
    ...(notes && { notes }),
  });
  // Compiling may take long, and cannot be stopped; what it makes goes with the device.
  using trainer = await unlessAborted(opening, signal);
  if (trainer === undefined) {
    const unchanged = weights ?? initialWeights(net, training?.seed ?? 0);
    return { interrupted: true, steps: 0, seconds: 0, ...(settings.task === 'train' && { weights: unchanged }) };
  }
  const { stepsPerEpoch } = trainer;
  const steps = training ? stepsOf(training, data.train.count) : 0;
  sink({
    event: 'model',
    net: net.name,
    parameters: net.bytes / 4,
    macs: net.macs,
    bytes: net.bytes,
    stepsPerEpoch,
    steps,
  });

  if (settings.task === 'predict') {
    const probabilities = [...(await trainer.predict(data.test.images))];
    return { interrupted: signal.aborted, steps: 0, seconds: 0, probabilities, counters: trainer.counters };
  }

  const start = performance.now();
  let last: EpochEvent | undefined;
  let diverged: EngineError | undefined;
  if (training) {
    try {
      for await (const event of trainer.fit({ epochs: training.epochs, steps, signal })) last = tell(event, sink);
    } catch (error) {
      if (!(error instanceof EngineError) || error.code !== 'diverged') throw error;
      diverged = error;
    }
  }
  const seconds = (performance.now() - start) / 1000;
  const done = trainer.steps;
  const outcome = {
    interrupted: done < steps || signal.aborted,
    steps: done,
    seconds,
    ...(settings.task === 'train' && { weights: await trainer.weights() }),
  };
  if (diverged !== undefined) {
    const { place, given, wanted, wayOut } = diverged;
    return { ...outcome, interrupted: false, diverged: { place, given, wanted, wayOut }, counters: trainer.counters };
  }
  if (outcome.interrupted) return { ...outcome, counters: trainer.counters };

  // The last epoch's end may be the end of all, and was evaluated then.
  if (last !== undefined) {
    const evaluation = { loss: last.testLoss, accuracy: last.testAccuracy };
    return { ...outcome, evaluation, counters: trainer.counters };
  }
  sink({ event: 'evaluate' });
  const evaluation = await unlessAborted(trainer.evaluate(), signal);
  if (evaluation === undefined) return { ...outcome, interrupted: true, counters: trainer.counters };
  const { loss, accuracy, confusion } = evaluation;
  return {
    ...outcome,
    evaluation: { loss, accuracy },
    ...(settings.task === 'evaluate' && { confusion }),
    counters: trainer.counters,
  };
}

/** Passes an event on; returns it if it is an epoch's end, and nothing has come after it. */
function tell(event: TrainEvent, sink: Sink): EpochEvent | undefined {
  if (event.type === 'steps') {
    sink({ event: 'steps', steps: event.steps, imagesPerSecond: event.imagesPerSecond });
    return undefined;
  }
  const { type, step: _, confusion: __, ...numbers } = event;
  const told = { event: type, ...numbers };
  sink(told);
  return told;
}

function netNamed(name: string): Net {
  const make = nets[name];
  if (make !== undefined) return make();
  throw new EngineError('usage', { place: '--net', given: `"${name}"`, wanted: Object.keys(nets).join(', ') });
}

function optimizerOf(settings: OptimizerSettings): Optimizer {
  const { kind, ...options } = settings;
  return kind === 'sgd' ? sgd(options) : adam(options);
}

/** The value, or undefined as soon as the signal aborts; the work then ends by itself, unheard. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  work.catch(() => undefined);
  let onAbort = () => {};
  const aborted = new Promise<undefined>((done) => {
    onAbort = () => done(undefined);
    if (signal.aborted) done(undefined);
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
