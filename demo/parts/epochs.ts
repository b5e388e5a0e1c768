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
    const best = bestOf(rows);
    render(
      html`<table class="numbers">
          <caption class="visually-hidden">
            Loss and accuracy after each epoch
          </caption>
          <thead>
            <tr>
              <th scope="col" rowspan="2">epoch</th>
              <th scope="colgroup" colspan="2">Training</th>
              <th scope="colgroup" colspan="2">Test</th>
              <th scope="col" rowspan="2">images/s</th>
              <th scope="col" rowspan="2">seconds</th>
            </tr>
            <tr>
              <th scope="col">loss</th>
              <th scope="col">right</th>
              <th scope="col">loss</th>
              <th scope="col">right</th>
            </tr>
          </thead>
          <tbody>
            ${rows.map((row) => rowOf(row, row.epoch === best))}
          </tbody>
        </table>
        ${rows.length === 0 ? html`<p class="hint">A row appears after each pass over the training images.</p>` : ''}`,
      host,
    );
    host.scrollTop = host.scrollHeight;
  });
  effect(() => {
    void state.epochs.value;
    show();
  });
}

const rowOf = (row: EpochRow, best: boolean) =>
  html`<tr class=${best ? 'best' : ''}>
    <th scope="row">${row.epoch}</th>
    <td>${loss(row.trainLoss)}</td>
    <td>${percent(row.trainAccuracy)}</td>
    <td>${loss(row.testLoss)}</td>
    <td>${percent(row.testAccuracy)}${best ? html`<span class="visually-hidden">, the best so far</span>` : ''}</td>
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
