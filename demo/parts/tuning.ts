import { effect } from '@preact/signals-core';
import { html, nothing, render, type TemplateResult } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import type { Actions } from '../actions.js';
import { count, percent } from '../format.js';
import type { State } from '../state.js';
import { netTitle } from './netTitle.js';

/** The same in the engine's own words. */
const CODE = `const kept = await trainer.weights();

const next = await Trainer.open({
  device, net, data: mine,
  weights: transferWeights(net, kept).weights,
  groups: [{ match: 'conv*', frozen: true }],
  optimizer: adam({ rate: 1e-4 }),
});`;

/** Keeps the weights of a run, and begins another from them. */
export function mountTuning(host: HTMLElement, state: State, actions: Actions): void {
  effect(() => {
    const t = state.words.value.tuning;
    const kept = state.kept.value;
    render(
      html`<h3>${t.title}</h3>
        <p class="kept" role="status">
          ${
            kept === undefined
              ? t.none
              : t.kept(netTitle(kept.net, state.words.value), count(kept.steps), percent(kept.accuracy))
          }
        </p>
        <button
          type="button"
          id="keep"
          aria-disabled=${state.begun.value ? 'false' : 'true'}
          aria-describedby="keep-reason"
          @click=${() => state.begun.peek() && actions.keep()}
        >
          ${t.keep}
        </button>
        <span id="keep-reason" class="hint">${state.begun.value ? nothing : t.nothing}</span>
        ${beginningOf(state, actions)}
        <details>
          <summary>${t.inCode}</summary>
          <pre translate="no"><code>${CODE}</code></pre>
        </details>`,
      host,
    );
  });
}

const beginningOf = (state: State, actions: Actions): TemplateResult => {
  const t = state.words.value.tuning;
  const settings = state.settings.value;
  const kept = state.kept.value;
  const begins = settings.kept > 0;
  return html`<label class="check">
      <input
        type="checkbox"
        name="kept"
        ?disabled=${kept === undefined}
        .checked=${live(begins)}
        @change=${(event: Event) =>
          actions.change({ kept: (event.target as HTMLInputElement).checked ? (kept?.version ?? 0) : 0 })}
      />
      <span>${t.begin}</span>
      <small>${begins && kept !== undefined && kept.net !== settings.net ? t.other : nothing}</small>
    </label>
    <label class="check">
      <input
        type="checkbox"
        name="frozen"
        ?disabled=${!begins}
        .checked=${live(settings.frozen)}
        @change=${(event: Event) => actions.change({ frozen: (event.target as HTMLInputElement).checked })}
      />
      <span>${t.freeze}</span>
    </label>`;
};
