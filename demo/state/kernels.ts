import { signal, type Signal } from '@preact/signals-core';
import type {
  KernelChecks,
  KernelJob,
  KernelsReply,
  KernelTimes,
  ShownPlans,
  TunedKernels,
} from '../protocol/kernels.js';
import type { Takers } from './takers.js';

export interface KernelsState {
  /** Of the run at hand, once they were asked for. */
  readonly plans: Signal<ShownPlans | undefined>;
  /** What has the GPU for itself now. */
  readonly kernelJob: Signal<KernelJob | undefined>;
  readonly kernelTimes: Signal<KernelTimes | undefined>;
  readonly kernelChecks: Signal<KernelChecks | undefined>;
  readonly tunedKernels: Signal<TunedKernels | undefined>;
}

export const kernelsState = (): KernelsState => ({
  plans: signal(undefined),
  kernelJob: signal(undefined),
  kernelTimes: signal(undefined),
  kernelChecks: signal(undefined),
  tunedKernels: signal(undefined),
});

export const kernelsTakers: Takers<KernelsReply['type'], KernelsState> = {
  plans: (state, { plans }) => {
    state.plans.value = plans;
  },
  kernelJob: (state, { job }) => {
    state.kernelJob.value = job;
  },
  kernelTimes: (state, { times }) => {
    state.kernelTimes.value = times;
  },
  kernelChecks: (state, { checks }) => {
    state.kernelChecks.value = checks;
  },
  tunedKernels: (state, { tuned }) => {
    state.tunedKernels.value = tuned;
  },
};
