import { EngineError } from '../core/errors.js';
import { mustSupport } from '../core/precision.js';
import { splitOff } from '../data/subset.js';
import { openTested } from '../engine/openTested.js';
import type { Session } from '../engine/session.js';
import { Store } from '../engine/store.js';
import type { RunFacts } from '../io/runFacts.js';
import { initialWeights, mustFitNet, weightNamesOf } from '../nn/weights.js';
import { ALL_FINITE } from '../ops/control.js';
import { bestWeights, mustBeSameData, mustHaveStates, RunStates, runningStates } from './checkpoints.js';
import { Best } from './best.js';
import { Evaluator } from './evaluator.js';
import { trainGraph, type BatchSettings } from './graphs.js';
import { Inspector } from './inspector.js';
import type { LoopParts } from './loop.js';
import { MetricsReader } from './metrics.js';
import type { TrainerOptions } from './options.js';
import { computedBy, otherBits } from './otherBits.js';
import { DEFAULT_PACE } from './pace.js';
import { firstScale, SCALE_STATES, testScale } from './lossScale.js';
import { Predictor } from './predictor.js';
import { Queue } from './queue.js';
import { Rates, rowsOf } from './rates.js';
import { ignoredBy } from './remakeLoss.js';
import { runOf } from './run.js';
import { mustBePace, mustBePixels, mustBeWholeSetting, mustSuit } from './settings.js';
import { statesWith } from './shared.js';
import { stepsPerEpochOf } from './turns.js';

/** What a trainer is made of: the states, the training plan, and what is compiled when first wanted. */
export interface Parts extends LoopParts {
  readonly store: Store;
  readonly session: Session;
  readonly predictor: Predictor;
  readonly inspector: Inspector;
  readonly states: RunStates;
  readonly run: RunFacts;
  /** Whether there is a loss scale. */
  readonly scaled: boolean;
}

/** Checks the options, compiles the training step, moves the data to the GPU and sets the weights: see `Trainer.open`. */
export async function openParts(options: TrainerOptions): Promise<Parts> {
  const { device, net, data, resume } = options;
  if (resume !== undefined && options.weights !== undefined) {
    throw new EngineError('usage', {
      place: 'trainer',
      given: 'weights and a checkpoint to resume',
      wanted: 'one of them',
      wayOut: 'A checkpoint has its weights; to begin a run with other weights, leave `resume` out.',
    });
  }
  const run = runOf(options);
  const { facts, optimizer, schedule, plateau, groups, clip, augment, lossScale } = run;
  const { batch, accumulate, seed, shuffle, mean, std, expectedSteps, precision } = facts;
  mustSupport(precision, device.profile);
  mustBeWholeSetting('batch', batch, 1, 65_536);
  mustBeWholeSetting('accumulate', accumulate, 1, 65_536);
  mustBeWholeSetting('seed', seed, 0, 2 ** 32 - 1);
  mustBePixels(mean, std);
  mustSuit(net, data, ignoredBy(facts.loss));
  const weights = resume?.weights ?? options.weights ?? initialWeights(net, seed);
  mustFitNet(net, weights);

  const settings: BatchSettings = { batch, seed, shuffle, mean, std, loss: run.loss };
  const pace = { ...DEFAULT_PACE, ...options.pace };
  mustBePace(pace);
  const { kernels, onCompile, selfTest, onSelfTest, notes } = options;
  mustBeWholeSetting('expectedSteps', expectedSteps, 1);
  const tests = { selfTest, onSelfTest, notes };
  const scaled = lossScale !== undefined;
  const rows = rowsOf(optimizer, scaled);
  const { rest: train, part: validation } =
    facts.validation > 0 ? splitOff(data.train, facts.validation, seed) : { rest: data.train, part: undefined };
  const update = { groups, clip, accumulate, lossScale };
  const graph = trainGraph(net, train, { ...settings, augment }, optimizer, update);
  const turns = { perEpoch: Math.ceil(train.count / batch), length: accumulate };
  const stepsPerEpoch = stepsPerEpochOf(turns);
  const best = resume && { facts: resume.facts.best, weights: bestWeights(resume, net) };
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
      ...(lossScale && firstScale(lossScale)),
    });
    const states = () => new Map([...first, ...Object.entries(rows), ...(lossScale ? testScale(lossScale) : [])]);
    session = await openTested(store, graph, {
      ...tests,
      name: 'train',
      kernels,
      precision,
      onCompile,
      expectedSteps: expectedSteps * accumulate,
      states,
    });
    const why = resume && otherBits(resume.facts, computedBy(session.plan, device));
    if (why !== undefined) options.onOtherBits?.(why);
    if (options.timings === true) await session.watchTime();
    for (const [name, values] of first) store.write(name, values);
    for (const [name, state] of resume ? runningStates(resume) : []) store.write(name, state.data);
    const shared = { store, net, settings, kernels, pace, tests, weights };
    const plateauFrom = resume?.facts.plateau ?? undefined;
    const rates = new Rates(store, optimizer, { schedule, plateau, plateauFrom, stepsPerEpoch, scaled });
    if (resume !== undefined) {
      rates.change(resume.facts.run.rate, resume.facts.step);
      rates.know({ done: resume.facts.step, skipped: resume.states.get(SCALE_STATES.skipped)?.data[0] ?? 0 });
    }
    return {
      store,
      session,
      run: facts,
      turns,
      stepsPerEpoch,
      queue: new Queue(session, pace),
      scaled,
      metrics: await MetricsReader.open(store, stepsPerEpoch, { told: resume?.facts.told, scaled }),
      rates,
      evaluator: new Evaluator(shared, data.test, 'test'),
      ...(validation && { validator: new Evaluator(shared, validation, 'validation') }),
      best: new Best(store, weightNamesOf(net), best),
      predictor: new Predictor(shared),
      inspector: new Inspector(shared),
      states: new RunStates(store, session.plan.states, weightNamesOf(net)),
    };
  } catch (error) {
    session?.[Symbol.dispose]();
    store[Symbol.dispose]();
    throw error;
  }
}
