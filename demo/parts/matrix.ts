import { effect } from '@preact/signals-core';
import { html, render } from 'lit-html';
import { count, percent } from '../format.js';
import { onFrames } from '../frames.js';
import type { State } from '../state.js';
import type { Words } from '../text/en.js';

const DIGITS = Array.from({ length: 10 }, (_, digit) => digit);
type Counts = readonly (readonly number[])[];

/** Which digit the net takes for which: rows are the right answers, columns the net's. */
export function mountMatrix(host: HTMLElement, state: State): void {
  const frame = () => {
    const t = state.words.value.matrix;
    render(
      html`<table class="matrix">
          <caption class="visually-hidden">
            ${t.caption}
          </caption>
          <thead>
            <tr>
              <td></td>
              ${DIGITS.map((digit) => html`<th scope="col"><span class="visually-hidden">${t.taken} </span>${digit}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${DIGITS.map(
              (row) =>
                html`<tr>
                  <th scope="row"><span class="visually-hidden">${t.is} </span>${row}</th>
                  ${DIGITS.map((column) => html`<td class=${row === column ? 'right' : 'wrong'}></td>`)}
                </tr>`,
            )}
          </tbody>
        </table>
        <p class="summary"></p>`,
      host,
    );
  };
  effect(frame);
  const cells = [...host.querySelectorAll<HTMLElement>('tbody td')];
  const summary = host.querySelector('.summary');

  const show = onFrames(() => {
    const counts = state.confusion.peek();
    cells.forEach((cell, i) => {
      const row = counts?.[Math.floor(i / 10)];
      const value = row?.[i % 10];
      const total = row?.reduce((sum, each) => sum + each, 0) ?? 0;
      const share = value === undefined || total === 0 ? 0 : value / total;
      const isRight = cell.classList.contains('right');
      // Mistakes are few, so their colour rises faster than that of the right answers.
      const heat = isRight ? share : Math.min(1, 2 * Math.sqrt(share));
      cell.textContent = value === undefined ? '' : count(value);
      cell.classList.toggle('deep', isRight && heat > 0.5);
      cell.style.setProperty('--heat', heat.toFixed(2));
    });
    if (summary !== null) summary.textContent = summaryOf(counts, state.words.peek().matrix);
  });
  effect(() => {
    void [state.confusion.value, state.words.value];
    show();
  });
}

function summaryOf(counts: Counts | undefined, t: Words['matrix']): string {
  if (counts === undefined) return t.none;
  let [total, right] = [0, 0];
  let worst = { row: 0, column: 0, value: 0 };
  counts.forEach((line, row) =>
    line.forEach((value, column) => {
      total += value;
      if (row === column) right += value;
      else if (value > worst.value) worst = { row, column, value };
    }),
  );
  const all = t.right(count(right), count(total), percent(right / total));
  const mistake = worst.value === 0 ? t.noMistake : t.worst(worst.row, worst.column, count(worst.value));
  return `${all} ${mistake}`;
}
