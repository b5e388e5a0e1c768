import { effect } from '@preact/signals-core';
import { html, render, type TemplateResult } from 'lit-html';
import type { Actions } from '../actions.js';
import { count } from '../format.js';
import type { NetName, NetSummary } from '../protocol.js';
import type { State } from '../state.js';
import { choose, optionsOf } from './choice.js';

/** Which net, and its layers one by one. */
export function mountModel(host: HTMLElement, state: State, actions: Actions): void {
  effect(() => {
    const t = state.words.value;
    const { net } = state.settings.value;
    const summary = state.nets.value?.[net];
    render(
      html`<label class="field">
          <span>${t.net}</span>
          <select
            name="net"
            ?disabled=${state.phase.value === 'blocked'}
            @change=${choose((value) => actions.change({ net: value as NetName }))}
          >
            ${optionsOf(t.nets, net)}
          </select>
          <small>${t.netKinds[net]}</small>
        </label>
        ${summary === undefined ? html`<p class="hint">${t.layers.waiting}</p>` : tableOf(summary, state)}`,
      host,
    );
  });
}

const tableOf = ({ input, output, layers, macs, bytes }: NetSummary, state: State): TemplateResult => {
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
        ${rowOf(t.total, output, [bytes / 4, bytes, macs].map(count))}
      </tfoot>
    </table>
  </div>`;
};

const rowOf = (name: unknown, shape: readonly number[], numbers: readonly string[]): TemplateResult =>
  html`<tr>
    <th scope="row">${name}</th>
    <td>${shape.join('×')}</td>
    ${numbers.map((number) => html`<td>${number}</td>`)}
  </tr>`;
