import { effect } from '@preact/signals-core';
import { html, render, type TemplateResult } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import type { Actions } from '../actions.js';
import { takeDrops } from '../dropping.js';
import { count, megabytes } from '../format.js';
import type { DataKind, DataSummary } from '../protocol.js';
import type { State } from '../state.js';
import { prose } from './prose.js';

const IMAGES = [2000, 20_000, 60_000];

/** Where the images come from. Choosing a source downloads nothing; its own button does. */
export function mountData(host: HTMLElement, state: State, actions: Actions): void {
  takeDrops(host, state, actions);
  effect(() => {
    render(dataOf(state, actions), host);
  });
}

const dataOf = (state: State, actions: Actions): TemplateResult => {
  const t = state.words.value;
  const chosen = state.settings.value.data;
  const panel = (kind: DataKind, body: unknown) =>
    html`<div class="source" data-source=${kind} ?inert=${kind !== chosen} ?data-chosen=${kind === chosen}>
      ${body}
    </div>`;
  return html`<fieldset class="data" ?disabled=${state.fixed.value}>
    <legend>${t.source}</legend>
    <div class="segments">
      ${Object.entries(t.sources).map(
        ([kind, label]) =>
          html`<label>
            <input
              type="radio"
              name="data"
              value=${kind}
              .checked=${live(kind === chosen)}
              @change=${() => actions.change({ data: kind as DataKind })}
            /><span>${label}</span>
          </label>`,
      )}
    </div>
    <div class="sources">
      ${panel('digits', digitsOf(state, actions))} ${panel('mnist', mnistOf(state, actions))}
      ${panel('files', filesOf(state, actions))}
    </div>
  </fieldset>`;
};

const digitsOf = (state: State, actions: Actions): TemplateResult => {
  const t = state.words.value;
  const software = state.adapter.value?.fallback === true;
  return html`<label class="inline">
      <select
        name="images"
        aria-label=${t.howMany}
        @change=${(event: Event) => actions.change({ images: Number((event.target as HTMLSelectElement).value) })}
      >
        ${IMAGES.map(
          (images) =>
            html`<option value=${images} .selected=${live(images === state.settings.value.images)}>
              ${t.images(count(images))}
            </option>`,
        )}
      </select>
    </label>
    <p class="hint ${software ? 'warning' : ''}">${software ? t.slow : t.generated}</p>`;
};

const mnistOf = (state: State, actions: Actions): TemplateResult => {
  const t = state.words.value;
  const arriving = state.arriving.value;
  const here = state.data.value.mnist;
  const kept = state.mnistKept.value;
  return html`${
      arriving !== undefined
        ? html`<div class="arriving">
            <progress aria-label=${t.download} max=${Math.max(1, arriving.total)} .value=${arriving.bytes}></progress>
            <span>${t.arrived(megabytes(arriving.bytes), megabytes(arriving.total))}</span>
            <button type="button" @click=${() => actions.cancelFetch()}>${t.cancel}</button>
          </div>`
        : here !== undefined
          ? html`<p class="here">${sizesOf(here, state)} · ${t.checked}</p>`
          : html`<button type="button" id="fetch-mnist" @click=${() => actions.fetchMnist()}>
              ${kept ? t.fetchKept : t.fetch}
            </button>`
    }
    <p class="hint">
      ${t.credit}
      <a href="https://creativecommons.org/licenses/by-sa/3.0/" rel="noreferrer" target="_blank">${t.licence}</a>.
      ${t.mirrors}
    </p>`;
};

const filesOf = (state: State, actions: Actions): TemplateResult => {
  const t = state.words.value;
  const here = state.data.value.files;
  const take = (event: Event) => {
    const input = event.target as HTMLInputElement;
    actions.readFiles([...(input.files ?? [])]);
    // The same files chosen again are a change, too.
    input.value = '';
  };
  return html`<label class="drop">
      <input type="file" multiple class="visually-hidden" @change=${take} />
      <span>${here === undefined ? t.choose : sizesOf(here, state)}</span>
    </label>
    <p class="hint">${prose(t.fileNames)}</p>`;
};

const sizesOf = ({ train, test }: DataSummary, state: State): string =>
  state.words.value.sizes(count(train), count(test));
