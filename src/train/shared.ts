import type { TestSettings } from '../engine/openTested.js';
import type { StateData, Store } from '../engine/store.js';
import type { Kernel } from '../kernels/kernel.js';
import type { Net } from '../nn/net.js';
import type { Weights } from '../nn/weights.js';
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
  /** How plans are tested before they are used. */
  readonly tests: TestSettings;
  /** The first weights, which a self-test computes with. */
  readonly weights: Weights;
}

/** Weights and other states, by name: what a self-test begins with. */
export const statesWith = (
  weights: Weights,
  states: Readonly<Record<string, StateData>>,
): ReadonlyMap<string, StateData> =>
  new Map([...[...weights].map(([name, { data }]) => [name, data] as const), ...Object.entries(states)]);
