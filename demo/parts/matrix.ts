import { effect } from '@preact/signals-core';
import { html, render } from 'lit-html';
import type { Actions } from '../actions.js';
import { count, percent } from '../format.js';
import { onFrames } from '../frames.js';
import { keepLooking } from '../looking.js';
import type { Cell, Confusion } from '../protocol/answers.js';
import { isSameCell } from '../state/answers.js';
import type { State } from '../state.js';
import type { Words } from '../text/en.js';
import { moveByArrows } from './cells.js';
import { mountGallery } from './gallery.js';

const DIGITS = Array.from({ length: 10 }, (_, digit) => digit);
const cellAt = (i: number): Cell => ({ label: Math.floor(i / 10), answer: i % 10 });

/** Which digit the net takes for which: rows are the right answers, columns the net's. Each cell shows its images. */
export function mountMatrix(host: HTMLElement, state: State, actions: Actions): void {
  const test = () => {
    actions.ask({ type: 'look', at: 'mistakes' });
    const cell = state.cell.peek();
    if (cell !== undefined) actions.ask({ type: 'look', at: cell });
  };
  effect(() => {
    render(frameOf(state.words.value, test), host);
  });
  const table = host.querySelector<HTMLElement>('table');
  const section = host.querySelector<HTMLElement>('#cell');
  const summary = host.querySelector('.summary');
  const now = host.querySelector('#test-now');
  if (table === null || section === null || summary === null || now === null) return;
  const cells = [...table.querySelectorAll<HTMLElement>('td > button')];
  moveByArrows(table, cells);
  cells.forEach((cell, i) => {
    cell.addEventListener('click', () => {
      const at = cellAt(i);
      if (state.confusion.peek() === undefined || state.fixed.peek()) return;
      state.cell.value = isSameCell(at, state.cell.peek()) ? undefined : at;
    });
  });

  const show = onFrames(() => {
    const confusion = state.confusion.peek();
    const words = state.words.peek();
    cells.forEach((cell, i) => fill(cell, cellAt(i), confusion, words.matrix, state.fixed.peek()));
    summary.textContent = summaryOf(confusion, words.matrix);
  });
  effect(() => {
    void [state.confusion.value, state.words.value];
    show();
  });
  effect(() => {
    now.setAttribute('aria-disabled', String(state.run.value === undefined || state.fixed.value));
  });
  mountCell(section, state, actions);
  effect(() => {
    const chosen = state.cell.value;
    cells.forEach((cell, i) => cell.setAttribute('aria-pressed', String(isSameCell(cellAt(i), chosen))));
  });
}

const frameOf = ({ matrix: t, sight }: Words, test: () => void) =>
  html`<div class="matrix-box" tabindex="0" role="group" aria-labelledby="matrix-title">
      <table class="matrix" aria-describedby="matrix-keys">
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
                ${DIGITS.map(
                  (column) =>
                    html`<td class=${row === column ? 'right' : 'wrong'}>
                      <button type="button" tabindex="-1"></button>
                    </td>`,
                )}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    <p id="matrix-keys" class="visually-hidden">${t.keys}</p>
    <div class="matrix-foot">
      <p class="summary"></p>
      <button type="button" id="test-now" @click=${test}>${t.now}</button>
    </div>
    <section id="cell" class="sight" aria-labelledby="cell-title" hidden>
      <div class="sight-head">
        <h4 id="cell-title"></h4>
        <button type="button" class="close" aria-label=${sight.close}>×</button>
      </div>
      <p class="hint" role="status"></p>
      <div></div>
    </section>`;

function fill(
  button: HTMLElement,
  { label, answer }: Cell,
  confusion: Confusion | undefined,
  t: Words['matrix'],
  fixed: boolean,
): void {
  const row = confusion?.counts[label];
  const value = row?.[answer];
  const total = row?.reduce((sum, each) => sum + each, 0) ?? 0;
  const share = value === undefined || total === 0 ? 0 : value / total;
  const isRight = label === answer;
  // Mistakes are few, so their colour rises faster than that of the right answers.
  const heat = isRight ? share : Math.min(1, 2 * Math.sqrt(share));
  button.textContent = value === undefined ? '' : count(value);
  button.setAttribute('aria-label', t.cell(label, answer, value === undefined ? '–' : count(value)));
  button.setAttribute('aria-disabled', String(value === undefined || fixed));
  const cell = button.parentElement;
  cell?.classList.toggle('deep', isRight && heat > 0.5);
  cell?.style.setProperty('--heat', heat.toFixed(2));
}

/** The images of the chosen cell, anew after each epoch while they are seen. */
function mountCell(host: HTMLElement, state: State, actions: Actions): void {
  const [title, hint, gallery] = ['h4', '.hint', '.hint + div'].map((one) => host.querySelector<HTMLElement>(one));
  if (!title || !hint || !gallery) return;
  host.querySelector('.close')?.addEventListener('click', () => {
    const { label, answer } = state.cell.peek() ?? { label: 0, answer: 0 };
    state.cell.value = undefined;
    document.querySelectorAll<HTMLElement>('.matrix td > button')[10 * label + answer]?.focus();
  });
  effect(() => {
    const cell = state.cell.value;
    const sight = state.cellSight.value;
    const t = state.words.value.sight;
    host.hidden = cell === undefined;
    if (cell === undefined) return;
    const { label, answer } = cell;
    const isRight = label === answer;
    title.textContent = isRight ? t.right(label) : t.wrong(label, answer);
    if (sight === undefined) hint.textContent = t.coming;
    else if (sight.total === 0) hint.textContent = t.none;
    else {
      const said = (isRight ? t.leastSure : t.surest)(count(sight.images.length), count(sight.total));
      hint.textContent = `${said} ${t.asOf(count(sight.step))}`;
    }
  });
  mountGallery(gallery, state.cellSight, false, state, actions);
  // Chosen above, shown below: first its head comes into view, then its images.
  const reveal = onFrames(() => host.scrollIntoView({ block: 'nearest' }));
  let revealed: { readonly cell: Cell | undefined; readonly filled: boolean } | undefined;
  effect(() => {
    const now = { cell: state.cell.value, filled: state.cellSight.value !== undefined };
    const isNew = now.cell !== revealed?.cell || now.filled !== revealed?.filled;
    revealed = now;
    if (now.cell !== undefined && isNew) reveal();
  });

  let asked: { readonly epochs: unknown; readonly cell: unknown } | undefined;
  keepLooking(host, state, {
    // One object for one epoch and cell.
    news() {
      const [cell, epochs] = [state.cell.value, state.epochs.value];
      if (cell === undefined) return undefined;
      if (asked?.epochs !== epochs || asked.cell !== cell) asked = { epochs, cell };
      return asked;
    },
    ask() {
      const at = state.cell.peek();
      if (at !== undefined) actions.ask({ type: 'look', at });
    },
    answer: state.cellReply,
  });
}

function summaryOf(confusion: Confusion | undefined, t: Words['matrix']): string {
  if (confusion === undefined) return t.none;
  const { counts, step } = confusion;
  let [total, right] = [0, 0];
  let worst = { row: 0, column: 0, value: 0 };
  counts.forEach((line, row) =>
    line.forEach((value, column) => {
      total += value;
      if (row === column) right += value;
      else if (value > worst.value) worst = { row, column, value };
    }),
  );
  const all = t.right(count(step), count(right), count(total), percent(right / total));
  const mistake = worst.value === 0 ? t.noMistake : t.worst(worst.row, worst.column, count(worst.value));
  return `${all} ${mistake}`;
}
