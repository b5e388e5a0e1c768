// Where a run begins, the person's own digits, and what they changed. Loaded when a person comes to it.

import type { Actions } from '../actions.js';
import type { State } from '../state.js';
import { mountBeginning } from './beginning.js';
import { mountComparison } from './comparison.js';
import { mountOwn } from './own.js';

export function mountTuned(place: (id: string) => HTMLElement, state: State, actions: Actions): void {
  mountBeginning(place('tuning'), state, actions);
  mountOwn(place('own'), state, actions);
  mountComparison(place('comparison'), state, actions);
}
