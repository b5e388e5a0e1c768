import { effect } from '@preact/signals-core';
import { html, render } from 'lit-html';
import { onFrames } from '../frames.js';
import type { State } from '../state.js';
import { paintGrey } from './grey.js';

const SIDE = 28;

/** The first training images of the chosen source, with their labels; one of them is looked at more closely below. */
export function mountPreview(host: HTMLElement, state: State): void {
  const preview = () => state.data.value[state.settings.value.data]?.preview;
  const paint = onFrames(() => {
    const images = preview();
    host.querySelectorAll('canvas').forEach((canvas, i) => {
      const pixels = images?.pixels.subarray(i * SIDE * SIDE, (i + 1) * SIDE * SIDE);
      if (pixels !== undefined) paintGrey(canvas, pixels);
    });
  });
  effect(() => {
    const t = state.words.value;
    const labels = [...(preview()?.labels ?? [])];
    host.hidden = labels.length === 0;
    render(
      html`<h3>${t.preview}</h3>
        <p class="hint">${t.previewHint}</p>
        <div class="preview" role="group" aria-label=${t.previewOf(labels.join(', '))}>
          ${labels.map(
            (label, i) =>
              html`<button
                type="button"
                aria-label=${t.imageOf(i + 1, label)}
                aria-pressed=${i === state.shown.value ? 'true' : 'false'}
                @click=${() => (state.shown.value = i)}
              >
                <canvas width=${SIDE} height=${SIDE}></canvas>
                <span>${label}</span>
              </button>`,
          )}
        </div>`,
      host,
    );
    paint();
  });
}
