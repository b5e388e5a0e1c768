import { effect, untracked } from '@preact/signals-core';
import { html, nothing, render, type TemplateResult } from 'lit-html';
import type { Actions } from '../actions.js';
import { digits } from '../../bench/table.js';
import { count, percent, seconds } from '../format.js';
import type { Measuring } from '../measuring.js';
import type { TunedKernel, TunedKernels, TunedStep } from '../protocol/kernels.js';
import type { State } from '../state.js';
import type { Words } from '../text/en.js';
import { deedOf } from './kernelDeed.js';

/** The variants that are fastest on this adapter, kept for the next run. */
export function mountKernelTune(host: HTMLElement, state: State, measuring: Measuring, actions: Actions): void {
  effect(() => {
    // A run that nobody has begun is made anew with what was found.
    if (state.tunedKernels.value !== undefined && untracked(() => !state.begun.value)) actions.reset();
  });
  effect(() => {
    const t = state.words.value.kernelTune;
    const tuned = state.tunedKernels.value;
    const software = state.adapter.value?.fallback === true;
    render(
      html`<p class="hint">${t.about} ${t.takes[software ? 'software' : 'gpu']} ${t.kept}</p>
        ${deedOf('tune', t.begin, state, measuring)}
        ${tuned === undefined ? nothing : resultOf(tuned, state.begun.value, state.words.value)}`,
      host,
    );
  });
}

const resultOf = (tuned: TunedKernels, begun: boolean, words: Words): TemplateResult => {
  const t = words.kernelTune;
  const rivals = tuned.kernels.filter(({ variants }) => variants.length > 1);
  const single = tuned.kernels.length - rivals.length;
  return html`<p class="kernel-summary" role="status">${summaryOf(tuned, t)} ${begun ? t.used : t.ready}</p>
    <div class="kernel-scroll" tabindex="0" role="group" aria-label=${t.caption}>
      <table class="kernels">
        <caption class="visually-hidden">
          ${t.caption}
        </caption>
        <thead>
          <tr>
            <th scope="col">${words.kernels.kernel}</th>
            <th scope="col" class="roomy">${t.tried}</th>
            ${[t.standard, t.fastest, t.gain].map((head) => html`<th scope="col">${head}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rivals.map((kernel) => rowOf(kernel, t))}
        </tbody>
      </table>
    </div>
    ${single === 0 ? nothing : html`<p class="hint">${t.single(count(single))}</p>`} ${stepsOf(tuned.steps, t)}`;
};

function summaryOf({ steps, seconds: took }: TunedKernels, t: Words['kernelTune']): string {
  const [chosen, standard] = [
    steps.find((step) => step.chosen),
    steps.find(({ base, without }) => base === 'default' && without === ''),
  ];
  if (chosen?.ms === undefined || standard?.ms === undefined || chosen === standard) return t.same(seconds(took));
  return t.result(seconds(took), percent(chosen.ms / standard.ms));
}

const rowOf = ({ kernel, covers, variants, chosen }: TunedKernel, t: Words['kernelTune']) => {
  const [standard] = variants;
  const best = variants.find(({ name }) => name === chosen);
  const wrong = variants.filter((variant) => variant.wrong !== undefined).map(({ name }) => name);
  return html`<tr>
    <th scope="row" translate="no">
      <span class="kernel-name">${kernel}</span>
      <small>${covers}</small>
      ${wrong.length === 0 ? nothing : html`<small class="warning">${t.wrong(wrong.join(', '))}</small>`}
    </th>
    <td class="roomy">${variants.length}</td>
    <td>${variantOf(standard)}</td>
    <td class="won">${best === standard ? '✓' : variantOf(best)}</td>
    <td>
      ${standard?.ms === undefined || best?.ms === undefined || best === standard ? nothing : percent(best.ms / standard.ms)}
    </td>
  </tr>`;
};

const variantOf = (variant: TunedKernel['variants'][number] | undefined) =>
  variant === undefined
    ? nothing
    : html`${variant.ms === undefined ? nothing : digits(variant.ms)} <small translate="no">${variant.name}</small>`;

const stepsOf = (steps: readonly TunedStep[], t: Words['kernelTune']): TemplateResult =>
  html`<table class="kernels kernel-steps">
    <caption>
      ${t.steps}
    </caption>
    <thead>
      <tr>
        ${[t.plan, t.dispatches, t.ms].map((head) => html`<th scope="col">${head}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${steps.map(
        ({ base, without, dispatches, ms, chosen }) =>
          html`<tr>
            <th scope="row">
              ${without === '' ? t.bases[base] : t.without(t.bases[base], without)}
              ${chosen ? html`<b class="won">✓ ${t.chosen}</b>` : nothing}
            </th>
            <td>${ms === undefined ? nothing : dispatches}</td>
            <td>${ms === undefined ? nothing : digits(ms)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
