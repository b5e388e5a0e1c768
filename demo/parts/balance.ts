import { effect } from '@preact/signals-core';
import { html, render, type TemplateResult } from 'lit-html';
import { count } from '../format.js';
import type { Examined } from '../protocol.js';
import type { State } from '../state.js';

/** How many images there are of each digit, to train on and to test with. */
export function mountBalance(host: HTMLElement, state: State): void {
  effect(() => {
    const known = state.examined.value[state.settings.value.data];
    const t = state.words.value.balance;
    render(known === undefined ? html`<p class="hint">${t.waiting}</p>` : tableOf(known, state), host);
    // A length of the page's own measures, which a template may not write.
    for (const bar of host.querySelectorAll<HTMLElement>('.balance-bar'))
      bar.style.setProperty('--share', bar.dataset['share'] ?? '0');
  });
}

const tableOf = ({ train, test }: Examined, state: State): TemplateResult => {
  const t = state.words.value.balance;
  const most = { train: Math.max(1, ...train), test: Math.max(1, ...test) };
  const cell = (kind: 'train' | 'test', images: number) =>
    html`<td class="balance-cell" data-kind=${kind}>
      <span class="balance-bar" data-share=${(images / most[kind]).toFixed(3)} aria-hidden="true"></span>
      <span>${count(images)}</span>
    </td>`;
  return html`<table class="balance">
      <caption class="visually-hidden">
        ${t.title}
      </caption>
      <thead>
        <tr>
          ${[t.digit, t.train, t.test].map((head) => html`<th scope="col">${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${train.map(
          (images, label) =>
            html`<tr>
              <th scope="row">${label}</th>
              ${cell('train', images)} ${cell('test', test[label] ?? 0)}
            </tr>`,
        )}
      </tbody>
    </table>
    <p class="summary">${summaryOf(Math.min(...train), Math.max(...train), t)}</p>`;
};

const summaryOf = (least: number, most: number, t: State['words']['value']['balance']): string =>
  least === most ? t.equal(count(most)) : t.between(count(least), count(most));
