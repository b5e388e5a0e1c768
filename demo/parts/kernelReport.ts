import { effect } from '@preact/signals-core';
import { html, render } from 'lit-html';
import { kernelReport } from '../kernelReport.js';
import type { State } from '../state.js';
import { copyButton, createCopying } from './copying.js';

/** A button for all of it. */
export function mountKernelReport(host: HTMLElement, state: State): void {
  const copying = createCopying();
  const textOf = () => JSON.stringify(kernelReport(state, new Date()), null, 1);
  effect(() => {
    const words = state.words.value;
    const t = words.kernelReport;
    render(
      html`<p class="hint">${t.about}</p>
        ${copyButton(copying, t.copy, textOf, words)}`,
      host,
    );
  });
}
