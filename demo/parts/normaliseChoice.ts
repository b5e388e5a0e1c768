import { html, type TemplateResult } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import type { Actions } from '../actions.js';
import { LEAST_STD, MOST_STD, normalisationBy, type NormaliseBy } from '../normalising.js';
import type { Normalisation } from '../protocol.js';
import type { State } from '../state.js';
import { markOf } from './controls.js';

const LIMITS = { mean: [0, 1], std: [LEAST_STD, MOST_STD] } as const;

/** The two numbers that pixels are normalised by, and what they usually are. */
export const normaliseChoice = (raw: Normalisation, state: State, actions: Actions): TemplateResult => {
  const t = state.words.value.normalise;
  const { mean, std } = state.settings.value;
  return html`<fieldset class="normalise-choice" ?disabled=${state.fixed.value}>
    <legend class="visually-hidden">${t.by}</legend>
    ${fieldOf('mean', state, actions)} ${fieldOf('std', state, actions)}
    <div class="segments">
      ${Object.entries(t.usual).map(([by, label]) => {
        const numbers = normalisationBy(by as NormaliseBy, raw);
        return html`<label
          ><input
            type="radio"
            name="normalise"
            value=${by}
            .checked=${live(numbers.mean === mean && numbers.std === std)}
            @change=${() => actions.change(numbers)}
          /><span>${label}</span></label
        >`;
      })}
    </div>
  </fieldset>`;
};

const fieldOf = (name: keyof Normalisation, state: State, actions: Actions): TemplateResult => {
  const [least, most] = LIMITS[name];
  return html`<label class="field">
    <span>${state.words.value.normalise[name]} ${markOf(name, state)}</span>
    <input
      type="number"
      name=${name}
      inputmode="decimal"
      required
      min=${least}
      max=${most}
      step="any"
      .value=${live(String(state.settings.value[name]))}
      @change=${(event: Event) => {
        const input = event.target as HTMLInputElement;
        if (input.reportValidity()) actions.change({ [name]: input.valueAsNumber });
      }}
    />
  </label>`;
};
