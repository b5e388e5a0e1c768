import { effect } from '@preact/signals-core';
import { html, render } from 'lit-html';
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
    render(
      html`<table class="numbers">
          <caption class="visually-hidden">
            ${t.caption}
          </caption>
          <thead>
            <tr>
              <th scope="col" rowspan="2">${t.epoch}</th>
              <th scope="colgroup" colspan="2">${t.training}</th>
              <th scope="colgroup" colspan="2">${t.test}</th>
              <th scope="col" rowspan="2">${t.rate}</th>
              <th scope="col" rowspan="2">${t.seconds}</th>
            </tr>
            <tr>
              <th scope="col">${t.loss}</th>
              <th scope="col">${t.right}</th>
              <th scope="col">${t.loss}</th>
              <th scope="col">${t.right}</th>
            </tr>
          </thead>
          <tbody>
            ${rows.map((row) => rowOf(row, row.epoch === best ? t.best : undefined))}
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

const rowOf = (row: EpochRow, best: string | undefined) =>
  html`<tr class=${best === undefined ? '' : 'best'}>
    <th scope="row">${row.epoch}</th>
    <td>${loss(row.trainLoss)}</td>
    <td>${percent(row.trainAccuracy)}</td>
    <td>${loss(row.testLoss)}</td>
    <td>${percent(row.testAccuracy)}${best === undefined ? '' : html`<span class="visually-hidden">${best}</span>`}</td>
    <td>${count(row.imagesPerSecond)}</td>
    <td>${seconds(row.seconds)}</td>
  </tr>`;

function bestOf(rows: readonly EpochRow[]): number {
  return rows.reduce(
    (best, row) => (row.testAccuracy > best.accuracy ? { epoch: row.epoch, accuracy: row.testAccuracy } : best),
    {
      epoch: 0,
      accuracy: -1,
    },
  ).epoch;
}
