import { effect } from '@preact/signals-core';
import { html, nothing, render, type TemplateResult } from 'lit-html';
import { count, percent, seconds } from '../format.js';
import type { Measuring } from '../measuring.js';
import type { CheckedPlan, KernelCheck, KernelChecks } from '../protocol/kernels.js';
import type { State } from '../state.js';
import type { Words } from '../text/en.js';
import { deedOf } from './kernelDeed.js';

/** Every kernel of every plan against the formula that it computes. */
export function mountKernelCheck(host: HTMLElement, state: State, measuring: Measuring): void {
  effect(() => {
    const t = state.words.value.kernelCheck;
    const checks = state.kernelChecks.value;
    const software = state.adapter.value?.fallback === true;
    render(
      html`<p class="hint">${t.about} ${t.takes[software ? 'software' : 'gpu']}</p>
        ${deedOf('check', t.begin, state, measuring)}
        ${checks === undefined ? nothing : resultOf(checks, state.words.value)}`,
      host,
    );
  });
}

const resultOf = (checks: KernelChecks, words: Words): TemplateResult => {
  const t = words.kernelCheck;
  return html`<p class="kernel-summary" role="status">${summaryOf(checks, words)}</p>
    ${checks.plans.map(({ untested }) =>
      untested === undefined ? nothing : html`<p class="warning" translate="no">${untested}</p>`,
    )}
    <div class="kernel-scroll" tabindex="0" role="group" aria-label=${t.caption}>
      <table class="kernels">
        <caption class="visually-hidden">
          ${t.caption}
        </caption>
        <thead>
          <tr>
            <th scope="col">${words.kernels.kernel}</th>
            <th scope="col" class="roomy">${t.compared}</th>
            ${[t.error, t.bound].map((head) => html`<th scope="col">${head}</th>`)}
            <th scope="col" class="roomy">${t.part}</th>
            <th scope="col">${t.verdict}</th>
          </tr>
        </thead>
        ${checks.plans.map((plan) => planOf(plan, words))}
      </table>
    </div>`;
};

function summaryOf({ plans, seconds: took }: KernelChecks, { kernelCheck: t }: Words): string {
  const all = plans.flatMap(({ kernels }) => kernels);
  const wrong = all.filter(({ passed }) => !passed).length;
  const samples = all.reduce((sum, each) => sum + each.samples, 0);
  const unchecked = plans.reduce((sum, plan) => sum + plan.unchecked, 0);
  const found =
    wrong > 0
      ? t.someWrong(count(wrong), count(all.length))
      : t.allRight(count(all.length), count(samples), seconds(took));
  return unchecked === 0 ? found : `${found} ${t.unchecked(count(unchecked))}`;
}

const planOf = ({ name, kernels }: CheckedPlan, words: Words): TemplateResult =>
  html`<tbody>
    <tr>
      <th scope="rowgroup" colspan="6" class="kernel-group">${words.kernels.plans[name]}</th>
    </tr>
    ${kernels.map((check) => rowOf(check, words.kernelCheck))}
  </tbody>`;

const rowOf = (
  { kernel, variant, covers, passed, samples, error, bound, worst, where }: KernelCheck,
  t: Words['kernelCheck'],
): TemplateResult =>
  html`<tr data-passed=${String(passed)}>
    <th scope="row" translate="no">
      <span class="kernel-name">${kernel}</span>
      <small><b>${variant}</b> ${passed ? covers : where}</small>
    </th>
    <td class="roomy">${count(samples)}</td>
    <td>${small(error)}</td>
    <td>${small(bound)}</td>
    <td class="roomy">${percent(worst)}</td>
    <td class="verdict">
      <span aria-hidden="true">${passed ? '✓' : '✗'}</span>
      <span class="verdict-word">${passed ? t.right : t.wrong}</span>
    </td>
  </tr>`;

/** 1.2e−7; nothing is 0. */
const small = (value: number): string => (value === 0 ? '0' : value.toExponential(1).replace('-', '−'));
