// Dark or light: the system's choice until a person makes one, which the browser keeps.

import { signal, type Signal } from '@preact/signals-core';

export type Theme = 'light' | 'dark';

const KEY = 'weft.theme';
const DARK = '(prefers-color-scheme: dark)';

/** What the page shows now; set it to choose. */
export interface Themes {
  readonly shown: Signal<Theme>;
  choose(theme: Theme): void;
}

/** Calls after each change of the colours, for whatever is painted with them. */
export function onTheme(call: () => void): void {
  addEventListener(CHANGED, call);
}

const CHANGED = 'weft:theme';

/**
 * Dark colours are a style sheet of their own, and its `media` says when they hold: so the first paint is right before any
 * script runs.
 */
export function keepTheme(sheet: HTMLLinkElement, storage: () => Pick<Storage, 'getItem' | 'setItem'>): Themes {
  const system = matchMedia(DARK);
  let chosen: Theme | undefined;
  try {
    const kept = storage().getItem(KEY);
    if (kept === 'light' || kept === 'dark') chosen = kept;
  } catch {
    // Where the browser keeps nothing, the system chooses.
  }
  const shown = signal<Theme>('light');
  const show = () => {
    shown.value = chosen ?? (system.matches ? 'dark' : 'light');
    sheet.media = chosen === undefined ? DARK : chosen === 'dark' ? 'all' : 'not all';
    document.documentElement.dataset['theme'] = shown.value;
    dispatchEvent(new Event(CHANGED));
  };
  system.addEventListener('change', show);
  show();
  return {
    shown,
    choose(theme) {
      chosen = theme;
      show();
      try {
        storage().setItem(KEY, theme);
      } catch {
        // It holds for this visit.
      }
    },
  };
}
