import { signal, type Signal } from '@preact/signals-core';
import type { Convolved } from '../protocol.js';
import type { Takers } from './takers.js';

export interface ConvolveState {
  readonly convolved: Signal<Convolved | undefined>;
}

export const convolveState = (): ConvolveState => ({ convolved: signal(undefined) });

export const convolveTakers: Takers<'convolved', ConvolveState> = {
  convolved: (state, { convolved }) => {
    state.convolved.value = convolved;
  },
};
