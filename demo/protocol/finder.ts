// The search for a learning rate: a run of its own, of a hundred steps.

import type { Settings } from './settings.js';

export type FinderRequest =
  /** Looks for a rate for runs of these settings; the run at hand goes on beside it. */
  { readonly type: 'findRate'; readonly settings: Settings } | { readonly type: 'stopFinding' };

/** The loss along rising rates. */
export interface FoundRates {
  readonly settings: Settings;
  readonly rates: readonly number[];
  readonly losses: readonly number[];
  readonly smoothed: readonly number[];
  /** Where the smoothed loss falls fastest; undefined where it does not fall. */
  readonly suggestion: number | undefined;
}

export type FinderReply =
  | { readonly type: 'finding'; readonly finding: boolean }
  | { readonly type: 'found'; readonly found: FoundRates };
