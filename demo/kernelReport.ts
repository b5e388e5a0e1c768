// All that the chapter Kernels has found out, as plain data.

import { PEERS } from './peers.js';
import { rateOf } from './rate.js';
import type { State } from './state.js';

/** Parts that nobody has asked for are absent. Texts of kernels are left out. */
export function kernelReport(state: State, date: Date): object {
  const { plans, kernelTimes, kernelChecks, tunedKernels } = state;
  return {
    date: date.toISOString(),
    adapter: state.adapter.value,
    settings: state.run.value?.settings,
    plans: plans.value?.plans.map(({ name, scratchBytes, dispatches }) => ({
      name,
      scratchBytes,
      dispatches: dispatches.map((dispatch) => ({ ...dispatch, code: undefined })),
    })),
    // Of another plan they would not belong to the dispatches above.
    times: kernelTimes.value?.plan === plans.value?.plan ? kernelTimes.value : undefined,
    checks: kernelChecks.value,
    tuned: tunedKernels.value,
    rate: rateOf(state),
    peers: PEERS,
  };
}
