import { effect } from '@preact/signals-core';
import { html, nothing, render } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import type { Actions } from '../actions.js';
import { count, millions } from '../format.js';
import type { NetName, OptimizerName, Settings } from '../protocol.js';
import { isBusy, type Away, type State } from '../state.js';
import { dataOf, takeDrops } from './data.js';

const NETS: Readonly<Record<NetName, string>> = { tutorial: 'Tutorial', figure: 'Figure', wide: 'Wide' };
const LAYERS: Readonly<Record<NetName, string>> = {
  tutorial: '2 convolutions, 3 dense layers',
  figure: '3 convolutions, 1 dense layer',
  wide: '2 broad convolutions, 2 dense layers',
};
const OPTIMIZERS: Readonly<Record<OptimizerName, string>> = {
  adam: 'Adam',
  sgd: 'SGD, momentum 0.9',
};

/** The settings of a run, as a form: what is out of range is said by the browser, in its own words. */
export function mountControls(host: HTMLElement, state: State, actions: Actions): void {
  takeDrops(host, actions);
  effect(() => {
    render(formOf(state, actions), host);
  });
}

const formOf = (state: State, actions: Actions) => {
  const settings = state.settings.value;
  const net = state.nets.value?.[settings.net];
  return html`<form
    class="settings"
    autocomplete="off"
    @submit=${(event: Event) => {
      event.preventDefault();
      // Enter in a field starts, and never stops.
      if (!isBusy(state.phase.peek())) actions.primary();
    }}
  >
    <fieldset class="plain" ?disabled=${state.phase.value === 'blocked'}>
      ${dataOf(state, actions)}
      <label class="field wide-field">
        <span>Net</span>
        <select name="net" @change=${choose((value) => actions.change({ net: value as NetName }))}>
          ${optionsOf(NETS, settings.net)}
        </select>
        <small>
          ${LAYERS[settings.net]}<br />
          ${net === undefined ? nothing : html`${count(net.parameters)} parameters, ${millions(net.macs)} <abbr title="multiply-adds an image">MAC</abbr>`}
        </small>
      </label>
      <label class="field">
        <span>Optimizer</span>
        <select name="optimizer" @change=${choose((value) => actions.change({ optimizer: value as OptimizerName }))}>
          ${optionsOf(OPTIMIZERS, settings.optimizer)}
        </select>
      </label>
      ${numberOf('rate', 'Learning rate', settings, actions, { min: 1e-6, max: 1e6, step: 'any' })}
      ${numberOf('batch', 'Batch', settings, actions, { min: 1, max: 1024, step: 1 })}
      ${numberOf('epochs', 'Epochs', settings, actions, { min: 1, max: 200, step: 1 })}
      ${numberOf('seed', 'Seed', settings, actions, { min: 0, max: 4_294_967_295, step: 1 })}
      ${hiddenOf(state, actions)}
      <p class="outdated">${state.outdated.value ? 'Changed: the next start is a new run.' : nothing}</p>
    </fieldset>
  </form>`;
};

const AWAY: Readonly<Record<Away['run'], string>> = {
  trained: 'It was out of sight: training went on.',
  paused: 'It was out of sight: training paused, and went on.',
  frozen: 'The browser had stopped this tab: training went on where it was.',
};

const hiddenOf = (state: State, actions: Actions) => {
  const away = state.away.value;
  return html`<label class="check wide-field">
    <input
      type="checkbox"
      name="pauseHidden"
      .checked=${live(state.whenHidden.value === 'pause')}
      @change=${(event: Event) => actions.hide((event.target as HTMLInputElement).checked ? 'pause' : 'train')}
    />
    <span>Pause while this tab is out of sight</span>
    <small class="away" role="status">${away?.over === true ? AWAY[away.run] : nothing}</small>
  </label>`;
};

const optionsOf = (labels: Readonly<Record<string, string>>, chosen: string) =>
  Object.entries(labels).map(
    ([value, label]) => html`<option value=${value} .selected=${live(value === chosen)}>${label}</option>`,
  );

const choose = (take: (value: string) => void) => (event: Event) => take((event.target as HTMLSelectElement).value);

type NumberName = 'rate' | 'batch' | 'epochs' | 'seed';

const numberOf = (
  name: NumberName,
  label: string,
  settings: Settings,
  actions: Actions,
  { min, max, step }: { min: number; max: number; step: number | 'any' },
) => {
  const take = (event: Event) => {
    const input = event.target as HTMLInputElement;
    // A value out of range stays in its field, marked, and the setting stays as it was.
    if (input.checkValidity()) actions.change({ [name]: input.valueAsNumber });
  };
  return html`<label class="field">
    <span>${label}</span>
    <input
      type="number"
      name=${name}
      inputmode="decimal"
      required
      min=${min}
      max=${max}
      step=${step}
      .value=${String(settings[name])}
      @change=${take}
    />
  </label>`;
};
