import { effect } from '@preact/signals-core';
import { html, nothing, render } from 'lit-html';
import { bestOf, judgeOf } from '../best.js';
import { count, loss, percent, seconds } from '../format.js';
import { onFrames } from '../frames.js';
import type { EpochRow } from '../protocol.js';
import type { State } from '../state.js';

/** One row for each pass over the training images, the newest in sight. */
export function mountEpochs(host: HTMLElement, state: State): void {
  const show = onFrames(() => {
    const rows = state.epochs.peek();
    const t = state.words.peek().epochTable;
    const best = bestOf(rows);
    const held = judgeOf(rows) === 'validation';
    render(
      html`<table class="numbers" data-judge=${judgeOf(rows)}>
          <caption class="visually-hidden">
            ${t.caption}
          </caption>
          <thead>
            <tr>
              <th scope="col" rowspan="2">${t.epoch}</th>
              <th scope="colgroup" colspan="2">${t.training}</th>
              ${held ? html`<th scope="colgroup" colspan="2">${t.validation}</th>` : nothing}
              <th scope="colgroup" colspan="2">${t.test}</th>
              <th scope="col" rowspan="2">${t.rate}</th>
              <th scope="col" rowspan="2">${t.seconds}</th>
            </tr>
            <tr>
              ${Array.from(
                { length: held ? 3 : 2 },
                () =>
                  html`<th scope="col">${t.loss}</th>
                    <th scope="col">${t.right}</th>`,
              )}
            </tr>
          </thead>
          <tbody>
            ${rows.map((row) => rowOf(row, held, row === best ? t.best : undefined))}
          </tbody>
        </table>
        ${rows.length === 0 ? html`<p class="hint">${t.none}</p>` : ''}`,
      host,
    );
    host.scrollTop = host.scrollHeight;
  });
  effect(() => {
    void [state.epochs.value, state.words.value];
    show();
  });
}

const rowOf = (row: EpochRow, held: boolean, best: string | undefined) =>
  html`<tr class=${best === undefined ? '' : 'best'}>
    <th scope="row">
      ${row.epoch}${best === undefined ? nothing : html`<span class="visually-hidden">${best}</span>`}
    </th>
    <td>${loss(row.trainLoss)}</td>
    <td>${percent(row.trainAccuracy)}</td>
    ${
      held
        ? html`<td>${loss(row.validationLoss)}</td>
            <td>${percent(row.validationAccuracy)}</td>`
        : nothing
    }
    <td>${loss(row.testLoss)}</td>
    <td>${percent(row.testAccuracy)}</td>
    <td>${count(row.imagesPerSecond)}</td>
    <td>${seconds(row.seconds)}</td>
  </tr>`;
