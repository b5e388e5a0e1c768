import { effect } from '@preact/signals-core';
import { html, nothing, render, type TemplateResult } from 'lit-html';
import { bestOf } from '../best.js';
import { nameOf, type EarlierRun } from '../earlier.js';
import { percent } from '../format.js';
import type { Settings } from '../protocol.js';
import { differences } from '../settingsText.js';
import type { State } from '../state.js';
import { settingsAtHand } from '../state/train.js';
import type { Words } from '../text/en.js';

/** The runs whose curves lie below that of the run at hand, each with a name and what was set otherwise. */
export function mountEarlier(host: HTMLElement, state: State): void {
  host.setAttribute('aria-labelledby', 'earlier-title');
  effect(() => {
    const t = state.words.value;
    const runs = state.earlier.value;
    const now = settingsAtHand(state);
    host.hidden = runs.length === 0;
    render(
      html`<h3 id="earlier-title">${t.earlier.title}</h3>
        <p class="hint">${t.earlier.now(runName(now, t))}</p>
        <ul>
          ${runs.toReversed().map((run) => rowOf(run, now, t, state))}
        </ul>`,
      host,
    );
  });
}

const rowOf = (run: EarlierRun, now: Settings, t: Words, state: State): TemplateResult => {
  const name = runName(run.settings, t);
  const best = bestOf(run.epochs);
  const others = differences(run.settings, now, t);
  return html`<li data-slot=${run.slot}>
    <b>${name}</b>
    <span>${others.length === 0 ? t.earlier.same : others.join(' · ')}</span>
    <span class="hint">${best === undefined ? nothing : t.earlier.best(percent(best.testAccuracy), best.epoch)}</span>
    <button
      type="button"
      aria-label=${t.earlier.remove(name)}
      @click=${() => {
        state.earlier.value = state.earlier.peek().filter((other) => other !== run);
      }}
    >
      ✕
    </button>
  </li>`;
};

/** What a run is called, in the language of the page. */
export function runName(settings: Settings, { runNames: { kinds, animals, name } }: Words): string {
  const [firsts, seconds] = [kinds.split(' '), animals.split(' ')];
  const [kind, animal] = nameOf(settings, firsts.length, seconds.length);
  return name(firsts[kind] ?? '', seconds[animal] ?? '');
}
