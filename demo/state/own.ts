// What the page knows of the person's own digits.

import { signal, type Signal } from '@preact/signals-core';
import type { OwnDigits } from '../protocol/own.js';
import type { Settings } from '../protocol/settings.js';
import type { Takers } from './takers.js';

export interface OwnState {
  /** Undefined until they are asked for. */
  readonly own: Signal<OwnDigits | undefined>;
  /** What the net takes each for, by their ids. */
  readonly ownAnswers: Signal<ReadonlyMap<number, number>>;
}

export const ownState = (): OwnState => ({ own: signal(undefined), ownAnswers: signal(new Map()) });

export const ownTakers: Takers<'own' | 'ownAnswers', OwnState & { readonly settings: Signal<Settings> }> = {
  own: (state, { own }) => {
    state.own.value = own;
    const settings = state.settings.peek();
    // Whoever has them learned means all that there are.
    if (settings.learn !== 'set') state.settings.value = { ...settings, own: own.version };
  },
  ownAnswers: (state, { answers }) => {
    state.ownAnswers.value = answers;
  },
};

/** How many there are of each digit. */
export function countsOf(own: OwnDigits | undefined): number[] {
  const counts = new Array<number>(10).fill(0);
  for (const label of own?.labels ?? []) counts[label] = (counts[label] ?? 0) + 1;
  return counts;
}
