import type { Store } from '../engine/store.js';
import type { Kernel } from '../kernels/kernel.js';
import type { Net } from '../nn/net.js';
import type { BatchSettings } from './graphs.js';
import type { PaceLimits } from './pace.js';

/** What every plan over a trainer's Store needs. */
export interface Shared {
  readonly store: Store;
  readonly net: Net;
  readonly settings: BatchSettings;
  /** Instead of the engine's own. */
  readonly kernels: readonly Kernel[] | undefined;
  readonly pace: PaceLimits;
}
