import { html, nothing, type TemplateResult } from 'lit-html';
import { reasonAgainstMeasuring, type Measuring } from '../measuring.js';
import type { KernelDeed } from '../protocol/kernels.js';
import { isBusy, type State } from '../state.js';

/** The button that begins a deed, what it means for a run that trains, and how far it is. */
export function deedOf(does: KernelDeed, label: string, state: State, measuring: Measuring): TemplateResult {
  const t = state.words.value.kernels;
  const job = state.kernelJob.value;
  const own = job?.does === does ? job : undefined;
  const reason = reasonAgainstMeasuring(state);
  const hint = own === undefined && reason !== undefined ? t[reason] : isBusy(state.phase.value) ? t.pauses : nothing;
  const stage = own && t.stages[own.stage];
  return html`<div class="kernel-deed">
    <button
      type="button"
      data-kernels=${does}
      aria-disabled=${reason === undefined ? 'false' : 'true'}
      aria-describedby="kernel-${does}-reason"
      @click=${() => measuring.begin(does)}
    >
      ${label}
    </button>
    ${
      own === undefined
        ? nothing
        : html`<button type="button" class="stop" @click=${() => measuring.stop()}>${t.stop}</button>
            <progress max="1" .value=${own.total > 0 ? own.done / own.total : 0} aria-label=${label}></progress>`
    }
    <span id="kernel-${does}-reason" class="hint">${hint}</span>
    <span class="kernel-stage hint" role="status">
      ${stage === undefined ? nothing : own?.plan === undefined ? stage : t.stageOf(t.plans[own.plan], stage)}
    </span>
  </div>`;
}
