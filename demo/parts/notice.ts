import { effect } from '@preact/signals-core';
import { html, nothing, render, type TemplateResult } from 'lit-html';
import type { Actions } from '../actions.js';
import type { Block } from '../names.js';
import type { State } from '../state.js';
import type { Words } from '../text/en.js';
import { prose } from './prose.js';

/** Why nothing can be trained here, and what a person can do about it. */
export function mountNotice(host: HTMLElement, state: State, watch: () => void): void {
  effect(() => {
    const block = state.block.value;
    host.hidden = block === undefined;
    if (block === undefined) return;
    const t = state.words.value;
    const { title, body } = t.blocks[block.why];
    const replay = state.replay.value;
    host.dataset['why'] = block.why;
    render(
      replay === undefined
        ? html`<h2>${title}</h2>
            ${body.map((sentence) => html`<p>${prose(sentence)}</p>`)} ${browsersOf(block.why, t)}
            ${block.detail === '' ? nothing : html`<p class="notice-detail">${block.detail}</p>`}
            <div class="notice-buttons">
              <button type="button" id="watch" class="primary" @click=${watch}>${t.watch}</button>
              <button type="button" @click=${() => location.reload()}>${t.tryAgain}</button>
            </div>`
        : html`<h2>${title}</h2>
            <p id="replayed">${t.replayed(replay.date.slice(0, 10))}</p>
            <button type="button" @click=${() => location.reload()}>${t.tryAgain}</button>`,
      host,
    );
  });
}

/** Errors as they come, each until it is dismissed. */
export function mountFaults(host: HTMLElement, state: State, actions: Actions): void {
  effect(() => {
    render(
      state.faults.value.map(
        ({ code, message }) =>
          html`<div class="fault" data-code=${code}>
            <p><strong>${state.words.value.faults[code]}</strong> ${message}</p>
            <button type="button" aria-label=${state.words.value.dismiss} @click=${() => actions.dismiss(message)}>
              ✕
            </button>
          </div>`,
      ),
      host,
    );
  });
}

/** Where another browser helps, which ones there are. */
const browsersOf = (why: Block, { browsers }: Words): TemplateResult | typeof nothing => {
  if (why !== 'no-webgpu' && why !== 'no-worker-webgpu') return nothing;
  return html`<table>
    <caption>
      ${browsers.caption}
    </caption>
    <tbody>
      ${browsers.rows.map(
        ([name, since]) =>
          html`<tr>
            <th scope="row">${name}</th>
            <td>${since}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
};
