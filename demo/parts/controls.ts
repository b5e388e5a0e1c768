import { effect } from '@preact/signals-core';
import { html, nothing, render, type TemplateResult } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import type { Actions } from '../actions.js';
import type { OptimizerName } from '../protocol.js';
import { isBusy, type State } from '../state.js';
import { choose, optionsOf } from './choice.js';

/** How a run trains, as a form: what is out of range is said by the browser, in its own words. */
export function mountControls(host: HTMLElement, state: State, actions: Actions): void {
  effect(() => {
    render(formOf(state, actions), host);
  });
}

const formOf = (state: State, actions: Actions): TemplateResult => {
  const t = state.words.value;
  const settings = state.settings.value;
  return html`<form
    class="settings"
    autocomplete="off"
    @submit=${(event: Event) => {
      event.preventDefault();
      // Enter in a field starts, and never stops.
      if (!isBusy(state.phase.peek())) actions.primary();
    }}
  >
    <fieldset class="plain" ?disabled=${state.fixed.value}>
      <label class="field">
        <span>${t.optimizer}</span>
        <select name="optimizer" @change=${choose((value) => actions.change({ optimizer: value as OptimizerName }))}>
          ${optionsOf(t.optimizers, settings.optimizer)}
        </select>
      </label>
      ${numberOf('rate', state, actions, { min: 1e-6, max: 1e6, step: 'any' })}
      ${numberOf('epochs', state, actions, { min: 1, max: 200, step: 1 })}
      ${numberOf('batch', state, actions, { min: 1, max: 1024, step: 1 })}
      ${
        settings.optimizer === 'sgd'
          ? numberOf('momentum', state, actions, { min: 0, max: 0.999, step: 'any' })
          : nothing
      }
      ${numberOf('weightDecay', state, actions, { min: 0, max: 10, step: 'any' })}
      ${numberOf('clip', state, actions, { min: 0, max: 1e6, step: 'any' })}
      <label class="field">
        <span>${t.heldOut}</span>
        <select name="heldOut" @change=${choose((value) => actions.change({ heldOut: Number(value) }))}>
          ${optionsOf({ 0: t.heldOuts.none, 0.1: t.heldOuts.tenth, 0.2: t.heldOuts.fifth }, String(settings.heldOut))}
        </select>
      </label>
      ${numberOf('seed', state, actions, { min: 0, max: 4_294_967_295, step: 1 })} ${hiddenOf(state, actions)}
      <p class="outdated">${state.outdated.value ? t.outdated : nothing}</p>
    </fieldset>
  </form>`;
};

const hiddenOf = (state: State, actions: Actions): TemplateResult => {
  const t = state.words.value;
  const away = state.away.value;
  return html`<label class="check">
    <input
      type="checkbox"
      name="pauseHidden"
      .checked=${live(state.whenHidden.value === 'pause')}
      @change=${(event: Event) => actions.hide((event.target as HTMLInputElement).checked ? 'pause' : 'train')}
    />
    <span>${t.pauseHidden}</span>
    <small class="away" role="status">${away?.over === true ? t.returned[away.run] : nothing}</small>
  </label>`;
};

const numberOf = (
  name: keyof State['words']['value']['numbers'],
  state: State,
  actions: Actions,
  { min, max, step }: { min: number; max: number; step: number | 'any' },
): TemplateResult => {
  const take = (event: Event) => {
    const input = event.target as HTMLInputElement;
    // A value out of range stays in its field, marked, and the setting stays as it was.
    if (input.checkValidity()) actions.change({ [name]: input.valueAsNumber });
  };
  return html`<label class="field">
    <span>${state.words.value.numbers[name]}</span>
    <input
      type="number"
      name=${name}
      inputmode="decimal"
      required
      min=${min}
      max=${max}
      step=${step}
      .value=${String(state.settings.value[name])}
      @change=${take}
    />
  </label>`;
};
