import { openTested } from '../engine/openTested.js';
import type { Session } from '../engine/session.js';
import { Store } from '../engine/store.js';
import { initialWeights, mustFitNet } from '../nn/weights.js';
import { ALL_FINITE } from '../ops/control.js';
import { sgd } from '../optim/sgd.js';
import { Evaluator } from './evaluator.js';
import { trainGraph, type BatchSettings } from './graphs.js';
import type { LoopParts } from './loop.js';
import { MetricsReader } from './metrics.js';
import type { TrainerOptions } from './options.js';
import { DEFAULT_PACE } from './pace.js';
import { Predictor } from './predictor.js';
import { Queue } from './queue.js';
import { Rates, rowsOf } from './rates.js';
import { mustBePace, mustBePixels, mustBeWholeSetting, mustSuit } from './settings.js';
import { statesWith } from './shared.js';

/** What a trainer is made of: the states, the training plan, and what is compiled when first wanted. */
export interface Parts extends LoopParts {
  readonly store: Store;
  readonly session: Session;
  readonly predictor: Predictor;
}

/** Checks the options, compiles the training step, moves the data to the GPU and sets the weights: see `Trainer.open`. */
export async function openParts(options: TrainerOptions): Promise<Parts> {
  const { device, net, data, optimizer = sgd(), batch = 64, seed = 1, shuffle = true } = options;
  const { mean = 0.1307, std = 0.3081 } = options;
  mustBeWholeSetting('batch', batch, 1, 65_536);
  mustBeWholeSetting('seed', seed, 0, 2 ** 32 - 1);
  mustBePixels(mean, std);
  mustSuit(net, data);
  const weights = options.weights ?? initialWeights(net, seed);
  mustFitNet(net, weights);

  const settings: BatchSettings = { batch, seed, shuffle, mean, std };
  const pace = { ...DEFAULT_PACE, ...options.pace };
  mustBePace(pace);
  const { kernels, onCompile, expectedSteps, selfTest, onSelfTest, notes } = options;
  if (expectedSteps !== undefined) mustBeWholeSetting('expectedSteps', expectedSteps, 1);
  const tests = { selfTest, onSelfTest, notes };
  const graph = trainGraph(net, data.train, settings, optimizer);
  const stepsPerEpoch = Math.ceil(data.train.count / batch);

  const store = new Store(device);
  let session: Session | undefined;
  try {
    const first = statesWith(weights, {
      'train.images': data.train.images,
      'train.labels': data.train.labels,
      guard: Uint32Array.of(ALL_FINITE),
    });
    const states = () => new Map([...first, ['rates', rowsOf(optimizer)]]);
    session = await openTested(store, graph, { ...tests, name: 'train', kernels, onCompile, expectedSteps, states });
    for (const [name, values] of first) store.write(name, values);
    const shared = { store, net, settings, kernels, pace, tests, weights };
    return {
      store,
      session,
      stepsPerEpoch,
      queue: new Queue(session, pace),
      metrics: await MetricsReader.open(store, stepsPerEpoch),
      rates: new Rates(store, optimizer),
      evaluator: new Evaluator(shared, data.test),
      predictor: new Predictor(shared),
    };
  } catch (error) {
    session?.[Symbol.dispose]();
    store[Symbol.dispose]();
    throw error;
  }
}
