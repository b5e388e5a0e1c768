import { EngineError } from '../core/errors.js';
import { EXPECTED_STEPS } from '../core/expectedSteps.js';
import { splitOff } from '../data/subset.js';
import { openTested } from '../engine/openTested.js';
import type { Session } from '../engine/session.js';
import { Store } from '../engine/store.js';
import type { RunFacts } from '../io/checkpointFacts.js';
import { initialWeights, mustFitNet } from '../nn/weights.js';
import { ALL_FINITE } from '../ops/control.js';
import type { Optimizer } from '../optim/optimizer.js';
import { sgd } from '../optim/sgd.js';
import { mustBeSameData, mustBeSameRun, mustHaveStates } from './checkpoints.js';
import { Best } from './best.js';
import { Evaluator } from './evaluator.js';
import { trainGraph, type BatchSettings } from './graphs.js';
import type { LoopParts } from './loop.js';
import { MetricsReader } from './metrics.js';
import type { TrainerOptions } from './options.js';
import { DEFAULT_PACE } from './pace.js';
import { Predictor } from './predictor.js';
import { Queue } from './queue.js';
import { Rates, rowsOf } from './rates.js';
import { mustBePace, mustBePixels, mustBeWholeSetting, mustSuit, validationCount } from './settings.js';
import { statesWith } from './shared.js';
import { stepsPerEpochOf } from './turns.js';

/** What a trainer is made of: the states, the training plan, and what is compiled when first wanted. */
export interface Parts extends LoopParts {
  readonly store: Store;
  readonly session: Session;
  readonly predictor: Predictor;
  readonly run: RunFacts;
}

/** The settings of a run: as asked for, as they were where it was begun, or the defaults. */
function runOf(options: TrainerOptions, { name, rate }: Optimizer): RunFacts {
  const { net, data, resume, batch, accumulate, seed, shuffle, mean, std, expectedSteps } = options;
  const validation =
    options.validation === undefined ? undefined : validationCount(options.validation, data.train.count);
  const asked = {
    net: net.name,
    optimizer: name,
    batch,
    accumulate,
    seed,
    shuffle,
    mean,
    std,
    expectedSteps,
    validation,
  };
  if (resume !== undefined) {
    mustBeSameRun(resume.facts, asked);
    return resume.facts.run;
  }
  return {
    net: net.name,
    optimizer: name,
    rate,
    batch: batch ?? 64,
    accumulate: accumulate ?? 1,
    seed: seed ?? 1,
    shuffle: shuffle ?? true,
    mean: mean ?? 0.1307,
    std: std ?? 0.3081,
    expectedSteps: expectedSteps ?? EXPECTED_STEPS,
    validation: validation ?? 0,
  };
}

/** Checks the options, compiles the training step, moves the data to the GPU and sets the weights: see `Trainer.open`. */
export async function openParts(options: TrainerOptions): Promise<Parts> {
  const { device, net, data, optimizer = sgd(), resume } = options;
  const run = runOf(options, optimizer);
  if (resume !== undefined && options.weights !== undefined) {
    throw new EngineError('usage', {
      place: 'trainer',
      given: 'weights and a checkpoint to resume',
      wanted: 'one of them',
      wayOut: 'A checkpoint has its weights; to begin a run with other weights, leave `resume` out.',
    });
  }
  const { batch, accumulate, seed, shuffle, mean, std } = run;
  mustBeWholeSetting('batch', batch, 1, 65_536);
  mustBeWholeSetting('accumulate', accumulate, 1, 65_536);
  mustBeWholeSetting('seed', seed, 0, 2 ** 32 - 1);
  mustBePixels(mean, std);
  mustSuit(net, data);
  const weights = resume?.weights ?? options.weights ?? initialWeights(net, seed);
  mustFitNet(net, weights);

  const settings: BatchSettings = { batch, seed, shuffle, mean, std };
  const pace = { ...DEFAULT_PACE, ...options.pace };
  mustBePace(pace);
  const { kernels, onCompile, selfTest, onSelfTest, notes } = options;
  const { expectedSteps } = run;
  mustBeWholeSetting('expectedSteps', expectedSteps, 1);
  const tests = { selfTest, onSelfTest, notes };
  const { schedule, plateau, groups, clip, augment } = options;
  const { rest: train, part: validation } =
    run.validation > 0 ? splitOff(data.train, run.validation, seed) : { rest: data.train, part: undefined };
  const graph = trainGraph(net, train, { ...settings, augment }, optimizer, { groups, clip, accumulate });
  const turns = { perEpoch: Math.ceil(train.count / batch), length: accumulate };
  const stepsPerEpoch = stepsPerEpochOf(turns);
  if (resume !== undefined) {
    mustHaveStates(resume, graph.states);
    await mustBeSameData(resume.facts, data);
  }

  const store = new Store(device);
  let session: Session | undefined;
  try {
    const first = statesWith(weights, {
      'train.images': train.images,
      'train.labels': train.labels,
      guard: Uint32Array.of(ALL_FINITE),
    });
    const states = () => new Map([...first, ['rates', rowsOf(optimizer)]]);
    session = await openTested(store, graph, {
      ...tests,
      name: 'train',
      kernels,
      onCompile,
      expectedSteps: expectedSteps * accumulate,
      states,
    });
    for (const [name, values] of first) store.write(name, values);
    for (const [name, state] of resume?.states ?? []) store.write(name, state.data);
    const shared = { store, net, settings, kernels, pace, tests, weights };
    const rates = new Rates(store, optimizer, { schedule, plateau, stepsPerEpoch });
    if (resume !== undefined) rates.change(resume.facts.run.rate, resume.facts.step);
    return {
      store,
      session,
      run,
      turns,
      stepsPerEpoch,
      queue: new Queue(session, pace),
      metrics: await MetricsReader.open(store, stepsPerEpoch, resume?.facts.told),
      rates,
      evaluator: new Evaluator(shared, data.test, 'test'),
      ...(validation && { validator: new Evaluator(shared, validation, 'validation') }),
      best: new Best(
        store,
        net.parameters.map(({ name }) => name),
      ),
      predictor: new Predictor(shared),
    };
  } catch (error) {
    session?.[Symbol.dispose]();
    store[Symbol.dispose]();
    throw error;
  }
}
