// What happened on the page, and when: the drawer of the log shows it.

import { effect, signal, untracked, type ReadonlySignal } from '@preact/signals-core';
import type { EpochRow, Fault, Phase, Settings } from './protocol.js';
import type { State } from './state.js';
import { settingsAtHand } from './state/train.js';

/** As data: it is said in the language of the page. */
export type Happened =
  | { readonly what: 'phase'; readonly phase: Phase }
  /** A run took its first step, with these settings. */
  | { readonly what: 'run'; readonly settings: Settings }
  | { readonly what: 'epoch'; readonly row: EpochRow }
  | { readonly what: 'fault'; readonly fault: Fault };

export type LogLine = Happened & {
  /** Milliseconds since 1970. */
  readonly at: number;
};

/** Of more lines the oldest go. */
export const MOST_LINES = 500;

/** Writes down each phase, run, epoch and fault as it comes; never steps. */
export function keepLog(state: State, now: () => number): ReadonlySignal<readonly LogLine[]> {
  const lines = signal<readonly LogLine[]>([]);
  const write = (...news: readonly Happened[]) => {
    if (news.length === 0) return;
    const at = now();
    lines.value = [...lines.peek(), ...news.map((one) => ({ ...one, at }))].slice(-MOST_LINES);
  };
  effect(() => {
    write({ what: 'phase', phase: state.phase.value });
  });
  effect(() => {
    if (state.begun.value) write({ what: 'run', settings: untracked(() => settingsAtHand(state)) });
  });
  let known: readonly EpochRow[] = [];
  effect(() => {
    const rows = state.epochs.value;
    write(...rows.filter((row) => !known.includes(row)).map((row): Happened => ({ what: 'epoch', row })));
    known = rows;
  });
  let said: readonly Fault[] = [];
  effect(() => {
    const faults = state.faults.value;
    write(...faults.filter((fault) => !said.includes(fault)).map((fault): Happened => ({ what: 'fault', fault })));
    said = faults;
  });
  return lines;
}
