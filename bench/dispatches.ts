// The dispatches of a training step, each by itself: laid end to end they are the step's timeline.

import type { Dataset, Device, Optimizer, Weights } from '../src/index.js';
import { Session, Store, type Plan } from '../src/lab.js';
import { GpuClock } from './gpuClock.js';
import { openPeaks, peaksOf, type Peaks } from './peaks.js';
import { fillStates } from './stepStates.js';
import { timeInTurns, type Subject, type TimingOptions } from './timing.js';

export interface DispatchTimes {
  /** `gpu`: timestamps of the GPU; `wall`: this process's clock, with the way there and back. */
  readonly clock: 'gpu' | 'wall';
  /** Milliseconds of each dispatch, in the plan's order: the least of the blocks. */
  readonly dispatches: readonly number[];
  /** Milliseconds of a whole step, its dispatches in one pass. */
  readonly step: number;
  /** From times of the same run. */
  readonly peaks: Peaks;
}

export interface StepInputs {
  readonly train: Dataset;
  readonly weights: Weights;
  readonly optimizer: Optimizer;
}

/** So small that a dispatch that is repeated thousands of times leaves finite weights. */
const NO_RATE = 1e-12;

/**
 * Times every dispatch of a training plan, the step, and the adapter's peaks, in turns, on states of their own: a trainer
 * that has the same plan is left as it is. A dispatch is repeated within one pass until it fills a block, because
 * browsers round the GPU's clock.
 *
 * @throws EngineError 'limit' where a second copy of the data and the states does not fit
 */
export async function timeDispatches(
  device: Device,
  plan: Plan,
  { train, weights, optimizer }: StepInputs,
  timing: Omit<TimingOptions, 'clock' | 'fromSubmit'>,
): Promise<DispatchTimes> {
  using store = new Store(device);
  using session = await Session.open(store, plan);
  fillStates(store, train, weights, (step) => optimizer.row(step, NO_RATE));
  using clock = await GpuClock.open(device);
  const peaks = await openPeaks(device);
  try {
    const each = plan.dispatches.map((_, position): Subject => {
      return { run: (times) => session.runOne(position, times), idle: () => device.idle() };
    });
    const options = { ...timing, fromSubmit: device.profile.dialect === 'gpu', clock };
    const [step, ...others] = await timeInTurns([session, ...each, ...peaks], options);
    return {
      clock: clock === undefined ? 'wall' : 'gpu',
      dispatches: others.slice(0, each.length).map(({ wall }) => wall.min),
      step: step?.wall.min ?? NaN,
      peaks: peaksOf(peaks, others.slice(each.length)).wall,
    };
  } finally {
    for (const peak of peaks) peak[Symbol.dispose]();
  }
}
