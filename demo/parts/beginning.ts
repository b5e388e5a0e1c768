import { effect } from '@preact/signals-core';
import { html, nothing, render, type TemplateResult } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import type { Actions } from '../actions.js';
import { count, percent } from '../format.js';
import type { Begin } from '../protocol.js';
import type { State } from '../state.js';
import { thereIn } from '../state/tuning.js';
import { netSummaryOf } from '../state/net.js';
import { beginning, toggled } from '../tuning.js';
import { netTitle } from './netTitle.js';

/** The same in the engine's own words. */
const CODE = `const kept = await trainer.weights(); // or: await pretrained()

const next = await Trainer.open({
  device, net, data: mine,
  weights: transferWeights(net, kept).weights,
  groups: [{ match: 'conv*', frozen: true }],
  optimizer: adam({ rate: 3e-4 }),
});`;

/** Which weights a run begins with, and which of them stay as they are. */
export function mountBeginning(host: HTMLElement, state: State, actions: Actions): void {
  effect(() => {
    const t = state.words.value.tuning;
    render(
      html`<fieldset class="choices" ?disabled=${state.fixed.value}>
          <legend class="visually-hidden">${t.title}</legend>
          ${choiceOf('random', nothing, state, actions)} ${choiceOf('pretrained', t.shipped, state, actions)}
          ${choiceOf('kept', keptOf(state), state, actions)}
        </fieldset>
        <button
          type="button"
          id="keep"
          aria-disabled=${state.begun.value && !state.fixed.value ? 'false' : 'true'}
          aria-describedby="keep-reason"
          @click=${() => state.begun.peek() && !state.fixed.peek() && actions.ask({ type: 'keep' })}
        >
          ${t.keep}
        </button>
        <span id="keep-reason" class="hint">${state.begun.value ? nothing : t.nothing}</span>
        ${freezingOf(state, actions)}
        <details>
          <summary>${t.inCode}</summary>
          <pre translate="no"><code>${CODE}</code></pre>
        </details>`,
      host,
    );
  });
}

function choiceOf(begin: Begin, hint: unknown, state: State, actions: Actions): TemplateResult {
  const settings = state.settings.value;
  const chosen = settings.begin === begin;
  const none = begin === 'kept' && state.kept.value === undefined;
  return html`<label class="check">
    <input
      type="radio"
      name="begin"
      value=${begin}
      ?disabled=${none}
      .checked=${live(chosen)}
      @change=${() => actions.change(beginning(begin, state.settings.peek(), thereIn(state)))}
    />
    <span>${state.words.value.tuning.begins[begin]}</span>
    ${hint === nothing ? nothing : html`<small class=${begin}>${hint}</small>`}
    ${chosen && begin !== 'random' ? html`<small class="begun" role="status">${begunOf(state)}</small>` : nothing}
  </label>`;
}

function keptOf(state: State): string {
  const t = state.words.value;
  const kept = state.kept.value;
  if (kept === undefined) return t.tuning.none;
  return t.tuning.kept(netTitle(kept.net, t), count(kept.steps), percent(kept.accuracy));
}

/** What became of the given weights in this net; nothing to say where all of them are taken. */
function begunOf(state: State): string {
  const t = state.words.value.tuning;
  const { taken, fresh } = state.begunWith.value ?? { taken: [], fresh: [] };
  const isOfIt = state.run.value?.settings.net === state.settings.value.net;
  return isOfIt && fresh.length > 0 ? t.partly(taken.join(', '), fresh.join(', ')) : '';
}

function freezingOf(state: State, actions: Actions): TemplateResult {
  const t = state.words.value.tuning;
  const { net, frozen, begin } = state.settings.value;
  // A recorded run may be of before nets had them.
  const modules = netSummaryOf(state)?.modules ?? [];
  const isFrozen = (name: string) => frozen.split(' ').includes(name);
  const [still, all] = [modules.filter(({ name }) => isFrozen(name)), modules].map((some) =>
    some.reduce((sum, { parameters }) => sum + parameters, 0),
  );
  const learning = modules.filter(({ name }) => !isFrozen(name));
  return html`<fieldset class="freezing" data-net=${net} ?disabled=${begin === 'random' || state.fixed.value}>
    <legend>${t.freeze}</legend>
    <div class="layer-checks">
      ${modules.map(
        ({ name, parameters }) =>
          html`<label class="check">
            <input
              type="checkbox"
              name="frozen"
              value=${name}
              ?disabled=${learning.length === 1 && learning[0]?.name === name}
              .checked=${live(isFrozen(name))}
              @change=${(event: Event) =>
                actions.change({
                  frozen: toggled(state.settings.peek().frozen, name, (event.target as HTMLInputElement).checked),
                })}
            />
            <code translate="no">${name}</code>
            <small>${t.parameters(count(parameters))}</small>
          </label>`,
      )}
    </div>
    <p class="hint">${begin === 'random' ? t.freezeNone : t.frozen(count(still ?? 0), count(all ?? 0))}</p>
  </fieldset>`;
}
