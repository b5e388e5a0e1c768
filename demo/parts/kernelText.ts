import { html, type TemplateResult } from 'lit-html';
import { count } from '../format.js';
import type { ShownDispatch } from '../protocol/kernels.js';
import type { State } from '../state.js';
import { tokensOf } from '../wgslTokens.js';
import { copyButton, type Copying } from './copying.js';

/** The WGSL of a dispatch, with numbers of its lines. */
export const kernelText = (
  { kernel, variant, covers, groups, code }: ShownDispatch,
  position: number,
  state: State,
  copying: Copying,
  close: () => void,
): TemplateResult => {
  const words = state.words.value;
  const t = words.kernelPlan;
  const lines = code.trim().split('\n');
  return html`<section class="kernel-text" aria-labelledby="kernel-text-title">
    <div class="kernel-text-head">
      <h4 id="kernel-text-title" tabindex="-1" translate="no">${position + 1} ${kernel} <small>${variant}</small></h4>
      <button type="button" class="close" aria-label=${t.close} @click=${close}>✕</button>
    </div>
    <p class="hint"><span translate="no">${covers}</span></p>
    <p class="hint">${t.lines(count(lines.length), groups.join('×'))}</p>
    <pre
      tabindex="0"
      role="group"
      aria-labelledby="kernel-text-title"
      translate="no"
    ><code>${lines.map(lineOf)}</code></pre>
    ${copyButton(copying, t.copy, () => code.trim(), words)}
  </section>`;
};

const lineOf = (line: string): unknown[] => [
  html`<span class="line"
    >${tokensOf(line).map(({ text, kind }) => (kind === undefined ? text : html`<i class=${kind}>${text}</i>`))}</span
  >`,
  '\n',
];
