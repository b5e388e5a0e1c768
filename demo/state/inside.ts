import { signal, type Signal } from '@preact/signals-core';
import type { Inside, WorkedOut } from '../protocol/inside.js';
import type { Takers } from './takers.js';

export interface InsideState {
  readonly inside: Signal<Inside | undefined>;
  readonly workedOut: Signal<WorkedOut | undefined>;
}

export const insideState = (): InsideState => ({ inside: signal(undefined), workedOut: signal(undefined) });

export const insideTakers: Takers<'inside' | 'workedOut', InsideState> = {
  inside: (state, { inside }) => {
    state.inside.value = inside;
    state.workedOut.value = inside.workedOut;
  },
  workedOut: (state, { workedOut }) => {
    state.workedOut.value = workedOut;
  },
};

/** What was seen of a net that is no more. */
export function forgetInside(state: InsideState): void {
  state.inside.value = undefined;
  state.workedOut.value = undefined;
}
