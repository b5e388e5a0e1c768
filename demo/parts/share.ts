import { effect } from '@preact/signals-core';
import { html, nothing, render } from 'lit-html';
import { addressWith } from '../address.js';
import type { State } from '../state.js';
import { createCopying, outcomeOf } from './copying.js';

/** What of `navigator` this asks for; desks have no `share` or a poor one, and there a link is copied. */
interface Sharer {
  readonly maxTouchPoints: number;
  share?(what: { readonly url: string }): Promise<void>;
}

/** Gives away the page's address with the settings of now: by what the device shares with, or to be pasted. */
export function mountShare(button: HTMLElement, host: HTMLElement, state: State, sharer: Sharer): void {
  const copying = createCopying();
  const share = async (): Promise<void> => {
    const url = addressWith(state.settings.peek(), location.href);
    if (sharer.maxTouchPoints > 0 && sharer.share !== undefined) {
      try {
        await sharer.share({ url });
        return;
      } catch (error) {
        // Who closes the list of ways to share wants none of them.
        if (error instanceof DOMException && error.name === 'AbortError') return;
      }
    }
    copying.copy(url);
  };
  button.addEventListener('click', () => void share());
  effect(() => {
    const words = state.words.value;
    const { data, begin, learn } = state.settings.value;
    const isOwn = data === 'files' || begin === 'kept' || learn !== 'set';
    render(
      html`${outcomeOf(copying, words.share.copied, words)}
      ${copying.was.value !== undefined && isOwn ? html`<span class="hint">${words.share.without}</span>` : nothing}`,
      host,
    );
  });
  // What was copied leads to other settings than those of now.
  effect(() => {
    void state.settings.value;
    copying.forget();
  });
}
