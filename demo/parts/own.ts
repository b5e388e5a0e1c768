import { effect, signal } from '@preact/signals-core';
import { html, nothing, render, type TemplateResult } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import type { Actions } from '../actions.js';
import { count } from '../format.js';
import { onFrames } from '../frames.js';
import { keepLooking } from '../looking.js';
import type { Learn } from '../protocol.js';
import { countsOf } from '../state/own.js';
import { thereIn } from '../state/tuning.js';
import { learning } from '../tuning.js';
import type { State } from '../state.js';
import { paintGrey } from './grey.js';
import { openSheet } from './sheet.js';

const SIDE = 28;
const DIGITS = Array.from({ length: 10 }, (_, digit) => digit);
const LEARN: readonly Learn[] = ['set', 'own', 'both'];

/** A small collection of digits that the person writes, and what a run makes of it. */
export function mountOwn(host: HTMLElement, state: State, actions: Actions): void {
  /** What the next digit is. */
  const label = signal(0);
  const drawn = signal(false);
  const add = () => {
    if (!drawn.peek() || state.fixed.peek()) return;
    actions.ask({ type: 'ownAdd', label: label.peek(), strokes: sheet.strokes });
    sheet.clear();
    // All ten in turn, unless the person wants one of them again.
    label.value = (label.peek() + 1) % 10;
  };
  effect(() => {
    const t = state.words.value.own;
    render(
      html`<div class="own-write">
          <fieldset class="classes" ?disabled=${state.fixed.value}>
            <legend>${t.which}</legend>
            ${DIGITS.map((digit) => classOf(digit, state, label))}
          </fieldset>
          <div class="pad-sheet">
            <canvas
              class="sheet"
              tabindex="0"
              role="application"
              aria-label=${t.sheet(label.value)}
              aria-describedby="pad-help own-help"
            ></canvas>
            <p class="pad-hint" aria-hidden="true">${drawn.value ? nothing : t.write(label.value)}</p>
          </div>
          <p id="own-help" class="visually-hidden">${t.help}</p>
          <div class="pad-buttons">
            <button type="button" class="own-undo" @click=${() => sheet.clear()}>${state.words.value.pad.clear}</button>
            <button
              type="button"
              id="own-add"
              aria-disabled=${drawn.value && !state.fixed.value ? 'false' : 'true'}
              @click=${add}
            >
              ${t.add(label.value)}
            </button>
          </div>
        </div>
        <div class="own-kept"></div>
        <fieldset class="learn" ?disabled=${state.fixed.value}>
          <legend>${t.learn}</legend>
          <div class="segments">
            ${LEARN.map(
              (learn) =>
                html`<label>
                  <input
                    type="radio"
                    name="learn"
                    value=${learn}
                    .checked=${live(state.settings.value.learn === learn)}
                    @change=${() => actions.change(learning(learn, thereIn(state)))}
                  /><span>${t.learns[learn]}</span>
                </label>`,
            )}
          </div>
          <p class="hint">${t.learnHints[state.settings.value.learn]}</p>
        </fieldset>`,
      host,
    );
  });
  const canvas = host.querySelector<HTMLCanvasElement>('canvas.sheet');
  const kept = host.querySelector<HTMLElement>('.own-kept');
  if (canvas === null || kept === null) return;
  const sheet = openSheet(canvas, (strokes) => (drawn.value = strokes.length > 0));
  canvas.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') add();
  });
  mountCollection(kept, state, actions);
  actions.ask({ type: 'ownOpen' });
}

const classOf = (digit: number, state: State, label: { value: number }): TemplateResult => {
  const many = countsOf(state.own.value)[digit] ?? 0;
  return html`<label>
    <input
      type="radio"
      name="own-class"
      value=${digit}
      .checked=${live(label.value === digit)}
      @change=${() => (label.value = digit)}
    /><span><b>${digit}</b> <small>${state.words.value.own.have(count(many))}</small></span>
  </label>`;
};

