// What lies below the curves of a run: loaded when a person comes near it.

import type { State } from '../state.js';
import { mountSpeed } from './speed.js';

export function mountUnderCurves(place: (id: string) => HTMLElement, state: State): void {
  mountSpeed(place('speed'), state);
}
