import { digits, initialWeights, sgd, type Device, type Net } from '../src/index.js';
import { Session, Store, trainGraph, type CaseOptions } from '../src/lab.js';
import { benchKernels, type KernelRow } from './kernels.js';
import { peaksOf, type PeaksBy, type PeakSubjects } from './peaks.js';
import { fillStates } from './stepStates.js';
import type { Timing, TimingOptions } from './timing.js';

/** A net's training step: its kernels alone, and all of it. */
export interface StepBench {
  readonly net: string;
  readonly batch: number;
  /** As asked; undefined for the plan of a run of the default length. */
  readonly expectedSteps: number | undefined;
  readonly dispatches: number;
  readonly rows: readonly KernelRow[];
  readonly step: Timing;
  readonly peaks: PeaksBy;
}

/** Batches in the data set of these timings. */
const BATCHES = 4;

/**
 * Checks and times every kernel of a net's training step, and the step, in turns.
 * @param expectedSteps length of the run whose plan it is; that of `Trainer.open` by default
 */
export async function benchStep(
  device: Device,
  net: Net,
  batch: number,
  timing: TimingOptions,
  peaks: PeakSubjects,
  expectedSteps?: number,
): Promise<StepBench> {
  const { train } = digits({ train: batch * BATCHES, test: 1, seed: 1 });
  const settings = { batch, seed: 1, shuffle: true, mean: 0.1307, std: 0.3081 };
  const optimizer = sgd();
  const graph = trainGraph(net, train, settings, optimizer);
  const prepare = (store: Store): void => {
    fillStates(store, train, initialWeights(net, 1), (step) => optimizer.row(step, optimizer.rate));
  };
  using store = new Store(device);
  using session = await Session.compile(store, graph, { name: 'train', expectedSteps });
  prepare(store);
  const options: CaseOptions = { prepare, expectedSteps };
  const { rows, others } = await benchKernels(device, graph, options, timing, [session, ...peaks]);
  const [step, ...peakTimes] = others;
  if (step === undefined) throw new Error('the step was not timed');
  return {
    net: net.name,
    batch,
    expectedSteps,
    dispatches: session.plan.dispatches.length,
    rows,
    step,
    peaks: peaksOf(peaks, peakTimes),
  };
}
