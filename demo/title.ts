// The tab's title: how far the run is, for whoever looks at another tab.

import { computed, effect } from '@preact/signals-core';
import { percent } from './format.js';
import type { State } from './state.js';

/** Changes with the state and with epochs, never with a step. */
export function keepTitle(page: { title: string }, state: State): void {
  const title = computed(() => titleOf(state));
  effect(() => {
    page.title = title.value;
  });
}

function titleOf(state: State): string {
  const { tabs, title } = state.words.value;
  const row = state.epochs.value.at(-1);
  const done = row === undefined ? '' : tabs.epoch(row.epoch, percent(row.testAccuracy));
  switch (state.phase.value) {
    case 'training':
      return `▶ ${tabs.training}${done} – Weft`;
    case 'paused':
      return `⏸ ${state.away.value?.over === false ? tabs.hidden : tabs.paused}${done} – Weft`;
    case 'done':
      return `✓ ${tabs.done}${done} – Weft`;
    default:
      return title;
  }
}
