// The chapter Kernels: loaded when a person comes near.

import '../styles/kernels.css';
import '../styles/kernelText.css';
import '../styles/kernelTimes.css';
import { effect, signal } from '@preact/signals-core';
import type { Actions } from '../actions.js';
import { createMeasuring } from '../measuring.js';
import type { State } from '../state.js';
import type { KernelChoice } from './kernelChoice.js';
import { mountKernelCheck } from './kernelCheck.js';
import { mountKernelPlan } from './kernelPlan.js';
import { mountKernelRates } from './kernelRates.js';
import { mountKernelReport } from './kernelReport.js';
import { mountKernelTimes } from './kernelTimes.js';
import { mountKernelTune } from './kernelTune.js';

/** How many plans a run comes to have. */
const PLANS = 3;

export function mountKernels(place: (id: string) => HTMLElement, state: State, actions: Actions): void {
  const measuring = createMeasuring(state, actions);
  const choice: KernelChoice = { plan: signal('train'), opened: signal(undefined) };
  keepPlans(state, actions);
  mountKernelPlan(place('kernel-plan'), state, choice);
  mountKernelTimes(place('kernel-times'), state, measuring, choice);
  mountKernelCheck(place('kernel-check'), state, measuring);
  mountKernelTune(place('kernel-tune'), state, measuring, actions);
  mountKernelRates(place('kernel-rates'), state);
  mountKernelReport(place('kernel-report'), state);
}

/** Asks for the plans of each run; again while those are missing that are compiled when they are first wanted. */
function keepPlans(state: State, actions: Actions): void {
  let asked: State['run']['value'];
  effect(() => {
    const [run] = [state.run.value, state.phase.value];
    if (run === undefined) return;
    const missing = (state.plans.peek()?.plans.length ?? 0) < PLANS;
    if (run === asked && !missing) return;
    asked = run;
    actions.ask({ type: 'plans' });
  });
}
