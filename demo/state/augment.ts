import { signal, type Signal } from '@preact/signals-core';
import type { Augmented } from '../protocol.js';
import type { Takers } from './takers.js';

export interface AugmentState {
  readonly augmented: Signal<Augmented | undefined>;
}

export const augmentState = (): AugmentState => ({ augmented: signal(undefined) });

export const augmentTakers: Takers<'augmented', AugmentState> = {
  augmented: (state, { augmented }) => {
    state.augmented.value = augmented;
  },
};
