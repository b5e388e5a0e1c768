import { computed, effect } from '@preact/signals-core';
import { html, nothing, render, type TemplateResult } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import { withUnit } from '../../src/lab.js';
import { count } from '../format.js';
import type { PlanName, ShownDispatch, ShownPlan } from '../protocol/kernels.js';
import type { State } from '../state.js';
import { createCopying } from './copying.js';
import type { KernelChoice } from './kernelChoice.js';
import { kernelText } from './kernelText.js';

/** The dispatches of a plan as a list, and the text of the one that is open. */
export function mountKernelPlan(host: HTMLElement, state: State, { plan, opened }: KernelChoice): void {
  const copying = createCopying();
  const shown = computed(() => state.plans.value?.plans.find(({ name }) => name === plan.value));
  const open = computed(() => shown.value?.dispatches[opened.value ?? -1]);
  const choose = (name: PlanName) => {
    opened.value = undefined;
    plan.value = name;
  };
  const press = (position: number) => {
    opened.value = opened.peek() === position ? undefined : position;
    host.querySelector('.kernel-text')?.scrollIntoView({ block: 'nearest' });
  };
  const close = () => {
    const row = host.querySelector<HTMLElement>('[aria-expanded="true"]');
    opened.value = undefined;
    row?.focus();
  };
  effect(() => {
    void open.value;
    copying.forget();
  });
  effect(() => {
    const t = state.words.value.kernelPlan;
    const one = open.value;
    render(
      shown.value === undefined
        ? html`<p class="hint">${t.waiting}</p>`
        : html`${choiceOf(state, plan.value, choose)} ${listOf(shown.value, opened.value, state, press)}
          ${one === undefined ? nothing : kernelText(one, opened.peek() ?? 0, state, copying, close)}`,
      host,
    );
  });
}

const choiceOf = (state: State, chosen: PlanName, choose: (name: PlanName) => void): TemplateResult => {
  const t = state.words.value;
  const known = state.plans.value?.plans.map(({ name }) => name) ?? [];
  return html`<fieldset class="kernel-choice">
    <legend class="visually-hidden">${t.kernelPlan.which}</legend>
    <div class="segments">
      ${(Object.keys(t.kernels.plans) as PlanName[]).map(
        (name) =>
          html`<label>
            <input
              type="radio"
              name="kernel-plan"
              value=${name}
              ?disabled=${!known.includes(name)}
              .checked=${live(name === chosen)}
              @change=${() => choose(name)}
            />
            <span>${t.kernels.plans[name]}</span>
          </label>`,
      )}
    </div>
  </fieldset>`;
};

const listOf = (
  { dispatches, scratchBytes }: ShownPlan,
  opened: number | undefined,
  state: State,
  press: (position: number) => void,
): TemplateResult => {
  const { kernelPlan: t, kernels: said } = state.words.value;
  const sum = (of: (dispatch: ShownDispatch) => number) => dispatches.reduce((all, each) => all + of(each), 0);
  const summary = t.summary(
    count(dispatches.length),
    withUnit(
      sum(({ flops }) => flops),
      'FLOP',
    ),
    withUnit(
      sum(({ bytes }) => bytes),
      'B',
    ),
    withUnit(scratchBytes, 'B'),
  );
  return html`<p class="kernel-summary">${summary}</p>
    <p class="hint">${t.hint}</p>
    <div class="kernel-scroll" tabindex="0" role="group" aria-label=${t.caption}>
      <table class="kernels">
        <caption class="visually-hidden">
          ${t.caption}
        </caption>
        <thead>
          <tr>
            <th scope="col" class="place">#</th>
            <th scope="col">${said.kernel}</th>
            <th scope="col" class="roomy">${t.groups}</th>
            ${[t.work, t.bytes].map((head) => html`<th scope="col">${head}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${dispatches.map((dispatch, position) => rowOf(dispatch, position, opened, state, press))}
        </tbody>
      </table>
    </div>`;
};

const rowOf = (
  { kernel, variant, covers, groups, flops, bytes }: ShownDispatch,
  position: number,
  opened: number | undefined,
  state: State,
  press: (position: number) => void,
): TemplateResult =>
  html`<tr class="pressable" data-open=${String(position === opened)}>
    <td class="place">${position + 1}</td>
    <th scope="row">
      <button
        type="button"
        class="kernel-name"
        aria-expanded=${position === opened ? 'true' : 'false'}
        aria-label=${state.words.value.kernelPlan.open(position + 1, kernel)}
        translate="no"
        @click=${() => press(position)}
      >
        ${kernel}
      </button>
      <small translate="no"><b>${variant}</b> ${covers}</small>
    </th>
    <td class="roomy">${groups.join('×')}</td>
    <td>${flops === 0 ? nothing : withUnit(flops, 'FLOP')}</td>
    <td>${withUnit(bytes, 'B')}</td>
  </tr>`;
