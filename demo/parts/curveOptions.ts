import { effect } from '@preact/signals-core';
import { html, render } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import type { State } from '../state.js';
import type { Across } from '../state/train.js';
import { choose, optionsOf } from './choice.js';

const MOST = 0.99;

/** How the curves are drawn: nothing of the run changes by it. */
export function mountCurveOptions(host: HTMLElement, state: State): void {
  effect(() => {
    const t = state.words.value.curveOptions;
    render(
      html`<label class="field smoothing">
          <span>${t.smoothing} <output>${state.smoothing.value.toFixed(2)}</output></span>
          <input
            type="range"
            name="smoothing"
            min="0"
            max=${MOST}
            step="0.01"
            .value=${live(String(state.smoothing.value))}
            @input=${(event: Event) => {
              state.smoothing.value = (event.target as HTMLInputElement).valueAsNumber;
            }}
          />
        </label>
        <label class="field">
          <span>${t.across}</span>
          <select
            name="across"
            @change=${choose((value) => {
              state.across.value = value as Across;
            })}
          >
            ${optionsOf(t.acrosses, state.across.value)}
          </select>
        </label>
        <label class="check">
          <input
            type="checkbox"
            name="logLoss"
            .checked=${live(state.logLoss.value)}
            @change=${(event: Event) => {
              state.logLoss.value = (event.target as HTMLInputElement).checked;
            }}
          />
          <span>${t.log}</span>
        </label>`,
      host,
    );
  });
}
