import { effect } from '@preact/signals-core';
import { html, render } from 'lit-html';
import type { Actions } from '../actions.js';
import { count } from '../format.js';
import { keepLooking } from '../looking.js';
import type { State } from '../state.js';
import { mountGallery } from './gallery.js';

/** The wrong answers that the net was surest of, anew after each epoch while they are seen. */
export function mountMistakes(host: HTMLElement, state: State, actions: Actions): void {
  effect(() => {
    const t = state.words.value.mistakes;
    render(
      html`<p class="hint">${t.hint}</p>
        <p class="summary"></p>
        <div></div>`,
      host,
    );
  });
  const summary = host.querySelector('.summary');
  const gallery = host.querySelector<HTMLElement>('div');
  if (summary === null || gallery === null) return;
  effect(() => {
    const sight = state.mistakes.value;
    const { mistakes: t, sight: said } = state.words.value;
    if (sight === undefined) summary.textContent = state.confusion.value === undefined ? t.none : said.coming;
    else if (sight.total === 0) summary.textContent = `${t.noMistake} ${said.asOf(count(sight.step))}`;
    else
      summary.textContent = `${t.shown(count(sight.images.length), count(sight.total))} ${said.asOf(count(sight.step))}`;
  });
  mountGallery(gallery, state.mistakes, true, state, actions);
  keepLooking(host, state, {
    news: () => (state.confusion.value === undefined ? undefined : state.epochs.value),
    ask: () => actions.ask({ type: 'look', at: 'mistakes' }),
    answer: state.mistakes,
  });
}