/** What there is, each with what the net takes it for. */
function mountCollection(host: HTMLElement, state: State, actions: Actions): void {
  const asking = signal(false);
  const paint = onFrames(() => {
    const pixels = state.own.peek()?.pixels;
    host.querySelectorAll('canvas').forEach((canvas) => {
      const at = Number(canvas.dataset['at']);
      paintGrey(canvas, pixels?.subarray(at * SIDE * SIDE, (at + 1) * SIDE * SIDE));
    });
  });
  effect(() => {
    const t = state.words.value.own;
    const own = state.own.value;
    const total = own?.ids.length ?? 0;
    render(
      html`<p class="summary" role="status">${summaryOf(state)}</p>
        <ul class="own-digits">
          ${inOrder(own?.labels ?? []).map((at) => digitOf(at, state, actions))}
        </ul>
        ${
          total === 0
            ? nothing
            : asking.value
              ? html`<p class="sure">
                  <span>${t.sure(count(total))}</span>
                  <button
                    type="button"
                    id="own-clear-sure"
                    @click=${() => {
                      asking.value = false;
                      actions.ask({ type: 'ownClear' });
                    }}
                  >
                    ${t.yes}
                  </button>
                  <button type="button" @click=${() => (asking.value = false)}>${t.no}</button>
                </p>`
              : html`<button type="button" id="own-clear" @click=${() => (asking.value = true)}>${t.clearAll}</button>`
        }`,
      host,
    );
    paint();
  });
  let news: { readonly version: unknown; readonly epochs: unknown; readonly run: unknown } | undefined;
  keepLooking(host, state, {
    // One object for what there is and a state of the net.
    news() {
      const [version, epochs, run] = [state.own.value?.version, state.epochs.value, state.run.value];
      if (run === undefined || (state.own.value?.ids.length ?? 0) === 0) return undefined;
      if (news?.version !== version || news?.epochs !== epochs || news.run !== run) news = { version, epochs, run };
      return news;
    },
    ask: () => actions.ask({ type: 'ownAnswer' }),
    answer: state.ownAnswers,
  });
}

/** Places in the collection, class by class, the oldest first. */
const inOrder = (labels: readonly number[]): number[] =>
  labels.map((_, at) => at).sort((a, b) => (labels[a] ?? 0) - (labels[b] ?? 0) || a - b);

function digitOf(at: number, state: State, actions: Actions): TemplateResult {
  const t = state.words.value.own;
  const own = state.own.value;
  const [id, label] = [own?.ids[at] ?? 0, own?.labels[at] ?? 0];
  const answer = state.ownAnswers.value.get(id);
  const isRight = answer === label;
  return html`<li data-id=${id} data-answer=${answer === undefined ? 'none' : isRight ? 'right' : 'wrong'}>
    <canvas width=${SIDE} height=${SIDE} data-at=${at} role="img" aria-label=${t.image(label)}></canvas>
    <p>
      <b>${label}</b>
      ${answer === undefined ? nothing : html`<span>${isRight ? t.right : t.taken(answer)}</span>`}
    </p>
    <button type="button" aria-label=${t.remove(label)} @click=${() => actions.ask({ type: 'ownRemove', id })}>
      ×
    </button>
  </li>`;
}

function summaryOf(state: State): string {
  const t = state.words.value.own;
  const own = state.own.value;
  if (own === undefined) return '';
  const total = own.ids.length;
  const where = own.kept ? t.keeps : t.forgets;
  if (total === 0) return `${t.empty} ${where}`;
  const answered = own.ids.filter((id) => state.ownAnswers.value.has(id));
  const right = own.ids.filter((id, i) => state.ownAnswers.value.get(id) === own.labels[i]).length;
  const said = answered.length === total ? t.recognised(count(right), count(total)) : t.total(count(total));
  return `${said} ${where}`;
}
