import { html, type TemplateResult } from 'lit-html';
import type { Words } from '../text/en.js';

/** The cards of the chapter Kernels: hosts, which are filled when a person comes near. */
export const kernelPlaces = ({ kernels: { titles } }: Words): TemplateResult =>
  html`${Object.entries(titles).map(
    ([name, title]) =>
      html`<section class="card" aria-labelledby="kernel-${name}-title">
        <h3 id="kernel-${name}-title">${title}</h3>
        <div id="kernel-${name}" class="kernel-card"></div>
      </section>`,
  )}`;
