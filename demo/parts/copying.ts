import { signal, type Signal } from '@preact/signals-core';
import { html, nothing, type TemplateResult } from 'lit-html';
import { ref } from 'lit-html/directives/ref.js';
import type { Words } from '../text/en.js';

/** What became of a copy. */
export interface Copying {
  /** The text that the browser would not take, if it would not. */
  readonly was: Signal<{ readonly refused?: string } | undefined>;
  copy(text: string): void;
  /** What was copied is another text now. */
  forget(): void;
}

export function createCopying(): Copying {
  const was: Copying['was'] = signal(undefined);
  return {
    was,
    copy(text) {
      // Absent where the page is not secure, whatever the types say.
      const clipboard: Clipboard | undefined = navigator.clipboard;
      (clipboard === undefined ? Promise.reject(new Error('none')) : clipboard.writeText(text)).then(
        () => (was.value = {}),
        () => (was.value = { refused: text }),
      );
    },
    forget() {
      was.value = undefined;
    },
  };
}

/** What became of it: said, and where the browser refuses, the text to be copied by hand. @param copied what is said of it */
export const outcomeOf = ({ was: { value: was } }: Copying, copied: string, { kernels: t }: Words): TemplateResult =>
  html`<span class="hint" role="status"
      >${was === undefined ? nothing : was.refused === undefined ? copied : t.refused}</span
    >
    ${
      was?.refused === undefined
        ? nothing
        : html`<textarea readonly rows="6" aria-label=${t.text} .value=${was.refused} ${ref(select)}></textarea>`
    }`;

const select = (area: Element | undefined): void => {
  if (!(area instanceof HTMLTextAreaElement)) return;
  area.focus();
  area.select();
};

/** A button that copies a text. */
export const copyButton = (copying: Copying, label: string, textOf: () => string, words: Words): TemplateResult =>
  html`<div class="copying">
    <button type="button" class="copy" @click=${() => copying.copy(textOf())}>${label}</button>
    ${outcomeOf(copying, words.kernels.copied, words)}
  </div>`;
