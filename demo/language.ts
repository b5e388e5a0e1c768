// The language that is spoken: said in the address, so that a page that is sent arrives as it was seen.

import { batch, effect } from '@preact/signals-core';
import type { State } from './state.js';
import { addressIn, loadWords, TAGS, type Language } from './text/words.js';

/** Changes the language when its words are here. Of two asked for in a row, the later one stays. */
export async function speak(state: State, language: Language): Promise<void> {
  asked = language;
  const words = await loadWords(language);
  if (asked !== language) return;
  batch(() => {
    state.words.value = words;
    state.language.value = language;
  });
}

let asked: Language | undefined;

/** `<html lang>` follows the language, and so does the address once someone chose. */
export function keepLanguage(state: State): void {
  let chosen = false;
  effect(() => {
    const language = state.language.value;
    document.documentElement.lang = TAGS[language];
    if (chosen) history.replaceState(history.state, '', addressIn(language, location.href));
    chosen = true;
  });
}
