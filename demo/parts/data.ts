import { html, nothing } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import type { Actions } from '../actions.js';
import { count, megabytes } from '../format.js';
import type { DataKind, DataSummary } from '../protocol.js';
import type { State } from '../state.js';

const LABELS: Readonly<Record<DataKind, string>> = { digits: 'Generated', mnist: 'MNIST', files: 'Own files' };
const IMAGES = [2000, 20_000, 60_000];

/** Where the images come from. Choosing a source fetches nothing; its own button does. */
export const dataOf = (state: State, actions: Actions) => {
  const chosen = state.settings.value.data;
  const panel = (kind: DataKind, body: unknown) =>
    html`<div class="source" data-source=${kind} ?inert=${kind !== chosen} ?data-chosen=${kind === chosen}>
      ${body}
    </div>`;
  return html`<fieldset class="data wide-field">
    <legend>Data</legend>
    <div class="segments">
      ${Object.entries(LABELS).map(
        ([kind, label]) =>
          html`<label>
            <input
              type="radio"
              name="data"
              value=${kind}
              .checked=${live(kind === chosen)}
              @change=${() => actions.change({ data: kind as DataKind })}
            /><span>${label}</span>
          </label>`,
      )}
    </div>
    <div class="sources">
      ${panel('digits', digitsOf(state, actions))} ${panel('mnist', mnistOf(state, actions))}
      ${panel('files', filesOf(state, actions))}
    </div>
  </fieldset>`;
};

const digitsOf = (state: State, actions: Actions) => {
  const software = state.adapter.value?.fallback === true;
  return html`<label class="inline">
      <select
        name="images"
        aria-label="How many images to generate"
        @change=${(event: Event) => actions.change({ images: Number((event.target as HTMLSelectElement).value) })}
      >
        ${IMAGES.map(
          (images) =>
            html`<option value=${images} .selected=${live(images === state.settings.value.images)}>
              ${count(images)} images
            </option>`,
        )}
      </select>
    </label>
    <p class="hint ${software ? 'warning' : ''}">
      ${
        software
          ? 'No graphics card here: software computes, perhaps a hundred times slower. So the run starts small.'
          : 'Handwriting drawn from the seed, in this page. Nothing is downloaded.'
      }
    </p>`;
};

const mnistOf = (state: State, actions: Actions) => {
  const arriving = state.arriving.value;
  const here = state.data.value.mnist;
  const kept = state.mnistKept.value;
  return html`${
      arriving !== undefined
        ? html`<div class="arriving">
            <progress
              aria-label="MNIST download"
              max=${Math.max(1, arriving.total)}
              .value=${arriving.bytes}
            ></progress>
            <span>${megabytes(arriving.bytes)} of ${megabytes(arriving.total)}</span>
            <button type="button" @click=${() => actions.cancelFetch()}>Cancel</button>
          </div>`
        : here !== undefined
          ? html`<p class="here">${sizesOf(here)}, SHA-256 checked</p>`
          : html`<button type="button" id="fetch-mnist" @click=${() => actions.fetchMnist()}>
              ${kept ? 'Load from this browser’s cache' : 'Download, 11.6 MB'}
            </button>`
    }
    <p class="hint">
      Handwritten digits by Y. LeCun, C. Cortes and C. J. C. Burges,
      <a href="https://creativecommons.org/licenses/by-sa/3.0/" rel="noreferrer" target="_blank">CC BY-SA 3.0</a>. From
      cdn.jsdelivr.net, or else raw.githubusercontent.com.
    </p>`;
};

const filesOf = (state: State, actions: Actions) => {
  const here = state.data.value.files;
  const take = (event: Event) => {
    const input = event.target as HTMLInputElement;
    actions.readFiles([...(input.files ?? [])]);
    // The same files chosen again are a change, too.
    input.value = '';
  };
  return html`<label class="drop">
      <input type="file" multiple class="visually-hidden" @change=${take} />
      <span>${here === undefined ? 'Choose or drop four IDX files' : sizesOf(here)}</span>
    </label>
    <p class="hint">
      train-images-idx3-ubyte, train-labels-idx1-ubyte, and the same with t10k; .gz is fine. They stay on this computer.
    </p>`;
};

const sizesOf = ({ train, test }: DataSummary) => html`${count(train)} + ${count(test)} images ${nothing}`;

/** Files may be dropped anywhere on the page; the settings show where they go. */
export function takeDrops(host: HTMLElement, actions: Actions): void {
  const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') === true;
  addEventListener('dragover', (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    host.classList.add('dropping');
  });
  addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) host.classList.remove('dropping');
  });
  addEventListener('drop', (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    host.classList.remove('dropping');
    actions.change({ data: 'files' });
    actions.readFiles([...(event.dataTransfer?.files ?? [])]);
  });
}
