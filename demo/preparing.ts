// What is made ready before anyone asks: when the page opens, and again when a setting changes that needs other shaders.

import { effect } from '@preact/signals-core';
import { reasonAgainst } from './actions.js';
import type { Connection } from './connection.js';
import { sameRun, type Settings } from './protocol.js';
import type { State } from './state.js';

/** A person who goes through a list stops for so long at what they chose. */
const SETTLED_MS = 250;

/** The settings of a run that should be made ready now; undefined: none. A run that has begun is never given up for it. */
export function toPrepare(state: State): Settings | undefined {
  const phase = state.phase.value;
  const settings = state.settings.value;
  if (state.adapter.value === undefined || !(phase === 'booting' || phase === 'ready')) return undefined;
  const run = state.run.value;
  if (state.begun.value || (run !== undefined && sameRun(run.settings, settings))) return undefined;
  return reasonAgainst(state, 'ready') === undefined ? settings : undefined;
}

/** An address or a person may mean MNIST: from this browser's cache it costs nothing, so nobody has to ask for it. */
export function keepMnist(state: State, { send }: Connection): void {
  let asked = false;
  effect(() => {
    const wanted = state.settings.value.data === 'mnist' && state.data.value.mnist === undefined;
    if (asked || !wanted || !state.mnistKept.value) return;
    asked = true;
    send({ type: 'fetchMnist' });
  });
}

/** Asks the Worker for it, once for each choice: what it could not make ready is not asked for again and again. */
export function keepPrepared(state: State, { send }: Connection): void {
  let asked: Settings | undefined;
  let waiting: ReturnType<typeof setTimeout> | undefined;
  const ask = () => {
    const settings = toPrepare(state);
    if (settings === undefined || (asked !== undefined && sameRun(asked, settings))) return;
    asked = settings;
    send({ type: 'prepare', settings });
  };
  effect(() => {
    clearTimeout(waiting);
    if (state.run.value !== undefined || state.phase.value === 'lost') asked = undefined;
    if (toPrepare(state) === undefined) return;
    if (state.phase.value === 'booting') ask();
    else waiting = setTimeout(ask, SETTLED_MS);
  });
}
