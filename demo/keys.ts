// Keys for the whole page; `?` lists them.

import type { Actions } from './actions.js';
import { CHAPTERS, type KeyDeed } from './names.js';
import type { State } from './state.js';
import { LANGUAGES } from './text/words.js';

/** In the order in which they are listed. By the character that is typed, whatever the layout. */
export const KEYS: readonly { readonly shown: string; readonly does: KeyDeed }[] = [
  { shown: `1–${CHAPTERS.length}`, does: 'chapter' },
  { shown: ' ', does: 'primary' },
  { shown: 'S', does: 'step' },
  { shown: 'R', does: 'reset' },
  { shown: 'E', does: 'evaluate' },
  { shown: '/', does: 'settings' },
  { shown: 'D', does: 'draw' },
  { shown: 'C', does: 'clear' },
  { shown: 'L', does: 'language' },
  { shown: 'T', does: 'theme' },
  { shown: '`', does: 'log' },
  { shown: '?', does: 'help' },
];

/** What a key does here; undefined: nothing. */
export function deedOf(key: string): { readonly does: KeyDeed; readonly chapter?: string } | undefined {
  const chapter = /^\d$/.test(key) ? CHAPTERS[Number(key) - 1] : undefined;
  if (chapter !== undefined) return { does: 'chapter', chapter };
  const found = KEYS.find(({ shown }) => shown === key.toUpperCase());
  return found && { does: found.does };
}

/** Listens where no one writes or chooses: not in fields, and a space on a button presses that button. */
export function listenToKeys(state: State, actions: Actions): void {
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.repeat) return;
    const at = event.target instanceof Element ? event.target : document.body;
    if (at.closest('input, select, textarea, canvas, dialog') !== null) return;
    const deed = deedOf(event.key);
    if (deed === undefined) return;
    if (deed.does === 'primary' && at.closest('button, a, summary, [tabindex="0"]') !== null) return;
    event.preventDefault();
    if (deed.chapter !== undefined) goTo(deed.chapter);
    else if (deed.does === 'evaluate') goTo('evaluate');
    else if (deed.does === 'language') speakNext(state, actions);
    else if (deed.does !== 'chapter') use(deed.does);
  });
}

/** What a key does by way of the page: it presses what lies there, or goes to it. */
function use(deed: 'primary' | 'step' | 'reset' | 'settings' | 'draw' | 'clear' | 'theme' | 'log' | 'help'): void {
  const find = (selector: string) => document.querySelector<HTMLElement>(selector);
  if (deed === 'draw') find('#sheet')?.focus();
  else if (deed === 'settings') find('#controls select, #controls input')?.focus();
  else find(`#${deed}`)?.click();
}

function speakNext(state: State, actions: Actions): void {
  const next = (LANGUAGES.indexOf(state.language.peek()) + 1) % LANGUAGES.length;
  actions.speak(LANGUAGES[next] ?? 'en');
}

function goTo(name: string): void {
  const chapter = document.getElementById(name);
  chapter?.scrollIntoView();
  // So that the next Tab goes on from there.
  chapter?.focus({ preventScroll: true });
  history.replaceState(history.state, '', `#${name}`);
}
