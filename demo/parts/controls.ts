import { computed, effect, type ReadonlySignal } from '@preact/signals-core';
import { html, nothing, render, type TemplateResult } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import type { Actions } from '../actions.js';
import { hotOf, type OptimizerName, type ScheduleName, type Settings } from '../protocol.js';
import { isBusy, type State } from '../state.js';
import { choose, optionsOf } from './choice.js';
import { scheduleShape, scheduleTable } from './scheduleShape.js';

/** How a run trains, as a form: what is out of range is said by the browser, in its own words. */
export function mountControls(host: HTMLElement, state: State, actions: Actions): void {
  // In sixtieths, so that the form is not drawn anew at each step.
  const share = computed(() => {
    const steps = (state.run.value?.stepsPerEpoch ?? Infinity) * state.settings.value.epochs;
    return Math.round(60 * Math.min(1, state.progress.value.step / steps)) / 60;
  });
  effect(() => {
    render(formOf(state, actions, share), host);
  });
  // Its picture is drawn once the Worker has said how it goes.
  effect(() => {
    const { schedule } = state.settings.value;
    if (state.adapter.value !== undefined && state.shapes.peek()[schedule] === undefined)
      actions.ask({ type: 'shape', schedule });
  });
}

/** Of the run, how much is done. */
type Share = ReadonlySignal<number>;

const formOf = (state: State, actions: Actions, share: Share): TemplateResult => {
  const t = state.words.value;
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
      <legend>${t.atOnce}</legend>
      ${hotFields(state, actions, share)}
    </fieldset>
    <fieldset class="plain" ?disabled=${state.fixed.value}>
      <legend>${t.nextRun}</legend>
      ${coldFields(state, actions)}
      <p class="outdated">${state.outdated.value ? t.outdated : nothing}</p>
    </fieldset>
    ${hiddenOf(state, actions)}
  </form>`;
};

const hotFields = (state: State, actions: Actions, share: Share): TemplateResult => {
  const t = state.words.value;
  const { schedule } = state.settings.value;
  return html`${numberOf('rate', state, actions, { min: 1e-6, max: 1e6, step: 'any' })}
    ${numberOf('epochs', state, actions, { min: 1, max: 200, step: 1 })}
    <label class="field">
      <span>${t.schedule}</span>
      <select name="schedule" @change=${choose((value) => actions.change({ schedule: value as ScheduleName }))}>
        ${optionsOf(t.schedules, schedule)}
      </select>
    </label>
    ${scheduleShape(state, share.value)} ${scheduleTable(state)}`;
};

const coldFields = (state: State, actions: Actions): TemplateResult => {
  const t = state.words.value;
  const { optimizer, heldOut } = state.settings.value;
  const changed = markOf('optimizer', state);
  return html`<label class="field">
      <span>${t.optimizer} ${changed}</span>
      <select name="optimizer" @change=${choose((value) => actions.change({ optimizer: value as OptimizerName }))}>
        ${optionsOf(t.optimizers, optimizer)}
      </select>
    </label>
    ${optimizer === 'sgd' ? numberOf('momentum', state, actions, { min: 0, max: 0.999, step: 'any' }) : nothing}
    ${numberOf('weightDecay', state, actions, { min: 0, max: 10, step: 'any' })}
    ${numberOf('clip', state, actions, { min: 0, max: 1e6, step: 'any' })}
    ${numberOf('batch', state, actions, { min: 1, max: 1024, step: 1 })}
    <label class="field">
      <span>${t.heldOut} ${markOf('heldOut', state)}</span>
      <select name="heldOut" @change=${choose((value) => actions.change({ heldOut: Number(value) }))}>
        ${optionsOf({ 0: t.heldOuts.none, 0.1: t.heldOuts.tenth, 0.2: t.heldOuts.fifth }, String(heldOut))}
      </select>
    </label>
    ${numberOf('seed', state, actions, { min: 0, max: 4_294_967_295, step: 1 })}`;
};

/** Says of a setting that the run at hand was begun with another value. */
export const markOf = (name: keyof Settings, state: State): TemplateResult | typeof nothing => {
  const begun = state.begun.value ? state.run.value?.settings : undefined;
  if (begun === undefined || name in hotOf(begun) || begun[name] === state.settings.value[name]) return nothing;
  return html`<b class="changed" title=${state.words.value.restartToApply}>${state.words.value.restart}</b>`;
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
    <span>${state.words.value.numbers[name]} ${markOf(name, state)}</span>
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
