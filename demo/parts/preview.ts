import { effect } from '@preact/signals-core';
import { html, render } from 'lit-html';
import { onFrames } from '../frames.js';
import type { State } from '../state.js';

const SIDE = 28;

/** The first training images of the chosen source, with their labels. */
export function mountPreview(host: HTMLElement, state: State): void {
  const preview = () => state.data.value[state.settings.value.data]?.preview;
  const paint = onFrames(() => {
    const images = preview();
    host.querySelectorAll('canvas').forEach((canvas, i) => {
      const pixels = images?.pixels.subarray(i * SIDE * SIDE, (i + 1) * SIDE * SIDE);
      const context = canvas.getContext('2d');
      if (pixels === undefined || context === null) return;
      const image = context.createImageData(SIDE, SIDE);
      pixels.forEach((value, at) => image.data.set([value, value, value, 255], 4 * at));
      context.putImageData(image, 0, 0);
    });
  });
  effect(() => {
    const t = state.words.value;
    const labels = [...(preview()?.labels ?? [])];
    host.hidden = labels.length === 0;
    render(
      html`<h3>${t.preview}</h3>
        <div class="preview" role="img" aria-label=${t.previewOf(labels.join(', '))}>
          ${labels.map(
            (label) =>
              html`<figure>
                <canvas width=${SIDE} height=${SIDE}></canvas>
                <figcaption>${label}</figcaption>
              </figure>`,
          )}
        </div>`,
      host,
    );
    paint();
  });
}
