// What lies below the curves of a run: loaded when a person comes near it.

import type { Actions } from '../actions.js';
import type { State } from '../state.js';
import { mountCurveTable } from './curveTable.js';
import { mountFinder } from './finder.js';
import { mountSpeed } from './speed.js';

export function mountUnderCurves(place: (id: string) => HTMLElement, state: State, actions: Actions): void {
  mountCurveTable(place('curve-table'), state);
  mountFinder(place('finder'), state, actions);
  mountSpeed(place('speed'), state);
}
