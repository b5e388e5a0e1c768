import { effect } from '@preact/signals-core';
import { html, nothing, render, type TemplateResult } from 'lit-html';
import type { Actions } from '../actions.js';
import type { Block, State } from '../state.js';

/** Why nothing can be trained here, and what a person can do about it. */
export function mountNotice(host: HTMLElement, state: State): void {
  effect(() => {
    const block = state.block.value;
    host.hidden = block === undefined;
    if (block === undefined) return;
    const { title, body } = RUNGS[block.why];
    host.dataset['why'] = block.why;
    render(
      html`<h2>${title}</h2>
        ${body} ${block.detail === '' ? nothing : html`<p class="notice-detail">${block.detail}</p>`}
        <button type="button" @click=${() => location.reload()}>Try again</button>`,
      host,
    );
  });
}

/** Errors as they come, each until it is dismissed. */
export function mountFaults(host: HTMLElement, state: State, actions: Actions): void {
  effect(() => {
    render(
      state.faults.value.map(
        ({ code, message }) =>
          html`<div class="fault" data-code=${code}>
            <p>${message}</p>
            <button type="button" aria-label="Dismiss this message" @click=${() => actions.dismiss(message)}>✕</button>
          </div>`,
      ),
      host,
    );
  });
}

const browsers = html`<table>
  <caption>
    Browsers with WebGPU
  </caption>
  <tbody>
    <tr>
      <th scope="row">Chrome, Edge</th>
      <td>from 113 on Windows, macOS and ChromeOS; from 121 on Android; on Linux, newer versions and not every GPU</td>
    </tr>
    <tr>
      <th scope="row">Safari</th>
      <td>from 26, on macOS, iPhone and iPad</td>
    </tr>
    <tr>
      <th scope="row">Firefox</th>
      <td>from 141 on Windows; from 145 on Macs with Apple’s chips</td>
    </tr>
  </tbody>
</table>`;

const RUNGS: Readonly<Record<Block, { readonly title: string; readonly body: TemplateResult }>> = {
  insecure: {
    title: 'This address is not secure, so the browser hides the GPU',
    body: html`<p>
      Browsers offer WebGPU only to pages opened over <b>https</b> or from this very computer. Open the page by an
      <code>https://</code> address, or as <code>http://localhost</code>.
    </p>`,
  },
  'no-webgpu': {
    title: 'This browser has no WebGPU',
    body: html`<p>
        Everything here is computed by your GPU, through WebGPU. Open the page in one of these browsers, or update this
        one:
      </p>
      ${browsers}`,
  },
  'no-worker-webgpu': {
    title: 'This browser keeps WebGPU from Workers',
    body: html`<p>Training runs in a Worker, so that the page stays quick. These browsers let it:</p>
      ${browsers}`,
  },
  'no-adapter': {
    title: 'WebGPU is here, but it found no GPU',
    body: html`<p>
        The browser has switched its use of the GPU off, or it does not trust this driver. In Chrome or Edge:
      </p>
      <ul>
        <li>Switch on <b>Use graphics acceleration when available</b> in <code>chrome://settings/system</code>.</li>
        <li>
          Enable <code>chrome://flags/#enable-unsafe-webgpu</code>, and on Linux also <code>#enable-vulkan</code>.
        </li>
        <li>Update the graphics driver; <code>chrome://gpu</code> says what the browser thinks of it.</li>
      </ul>
      <p>Restart the browser after each change.</p>`,
  },
  limit: {
    title: 'This GPU is too small for the nets here',
    body: html`<p>It was found, but it offers less than training needs. Another device or browser may offer more.</p>`,
  },
  broken: {
    title: 'Training could not be made ready',
    body: html`<p>
      There is a GPU, but something failed on the way to it. It may help to close other pages that use the GPU.
    </p>`,
  },
};
