// What training costs, told at most twice a second.

import type { ProgressState } from '../../src/chart/progress.js';

export interface Numbers {
  /** Where the run stands: for the line that a terminal shows too. */
  readonly progress: ProgressState;
  /** Milliseconds a step, all in all. */
  readonly wallMs: number;
  /** Of them on the CPU, to record and submit it. */
  readonly encodeMs: number | undefined;
  /** And on the GPU by its own clock; undefined while it was not asked, and where it has none. */
  readonly gpuMs: number | undefined;
  /** Whether the GPU has a clock for us. */
  readonly clocked: boolean;
  /** On the GPU, of all that the page holds there. */
  readonly bytes: number;
  readonly dispatchesPerStep: number;
  /** Of everything that was asked of the GPU of late, a pad's answers and evaluations too. */
  readonly submitsPerStep: number;
}

export interface NumbersReply {
  readonly type: 'numbers';
  readonly numbers: Numbers;
}
