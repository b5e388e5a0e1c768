import type { KernelJob } from '../protocol/kernels.js';

/** How a deed says how far it is, and hears that it is to end. */
export interface KernelWatch {
  readonly signal: AbortSignal;
  /** @throws the signal's reason once it is aborted */
  tell(job: Omit<KernelJob, 'does'>): void;
}
