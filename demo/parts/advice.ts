import { effect } from '@preact/signals-core';
import { html, nothing, render } from 'lit-html';
import type { Actions } from '../actions.js';
import type { Settings } from '../protocol.js';
import type { State } from '../state.js';

/** A bound on the gradients' norm that most nets train well with. */
const CLIP = 1;

/** What to do about a loss that is no number. */
export function mountAdvice(host: HTMLElement, state: State, actions: Actions): void {
  const startWith = (changed: Partial<Settings>) => () => {
    actions.change(changed);
    actions.primary();
  };
  effect(() => {
    host.hidden = state.phase.value !== 'diverged';
    host.classList.toggle('card', !host.hidden);
    if (host.hidden) return;
    const t = state.words.value.advice;
    const { rate, clip } = state.settings.value;
    const less = Number((rate / 10).toPrecision(3));
    render(
      html`<h3>${t.title}</h3>
        <p>${t.why}</p>
        <div class="buttons">
          <button type="button" id="less-rate" @click=${startWith({ rate: less })}>${t.rate(String(less))}</button>
          ${
            clip === 0
              ? html`<button type="button" id="clipped" @click=${startWith({ clip: CLIP })}>
                  ${t.clip(String(CLIP))}
                </button>`
              : nothing
          }
        </div>`,
      host,
    );
  });
}
