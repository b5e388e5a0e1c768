// What a command asks of the engine, the same in Node and in a page: one walk from an adapter to an outcome.

import {
  EngineError,
  initialWeights,
  nets,
  openDevice,
  RecoveringTrainer,
  type Device,
  type Net,
  type Notes,
} from '../index.js';
import { stepsOf, trainerOptions } from './learning.js';
import type { RunMaterial, RunOutcome, RunSettings, Sink } from './task.js';
import { trainAndSave, type Trained } from './trainAndSave.js';

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
  const open = (): Promise<Device> => openDevice(gpu, { powerPreference: 'high-performance' });
  using own = { device: await open(), [Symbol.dispose]: () => own.device[Symbol.dispose]() };
  const { adapter, features } = own.device.profile;
  const { description, fallback, ...names } = adapter;
  sink({ event: 'adapter', ...names, description, software: fallback, features });

  const net = netNamed(settings);
  const { training, mean, std } = settings;
  const { data, weights, resume, signal } = material;
  const { expectedSteps, ...options }: Partial<ReturnType<typeof trainerOptions>> = training
    ? trainerOptions(training, data.train.count)
    : {};
  const opening = RecoveringTrainer.open({
    device: async (lost) => (lost === undefined ? own.device : (own.device = await open())),
    onRecovery: (event) => {
      if (event.type === 'restored') sink({ event: 'restored', step: event.step, ...event.loss });
    },
    net,
    data,
    mean,
    std,
    ...(weights && { weights }),
    ...(resume && { resume }),
    ...options,
    // A run that goes on keeps its plan: another one has other roundings.
    ...(resume === undefined && expectedSteps !== undefined && { expectedSteps }),
    onCompile: (done, total) => sink({ event: 'compile', done, total }),
    onSelfTest: ({ type, plan, sentence }) => sink({ event: 'self-test', type, plan, sentence }),
    onOtherBits: (why) => sink({ event: 'other-bits', ...why }),
    ...(notes && { notes }),
  });
  // Compiling may take long, and cannot be stopped; what it makes goes with the device.
  using lasting = await unlessAborted(opening, signal);
  if (lasting === undefined) {
    const unchanged = weights ?? initialWeights(net, training?.seed ?? 0);
    return { interrupted: true, steps: 0, seconds: 0, ...(settings.task === 'train' && { weights: unchanged }) };
  }
  const evaluate = () => lasting.use((trainer) => trainer.evaluate());
  const { stepsPerEpoch } = lasting.trainer;
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
    const probabilities = [...(await lasting.use((trainer) => trainer.predict(data.test.images)))];
    return { interrupted: signal.aborted, steps: 0, seconds: 0, probabilities, counters: lasting.trainer.counters };
  }

  if (training?.evaluateFirst && resume === undefined) {
    sink({ event: 'evaluate' });
    const before = await unlessAborted(evaluate(), signal);
    if (before) sink({ event: 'before', testLoss: before.loss, testAccuracy: before.accuracy });
  }
  const start = performance.now();
  let trained: Trained = {};
  let diverged: EngineError | undefined;
  if (training) {
    try {
      trained = await trainAndSave(lasting, training, steps, material, sink);
    } catch (error) {
      if (!(error instanceof EngineError) || error.code !== 'diverged') throw error;
      diverged = error;
    }
  }
  const seconds = (performance.now() - start) / 1000;
  const done = lasting.steps;
  const lossScale = await lasting.use((trainer) => trainer.lossScale());
  const { last, ...ended } = trained;
  const outcome = {
    interrupted: (done < steps && !ended.stoppedEarly) || signal.aborted,
    steps: done,
    seconds,
    ...ended,
    ...(lossScale && { lossScale }),
    ...(settings.task === 'train' && { weights: await lasting.use((trainer) => trainer.weights()) }),
  };
  if (diverged !== undefined) {
    const { place, given, wanted, wayOut } = diverged;
    return {
      ...outcome,
      interrupted: false,
      diverged: { place, given, wanted, wayOut },
      counters: lasting.trainer.counters,
    };
  }
  if (outcome.interrupted) return { ...outcome, counters: lasting.trainer.counters };

  // The last epoch's end may be the end of all, and was evaluated then.
  if (last?.testLoss !== undefined && last.testAccuracy !== undefined) {
    const evaluation = { loss: last.testLoss, accuracy: last.testAccuracy };
    return { ...outcome, evaluation, counters: lasting.trainer.counters };
  }
  sink({ event: 'evaluate' });
  const evaluation = await unlessAborted(evaluate(), signal);
  if (evaluation === undefined) return { ...outcome, interrupted: true, counters: lasting.trainer.counters };
  const { loss, accuracy, confusion } = evaluation;
  const { mistakes: most } = settings;
  const looking = most === undefined ? undefined : lasting.use((trainer) => trainer.mistakes({ most }));
  const mistakes = looking && (await unlessAborted(looking, signal));
  if (signal.aborted) return { ...outcome, interrupted: true, counters: lasting.trainer.counters };
  return {
    ...outcome,
    evaluation: { loss, accuracy },
    ...(settings.task === 'evaluate' && { confusion }),
    ...(mistakes && { mistakes }),
    counters: lasting.trainer.counters,
  };
}

function netNamed({ net: name, classes }: RunSettings): Net {
  const make = nets[name];
  if (make !== undefined) return make(classes);
  throw new EngineError('usage', { place: '--net', given: `"${name}"`, wanted: Object.keys(nets).join(', ') });
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
