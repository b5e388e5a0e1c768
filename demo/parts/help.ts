import { effect } from '@preact/signals-core';
import { html, render } from 'lit-html';
import { KEYS } from '../keys.js';
import type { State } from '../state.js';

/** The list of keys, over the page; `?` and a button open it. */
export function mountHelp(host: HTMLDialogElement, state: State): void {
  effect(() => {
    const t = state.words.value.help;
    render(
      html`<h2 id="help-title">${t.title}</h2>
        <table class="keys">
          <caption class="visually-hidden">
            ${t.title}
          </caption>
          <tbody>
            ${KEYS.map(
              ({ shown, does }) =>
                html`<tr>
                  <th scope="row"><kbd translate="no">${shown === ' ' ? t.space : shown}</kbd></th>
                  <td>${t.deeds[does]}</td>
                </tr>`,
            )}
          </tbody>
        </table>
        <p class="hint">${t.fields}</p>
        <form method="dialog"><button>${t.close}</button></form>`,
      host,
    );
  });
}
