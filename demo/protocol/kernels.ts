// The kernels of the run at hand: what it is compiled to, how long each takes, whether each is right, which is fastest.

/** What keeps the GPU for itself for a while. */
export type KernelDeed = 'time' | 'check' | 'tune';

export type KernelsRequest =
  /** What the run at hand is compiled to. */
  | { readonly type: 'plans' }
  /** Waits until the run has paused, and leaves it as it is. */
  | { readonly type: 'kernels'; readonly does: KernelDeed }
  /** Breaks off what goes on; nothing of it is kept. */
  | { readonly type: 'stopKernels' };

/** One dispatch. */
export interface ShownDispatch {
  /** Name of its entry point. */
  readonly kernel: string;
  readonly variant: string;
  /** The ops that it computes. */
  readonly covers: string;
  /** Workgroups along three axes. */
  readonly groups: readonly [number, number, number];
  /** Of the mathematics; a multiply-add is two. */
  readonly flops: number;
  /** Read and written, each once. */
  readonly bytes: number;
  /** WGSL. */
  readonly code: string;
}

/** `predict` takes 16 images at once, `evaluate` and `train` a batch. */
export type PlanName = 'train' | 'evaluate' | 'predict';

export interface ShownPlan {
  readonly name: PlanName;
  readonly dispatches: readonly ShownDispatch[];
  /** Of results within a step. */
  readonly scratchBytes: number;
}

/** Which run something was found out about. */
export interface KernelSubject {
  /** Counts different plans of training: runs of the same plan have the same number. */
  readonly plan: number;
  /** As in `Settings`. */
  readonly net: string;
  readonly batch: number;
}

export interface ShownPlans extends KernelSubject {
  readonly plans: readonly ShownPlan[];
}

/** What goes on. */
export interface KernelJob {
  readonly does: KernelDeed;
  readonly stage: 'waiting' | 'compiling' | 'timing' | 'checking' | 'tuning' | 'comparing';
  /** The plan that is compiled or checked. */
  readonly plan?: PlanName;
  /** Of this stage; 0 of 0 where it cannot be counted. */
  readonly done: number;
  readonly total: number;
}

export interface KernelTimes extends KernelSubject {
  /** The GPU's own clock, or the Worker's, which counts the way there and back. */
  readonly clock: 'gpu' | 'wall';
  /** Milliseconds of each dispatch of the training step, in order. */
  readonly dispatches: readonly number[];
  /** Of the step, as a whole. */
  readonly step: number;
  /** The adapter's most in the same minute: multiply-adds, and a copy. In billions a second. */
  readonly peaks: { readonly gflops: number; readonly gbytes: number };
}

export interface KernelCheck {
  readonly kernel: string;
  readonly variant: string;
  readonly covers: string;
  readonly passed: boolean;
  /** Elements that were compared with the formula. */
  readonly samples: number;
  /** The largest error beside its bound, and that bound; NaN for what is no number. */
  readonly error: number;
  readonly bound: number;
  /** Their quotient: right up to 1. */
  readonly worst: number;
  /** Where that was, in the engine's words. */
  readonly where: string;
}

export interface CheckedPlan {
  readonly name: PlanName;
  /** Those that are wrong come first. */
  readonly kernels: readonly KernelCheck[];
  /** Kernels that could not be looked at, because a test computes them otherwise. */
  readonly unchecked: number;
  /** Why nothing was tested; in the engine's words. */
  readonly untested?: string;
}

export interface KernelChecks extends KernelSubject {
  readonly plans: readonly CheckedPlan[];
  readonly seconds: number;
}

export interface TunedKernel {
  readonly kernel: string;
  readonly covers: string;
  /** How often the step has it. */
  readonly count: number;
  /** The default first; `ms` is absent where it is wrong or has no rival. */
  readonly variants: readonly { readonly name: string; readonly ms?: number; readonly wrong?: string }[];
  readonly chosen: string | undefined;
}

export interface TunedStep {
  /** Each kernel's default, or its winner. */
  readonly base: 'default' | 'tuned';
  /** Kernels that this plan does without; none: ''. */
  readonly without: string;
  readonly dispatches: number;
  readonly ms?: number;
  readonly chosen: boolean;
}

export interface TunedKernels extends KernelSubject {
  readonly kernels: readonly TunedKernel[];
  readonly steps: readonly TunedStep[];
  readonly seconds: number;
}

export type KernelsReply =
  | { readonly type: 'plans'; readonly plans: ShownPlans }
  /** Undefined: nothing goes on any more. */
  | { readonly type: 'kernelJob'; readonly job: KernelJob | undefined }
  | { readonly type: 'kernelTimes'; readonly times: KernelTimes }
  | { readonly type: 'kernelChecks'; readonly checks: KernelChecks }
  | { readonly type: 'tunedKernels'; readonly tuned: TunedKernels };
