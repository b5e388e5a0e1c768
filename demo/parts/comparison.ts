import { effect, untracked } from '@preact/signals-core';
import { html, nothing, render, type TemplateResult } from 'lit-html';
import { count, percent } from '../format.js';
import type { Measured } from '../protocol/tuning.js';
import { reasonAgainst, type Actions } from '../actions.js';
import { isBusy, type State } from '../state.js';
import { thereIn } from '../state/tuning.js';
import { beginning, fineTuning, FINE_RATE } from '../tuning.js';

/** One button that tunes, and what it changed: on the person's digits, and on what the net knew before. */
export function mountComparison(host: HTMLElement, state: State, actions: Actions): void {
  /** The weights of the run at hand are on their way to be begun with. */
  let keeping = false;
  const go = () => {
    actions.change(fineTuning(state.settings.peek(), thereIn(state)));
    actions.primary();
  };
  const tune = () => {
    if (reasonNot(state) !== undefined || keeping) return;
    keeping = state.settings.peek().begin === 'random' && state.begun.peek();
    if (keeping) actions.ask({ type: 'keep' });
    else go();
  };
  effect(() => {
    if (state.run.value === undefined) keeping = false;
  });
  effect(() => {
    if (state.kept.value === undefined || !keeping) return;
    keeping = false;
    untracked(() => {
      actions.change(beginning('kept', state.settings.peek(), thereIn(state)));
      go();
    });
  });
  effect(() => {
    const t = state.words.value.comparison;
    const reason = reasonNot(state);
    const before = state.before.value;
    render(
      html`<p class="hint">${t.hint(String(FINE_RATE))}</p>
        <div class="tune">
          <button
            type="button"
            id="tune"
            aria-disabled=${reason === undefined ? 'false' : 'true'}
            aria-describedby="tune-reason"
            @click=${tune}
          >
            ${t.tune}
          </button>
          <span id="tune-reason" class="hint">${reason ?? nothing}</span>
        </div>
        ${before === undefined ? html`<p class="summary">${t.none}</p>` : resultOf(before, state)}`,
      host,
    );
  });
}

/** Why there is nothing to tune now. */
function reasonNot(state: State): string | undefined {
  const t = state.words.value.comparison;
  if ((state.own.value?.ids.length ?? 0) === 0) return t.noDigit;
  return isBusy(state.phase.value) ? t.busy : reasonAgainst(state, state.phase.value);
}

function resultOf(before: Measured, state: State): TemplateResult {
  const t = state.words.value.comparison;
  const after = state.after.value;
  const own = (measured: Measured | undefined) => measured?.own && measured.own.right / measured.own.total;
  const test = (measured: Measured | undefined) => measured?.test.accuracy;
  const row = (name: string, of: (measured: Measured | undefined) => number | undefined): TemplateResult => {
    const [a, b] = [of(before), of(after)];
    return html`<tr>
      <th scope="row">${name}</th>
      <td>${percent(a)}</td>
      <td>${percent(b)}</td>
      <td class=${a === undefined || b === undefined || a === b ? '' : b > a ? 'gain' : 'loss'}>
        ${a === undefined || b === undefined ? '–' : signed(100 * (b - a))}
      </td>
    </tr>`;
  };
  const shown = after ?? before;
  return html`<table class="numbers comparison">
      <caption class="visually-hidden">
        ${t.caption}
      </caption>
      <thead>
        <tr>
          ${[t.on, t.before, t.after, t.change].map((head) => html`<th scope="col">${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${row(t.own(count(shown.own?.total ?? 0)), own)} ${row(t.test(count(shown.test.total)), test)}
      </tbody>
    </table>
    <p class="verdict" role="status">${after === undefined ? t.running : verdictOf(before, after, state)}</p>`;
}

const signed = (points: number): string => `${points < 0 ? '−' : '+'}${Math.abs(points).toFixed(1)}`;

/** How much is said to be forgotten, in fractions of the test set; less is chance. */
const MUCH = 0.02;
const LITTLE = 0.005;

function verdictOf(before: Measured, after: Measured, state: State): string {
  const t = state.words.value.comparison;
  const own = after.own && t.ownSays(count(before.own?.right ?? 0), count(after.own.right), count(after.own.total));
  const change = after.test.accuracy - before.test.accuracy;
  const learn = state.run.value?.settings.learn;
  const said = change > LITTLE ? t.better : change > -LITTLE ? t.same : change > -MUCH ? t.forgotLittle : t.forgot;
  const advice = change <= -LITTLE && learn === 'own' ? t.mix : '';
  const held = after.own !== undefined && learn !== 'set' ? t.notHeldOut : '';
  return [own, said, advice, held].filter((sentence) => sentence !== undefined && sentence !== '').join(' ');
}
