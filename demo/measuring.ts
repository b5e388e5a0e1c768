// What has the GPU for itself for a while: a run that trains is paused for it, and goes on when it is done.

import { effect, untracked } from '@preact/signals-core';
import { primaryOf, type Actions } from './actions.js';
import type { KernelDeed } from './protocol/kernels.js';
import { isBusy, type State } from './state.js';

export interface Measuring {
  /** Does nothing while there is a reason against it. */
  begin(does: KernelDeed): void;
  stop(): void;
}

/** Why nothing can be measured now. */
export function reasonAgainstMeasuring(state: State): 'none' | 'busy' | undefined {
  if (state.kernelJob.value !== undefined || state.finding.value) return 'busy';
  const isOpen = state.phase.value !== 'lost' && state.replay.value === undefined;
  return isOpen && state.plans.value !== undefined && state.run.value !== undefined ? undefined : 'none';
}

export function createMeasuring(state: State, actions: Pick<Actions, 'ask' | 'primary'>): Measuring {
  /** The run that was paused for it. */
  let paused: State['run']['value'];
  const goOn = (): void => {
    const run = paused;
    paused = undefined;
    // A run that ended meanwhile, was replaced, or would begin anew with what was changed, is left as it is.
    if (run === undefined || run !== state.run.peek() || state.phase.peek() !== 'paused') return;
    if (primaryOf(state).does === 'start') actions.primary();
  };
  effect(() => {
    if (state.kernelJob.value === undefined) untracked(goOn);
  });
  return {
    begin(does) {
      if (untracked(() => reasonAgainstMeasuring(state)) !== undefined) return;
      if (isBusy(state.phase.peek())) {
        paused = state.run.peek();
        actions.ask({ type: 'pause' });
      }
      actions.ask({ type: 'kernels', does });
    },
    stop: () => actions.ask({ type: 'stopKernels' }),
  };
}
