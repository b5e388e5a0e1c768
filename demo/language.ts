// The language that is spoken: said in the address, so that a page that is sent arrives as it was seen.

import { effect } from '@preact/signals-core';
import type { State } from './state.js';
import { addressIn, languageOf, TAGS } from './text/words.js';

/** Takes the language of the address or of the browser; `<html lang>` and, once someone chose, the address follow. */
export function keepLanguage(state: State): void {
  state.language.value = languageOf(location.search, navigator.languages);
  let chosen = false;
  effect(() => {
    const language = state.language.value;
    document.documentElement.lang = TAGS[language];
    if (chosen) history.replaceState(history.state, '', addressIn(language, location.href));
    chosen = true;
  });
}
