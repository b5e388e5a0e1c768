// What the net makes of the test images. Loaded when a person comes to it.

import type { Actions } from '../actions.js';
import type { State } from '../state.js';
import { mountMatrix } from './matrix.js';
import { mountMistakes } from './mistakes.js';
import { mountScores } from './scores.js';

export function mountEvaluated(place: (id: string) => HTMLElement, state: State, actions: Actions): void {
  mountMatrix(place('matrix'), state, actions);
  mountMistakes(place('mistakes'), state, actions);
  mountScores(place('scores'), state);
}
