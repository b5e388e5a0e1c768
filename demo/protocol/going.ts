// What a person changes in a run while it goes, and step by step.

import type { Hot, ScheduleName, Settings } from './settings.js';

export type GoingRequest =
  /** One step, and a pause: of the run at hand, or of a new one. */
  | { readonly type: 'step'; readonly settings: Settings }
  /** From the next submit on. */
  | { readonly type: 'hot'; readonly hot: Hot }
  /** How a schedule goes along a run. */
  | { readonly type: 'shape'; readonly schedule: ScheduleName };

export interface GoingReply {
  readonly type: 'shape';
  readonly schedule: ScheduleName;
  /** What the rate is multiplied with, from the beginning of a run to its end. */
  readonly factors: readonly number[];
}
