import type { Signal } from '@preact/signals-core';
import type { PlanName } from '../protocol/kernels.js';

/** Which plan is shown, and whose text is open. */
export interface KernelChoice {
  readonly plan: Signal<PlanName>;
  /** A dispatch of that plan, 0 for the first. */
  readonly opened: Signal<number | undefined>;
}
