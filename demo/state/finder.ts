import { signal, type Signal } from '@preact/signals-core';
import type { FoundRates } from '../protocol/finder.js';
import type { Takers } from './takers.js';

export interface FinderState {
  /** A search goes on. */
  readonly finding: Signal<boolean>;
  readonly found: Signal<FoundRates | undefined>;
}

export const finderState = (): FinderState => ({ finding: signal(false), found: signal(undefined) });

export const finderTakers: Takers<'finding' | 'found', FinderState> = {
  finding: (state, { finding }) => {
    state.finding.value = finding;
  },
  found: (state, { found }) => {
    state.found.value = found;
  },
};
