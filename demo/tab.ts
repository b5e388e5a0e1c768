// What a run does while nobody sees its tab: it trains on or pauses, as the person chose, and goes on where it was.

import { effect } from '@preact/signals-core';
import type { Connection } from './connection.js';
import type { Away, WhenHidden } from './names.js';
import { hotOf } from './protocol.js';
import { isBusy, type State } from './state.js';

/** The document, as far as this is concerned; `freeze` and `resume` come where a browser stops a hidden tab. */
export interface Tab {
  readonly hidden: boolean;
  addEventListener(type: 'visibilitychange' | 'freeze' | 'resume', listener: () => void): void;
}

/** Holds the run to the choice: see `State.whenHidden`. */
export function watchTab(tab: Tab, state: State, { send }: Connection): void {
  /** The run that was stopped here, and is to go on. */
  let stopped: State['run']['value'];
  const isTraining = () => isBusy(state.phase.peek());
  const stop = (run: Away['run']) => {
    state.away.value = { run, over: false };
    stopped = state.run.peek();
    send({ type: 'pause' });
  };
  const goOn = () => {
    const away = state.away.peek();
    if (away !== undefined) state.away.value = { ...away, over: true };
    const run = stopped;
    stopped = undefined;
    // One that ended before it could pause, or was replaced since, is left as it is.
    if (run === undefined || run !== state.run.peek()) return;
    if (state.phase.peek() !== 'paused' && !isTraining()) return;
    send({ type: 'start', settings: { ...run.settings, ...hotOf(state.settings.peek()) } });
  };

  tab.addEventListener('visibilitychange', () => {
    if (!tab.hidden) goOn();
    else if (!isTraining()) state.away.value = undefined;
    else if (state.whenHidden.peek() === 'pause') stop('paused');
    else state.away.value = { run: 'trained', over: false };
  });
  // The Worker is frozen with its page and reads this when it thaws, at a step's end: nothing is left half-submitted.
  tab.addEventListener('freeze', () => {
    if (isTraining()) stop('frozen');
  });
  tab.addEventListener('resume', () => {
    if (!tab.hidden || state.whenHidden.peek() === 'train') goOn();
  });
}

const KEY = 'weft.whenHidden';

/** Keeps the choice for the next visit. Where the browser keeps nothing, it holds for this one. */
export function rememberChoice(state: State, storage: () => Pick<Storage, 'getItem' | 'setItem'>): void {
  try {
    if (storage().getItem(KEY) === 'pause') state.whenHidden.value = 'pause';
  } catch {
    return;
  }
  effect(() => {
    const choice: WhenHidden = state.whenHidden.value;
    try {
      storage().setItem(KEY, choice);
    } catch {
      // A full or forbidden storage: said nowhere, because nothing of the run is lost.
    }
  });
}
