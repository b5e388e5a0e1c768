// One plan of a training step, from nothing to its speed: for a page and for Node alike.

import { nets, type Device } from '../../src/index.js';
import { rateOfSteps, type StepRate } from '../rates.js';

/** Which plan is measured, and how. */
export interface PlanTask {
  readonly net: string;
  readonly batch: number;
  /** Length of the run that the plan is chosen for. */
  readonly expectedSteps: number;
  readonly blockMs: number;
  /** Blocks of steps whose rate is taken. */
  readonly rounds: number;
}

/** A plan as it did in a page or process of its own. */
export interface MeasuredPlan extends PlanTask {
  readonly adapter: string;
  readonly dialect: string;
  /** Seconds from the start of the page or process to the end of the first step. */
  readonly firstStepS: number;
  readonly rate: StepRate;
}

/** To be called once, in a page or process that has compiled nothing yet. */
export async function measurePlan(device: Device, task: PlanTask): Promise<MeasuredPlan> {
  const net = nets[task.net];
  if (net === undefined) throw new Error(`no net ${task.net}`);
  // The clock of a page begins with its navigation, that of a process with the process.
  let firstStepS = NaN;
  const onFirstStep = (): void => void (firstStepS = performance.now() / 1000);
  const rate = await rateOfSteps(device, net(), { ...task, onFirstStep });
  const { adapter, dialect } = device.profile;
  return { ...task, adapter: adapter.description, dialect, firstStepS, rate };
}
