import { html, type TemplateResult } from 'lit-html';
import type { Actions } from '../actions.js';
import type { Settings } from '../protocol.js';
import type { State } from '../state.js';

/** What the tutorial's net reaches on MNIST's test images. */
export const REFERENCE = 0.984;
/** How: as the tutorial trains it. */
const ITS_SETTINGS: Partial<Settings> = {
  data: 'mnist',
  augment: 'none',
  net: 'tutorial',
  optimizer: 'sgd',
  rate: 0.001,
  schedule: 'constant',
  momentum: 0.9,
  weightDecay: 0,
  clip: 0,
  batch: 64,
  epochs: 10,
  heldOut: 0,
  begin: 'random',
  learn: 'set',
};

/** The line that a run can be held against, and the settings behind it. */
export const referenceOf = (state: State, actions: Actions): TemplateResult => {
  const t = state.words.value.reference;
  return html`<details class="reference">
    <summary title=${t.settings}>${t.name}</summary>
    <p>${t.settings}</p>
    <button type="button" @click=${() => actions.change(ITS_SETTINGS)}>${t.use}</button>
  </details>`;
};
