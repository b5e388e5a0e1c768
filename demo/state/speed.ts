import { signal, type Signal } from '@preact/signals-core';
import type { Numbers } from '../protocol/speed.js';
import type { Takers } from './takers.js';

export interface SpeedState {
  /** Undefined before the first steps of a run. */
  readonly numbers: Signal<Numbers | undefined>;
}

export const speedState = (): SpeedState => ({ numbers: signal(undefined) });

export const speedTakers: Takers<'numbers', SpeedState> = {
  numbers: (state, { numbers }) => {
    state.numbers.value = numbers;
  },
};
