import { effect } from '@preact/signals-core';
import { html, nothing, render, type TemplateResult } from 'lit-html';
import { count, percent } from '../format.js';
import type { Confusion } from '../protocol/answers.js';
import type { State } from '../state.js';

type Scores = Confusion['scores']['macro'];

/** Precision, recall and F1 of each digit, and their means. */
export function mountScores(host: HTMLElement, state: State): void {
  effect(() => {
    const t = state.words.value.scores;
    const scores = state.confusion.value?.scores;
    render(
      html`<p class="hint">${t.hint}</p>
        ${scores === undefined ? nothing : tableOf(scores, state)}
        <p class="summary">${scores === undefined ? t.none : hardestOf(scores, state)}</p>`,
      host,
    );
  });
}

function tableOf({ classes, macro, weighted }: Confusion['scores'], state: State): TemplateResult {
  const t = state.words.value.scores;
  return html`<table class="numbers scores">
    <caption class="visually-hidden">
      ${t.caption}
    </caption>
    <thead>
      <tr>
        ${[t.digit, t.precision, t.recall, t.f1, t.images].map((head) => html`<th scope="col">${head}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${classes.map((scores, digit) => rowOf(String(digit), scores))}
    </tbody>
    <tfoot>
      ${rowOf(t.mean, macro)} ${rowOf(t.weighted, weighted)}
    </tfoot>
  </table>`;
}

const rowOf = (name: string, { precision, recall, f1, support }: Scores): TemplateResult =>
  html`<tr>
    <th scope="row">${name}</th>
    ${[precision, recall, f1].map((score) => html`<td>${percent(score)}</td>`)}
    <td>${count(support)}</td>
  </tr>`;

function hardestOf({ classes }: Confusion['scores'], state: State): string {
  const t = state.words.value.scores;
  const met = classes.map(({ f1, support }, digit) => ({ f1, support, digit })).filter(({ support }) => support > 0);
  const hardest = met.reduce((a, b) => (b.f1 < a.f1 ? b : a), met[0] ?? { f1: 0, support: 0, digit: 0 });
  return t.hardest(hardest.digit, percent(hardest.f1));
}
