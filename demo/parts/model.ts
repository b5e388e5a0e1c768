import { effect } from '@preact/signals-core';
import { html, nothing, render, type TemplateResult } from 'lit-html';
import type { Actions } from '../actions.js';
import { count } from '../format.js';
import { isPreset, layersOfNet } from '../protocol/netText.js';
import type { NetSummary } from '../protocol.js';
import { netSummaryOf } from '../state/net.js';
import type { State } from '../state.js';
import { choose, optionsOf } from './choice.js';

/** Which net, and its layers one by one; those of one's own can be edited. */
export function mountModel(host: HTMLElement, state: State, actions: Actions): void {
  const edit = (net: string) => {
    state.draft.value = layersOfNet(net);
  };
  const take = (value: string) => {
    if (isPreset(value)) actions.change({ net: value });
    if (!isPreset(value) || state.draft.peek() !== undefined) edit(isPreset(value) ? value : state.settings.peek().net);
  };
  effect(() => {
    const t = state.words.value;
    const { net } = state.settings.value;
    const isEdited = state.draft.value !== undefined;
    render(
      html`<div class="net-choice">
          <label class="field">
            <span>${t.net}</span>
            <select name="net" ?disabled=${state.fixed.value} @change=${choose(take)}>
              ${optionsOf(t.nets, isPreset(net) ? net : 'own')}
            </select>
            <small>${t.netKinds[isPreset(net) ? net : 'own']}</small>
          </label>
          <button
            type="button"
            id="edit-net"
            aria-expanded=${isEdited ? 'true' : 'false'}
            aria-controls="editor"
            ?disabled=${state.fixed.value || state.nets.value === undefined}
            @click=${() => (isEdited ? (state.draft.value = undefined) : edit(net))}
          >
            ${isEdited ? t.editor.close : t.editor.open}
          </button>
        </div>
        <div id="editor" ?hidden=${!isEdited}></div>
        ${isEdited ? nothing : bodyOf(state)}`,
      host,
    );
  });
  mountEditorOnUse(state, actions);
  keepSummary(state, actions);
}

/** The editor is loaded when it is first opened. */
function mountEditorOnUse(state: State, actions: Actions): void {
  const stop = effect(() => {
    if (state.draft.value === undefined) return;
    void openEditor(state, actions);
    queueMicrotask(() => stop());
  });
}

async function openEditor(state: State, actions: Actions): Promise<void> {
  const { mountEditor } = await import('./editor.js');
  const place = document.getElementById('editor');
  if (place !== null) mountEditor(place, state, actions);
}

/** Asks what a net is made of that came with the settings and not from the editor. */
function keepSummary(state: State, actions: Actions): void {
  let asked = '';
  effect(() => {
    const { net, batch } = state.settings.value;
    if (state.nets.value === undefined || netSummaryOf(state) !== undefined || asked === net) return;
    asked = net;
    actions.ask({ type: 'checkNet', net, batch });
  });
}

const bodyOf = (state: State): TemplateResult => {
  const summary = netSummaryOf(state);
  return summary === undefined
    ? html`<p class="hint">${state.words.value.layers.waiting}</p>`
    : tableOf(summary, state);
};

const tableOf = ({ input, output, layers, parameters, bytes, macs }: NetSummary, state: State): TemplateResult => {
  const t = state.words.value.layers;
  return html`<div class="wide-table" tabindex="0" role="group" aria-label=${t.caption}>
      <table class="numbers layers">
        <caption class="visually-hidden">
          ${t.caption}
        </caption>
        <thead>
          <tr>
            ${[t.layer, t.output, t.parameters, t.bytes, t.macs].map((head) => html`<th scope="col">${head}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rowOf(t.input, input, ['', '', ''])}
          ${layers.map((layer) =>
            rowOf(
              html`<code translate="no">${layer.label}</code>`,
              layer.output,
              [layer.parameters, layer.bytes, layer.macs].map((number) => (number === 0 ? '' : count(number))),
            ),
          )}
        </tbody>
        <tfoot>
          ${rowOf(t.total, output, [parameters, bytes, macs].map(count))}
        </tfoot>
      </table>
    </div>
    <p class="hint">${t.about}</p>`;
};

const rowOf = (name: unknown, shape: readonly number[], numbers: readonly string[]): TemplateResult =>
  html`<tr>
    <th scope="row">${name}</th>
    <td>${shape.join('×')}</td>
    ${numbers.map((number) => html`<td>${number}</td>`)}
  </tr>`;
