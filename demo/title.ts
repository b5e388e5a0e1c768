// The tab's title: how far the run is, for whoever looks at another tab.

import { computed, effect } from '@preact/signals-core';
import { percent } from './format.js';
import type { State } from './state.js';

const PAGE = 'Weft: train a neural net on your GPU';

/** Changes with the state and with epochs, never with a step. */
export function keepTitle(page: { title: string }, state: State): void {
  const title = computed(() => titleOf(state));
  effect(() => {
    page.title = title.value;
  });
}

function titleOf(state: State): string {
  const row = state.epochs.value.at(-1);
  const done = row === undefined ? '' : `, epoch ${row.epoch}: ${percent(row.testAccuracy)}`;
  switch (state.phase.value) {
    case 'training':
      return `▶ Training${done} – Weft`;
    case 'paused':
      return `⏸ ${state.away.value?.over === false ? 'Paused while hidden' : 'Paused'}${done} – Weft`;
    case 'done':
      return `✓ Done${done} – Weft`;
    default:
      return PAGE;
  }
}
