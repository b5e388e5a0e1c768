// What the images of the chosen source are like, once there are any. Loaded when a person comes to it.

import { effect } from '@preact/signals-core';
import type { Actions } from '../actions.js';
import type { State } from '../state.js';
import { mountAugmentation } from './augmentation.js';
import { mountBalance } from './balance.js';
import { mountNormalise } from './normalise.js';

export function mountExamined(place: (id: string) => HTMLElement, state: State, actions: Actions): void {
  keepExamined(state, actions);
  mountNormalise(place('normalise'), state, actions);
  mountAugmentation(place('augmentation'), state, actions);
  mountBalance(place('balance'), state);
}

/** Asks for the numbers of each set once. */
function keepExamined(state: State, actions: Actions): void {
  let asked = '';
  effect(() => {
    const { data: kind } = state.settings.value;
    const version = state.data.value[kind]?.version;
    const key = `${kind} ${version}`;
    if (version === undefined || state.examined.value[kind]?.version === version || asked === key) return;
    asked = key;
    actions.ask({ type: 'examine', kind });
  });
}
