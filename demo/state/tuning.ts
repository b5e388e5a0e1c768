// What the page knows of where a run begins, and of what it changed.

import { signal, type Signal } from '@preact/signals-core';
import type { Settings } from '../protocol/settings.js';
import type { Begun, Kept, Measured } from '../protocol/tuning.js';
import { fitsShipped, normalisationOf, type There } from '../tuning.js';
import { netSummaryOf, type NetState } from './net.js';
import type { OwnState } from './own.js';
import type { Takers } from './takers.js';

export interface TuningState {
  /** The weights that were kept to begin another run from. */
  readonly kept: Signal<Kept | undefined>;
  readonly begunWith: Signal<Begun | undefined>;
  readonly before: Signal<Measured | undefined>;
  readonly after: Signal<Measured | undefined>;
}

export const tuningState = (): TuningState => ({
  kept: signal(undefined),
  begunWith: signal(undefined),
  before: signal(undefined),
  after: signal(undefined),
});

/** Of another run nothing of it holds, but for the kept weights. */
export function forgetTuning(state: TuningState): void {
  state.before.value = undefined;
  state.after.value = undefined;
}

/** What there is now to begin with, and to learn. */
export const thereIn = (state: Pick<TuningState, 'kept'> & Pick<OwnState, 'own'> & NetState): There => ({
  kept: state.kept.peek(),
  own: state.own.peek(),
  fits: fitsShipped(netSummaryOf(state), state.nets.peek()),
});

export const tuningTakers: Takers<
  'kept' | 'begun' | 'measured',
  TuningState & { readonly settings: Signal<Settings> }
> = {
  kept: (state, { kept, use }) => {
    state.kept.value = kept;
    const settings = state.settings.peek();
    // Whoever begins from kept weights means the newest.
    if (settings.begin === 'kept' || use === true) {
      const net = use === true ? kept.net : settings.net;
      state.settings.value = { ...settings, ...normalisationOf(kept), net, begin: 'kept', kept: kept.version };
    }
  },
  begun: (state, { begun }) => {
    state.begunWith.value = begun;
  },
  measured: (state, { when, measured }) => {
    state[when].value = measured;
  },
};
