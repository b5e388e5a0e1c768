import { signal, type Signal } from '@preact/signals-core';
import type { ScheduleName } from '../protocol.js';
import type { Takers } from './takers.js';

export interface GoingState {
  /** The schedules that somebody looked at: what the rate is multiplied with along a run. */
  readonly shapes: Signal<Readonly<Partial<Record<ScheduleName, readonly number[]>>>>;
}

export const goingState = (): GoingState => ({ shapes: signal({}) });

export const goingTakers: Takers<'shape', GoingState> = {
  shape: (state, { schedule, factors }) => {
    state.shapes.value = { ...state.shapes.peek(), [schedule]: factors };
  },
};
