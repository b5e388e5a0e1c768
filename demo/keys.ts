// Keys for the whole page; they are listed at its end.

import type { Actions } from './actions.js';
import { CHAPTERS } from './names.js';
import type { State } from './state.js';
import { LANGUAGES } from './text/words.js';

/** What a key does; undefined: nothing here. `1` to `5` are the chapters. */
export type KeyDeed = 'primary' | 'draw' | 'clear' | 'language' | { readonly chapter: string };

/** By the character that is typed, whatever the layout. */
export function deedOf(key: string): KeyDeed | undefined {
  const chapter = /^\d$/.test(key) ? CHAPTERS[Number(key) - 1] : undefined;
  if (chapter !== undefined) return { chapter };
  return ({ ' ': 'primary', d: 'draw', c: 'clear', l: 'language' } as const)[key.toLowerCase()];
}

/** Listens where no one writes or chooses: not in fields, and a space on a button presses that button. */
export function listenToKeys(state: State, actions: Actions): void {
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.repeat) return;
    const at = event.target instanceof Element ? event.target : document.body;
    if (at.closest('input, select, textarea, canvas') !== null) return;
    const deed = deedOf(event.key);
    if (deed === undefined || (deed === 'primary' && at.closest('button, a, summary, [tabindex="0"]') !== null)) return;
    event.preventDefault();
    act(deed, state, actions);
  });
}

function act(deed: KeyDeed, state: State, actions: Actions): void {
  if (deed === 'primary') document.querySelector<HTMLElement>('#primary')?.click();
  else if (deed === 'clear') document.querySelector<HTMLElement>('#clear')?.click();
  else if (deed === 'draw') document.querySelector<HTMLElement>('#sheet')?.focus();
  else if (deed === 'language') {
    const next = (LANGUAGES.indexOf(state.language.peek()) + 1) % LANGUAGES.length;
    actions.speak(LANGUAGES[next] ?? 'en');
  } else {
    const chapter = document.getElementById(deed.chapter);
    chapter?.scrollIntoView();
    // So that the next Tab goes on from there.
    chapter?.focus({ preventScroll: true });
    history.replaceState(history.state, '', `#${deed.chapter}`);
  }
}
