import { computed, effect, signal, type ReadonlySignal } from '@preact/signals-core';
import { html, nothing, render } from 'lit-html';
import type { Actions } from '../actions.js';
import type { Strokes } from '../protocol.js';
import type { State } from '../state.js';

const DIGITS = Array.from({ length: 10 }, (_, digit) => digit);

/** Says of a drawing whether the net is right; either way it becomes one of the person's own digits. */
export function mountCorrect(
  host: HTMLElement,
  strokes: ReadonlySignal<Strokes>,
  state: State,
  actions: Actions,
): void {
  /** What was said of the drawing that lies there. */
  const said = signal<'nothing' | 'wrong' | number>('nothing');
  effect(() => {
    void strokes.value;
    said.value = 'nothing';
  });
  /** What the net takes the drawing for; undefined: there is none. Answers come often, another digit seldom. */
  const guess = computed(() => {
    const answer = state.answer.value;
    if (strokes.value.length === 0 || answer === undefined || answer.label !== undefined) return undefined;
    return state.fixed.value ? undefined : largest(answer.probabilities);
  });
  /** What is pressed goes away with its question; the keyboard goes on with what comes instead. */
  const goOn = (now: 'wrong' | number) => {
    said.value = now;
    host.querySelector<HTMLElement>('button, a')?.focus();
  };
  const add = (label: number) => {
    actions.ask({ type: 'ownAdd', label, strokes: strokes.peek() });
    goOn(label);
  };
  effect(() => {
    const t = state.words.value.correct;
    const about = said.value;
    const digit = guess.value;
    host.hidden = digit === undefined;
    if (digit === undefined) return;
    render(
      typeof about === 'number'
        ? html`<p role="status">${t.added(about)} <a href="#finetune">${t.toTuning}</a></p>`
        : html`<div class="correct-ask">
              <span>${about === 'wrong' ? t.which : t.is(digit)}</span>
              ${
                about === 'wrong'
                  ? nothing
                  : html`<button type="button" class="is-right" @click=${() => add(digit)}>✓ ${t.yes}</button>
                      <button type="button" class="is-wrong" @click=${() => goOn('wrong')}>✗ ${t.no}</button>`
              }
            </div>
            ${
              about === 'wrong'
                ? html`<div class="correct-digits">
                    ${DIGITS.map(
                      (each) =>
                        html`<button type="button" data-digit=${each} @click=${() => add(each)}>${each}</button>`,
                    )}
                  </div>`
                : nothing
            }`,
      host,
    );
  });
}

const largest = (values: Float32Array): number =>
  values.reduce((best, value, i) => (value > (values[best] ?? -1) ? i : best), 0);
