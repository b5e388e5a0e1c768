import { effect, type ReadonlySignal } from '@preact/signals-core';
import { html, nothing, render } from 'lit-html';
import type { Actions } from '../actions.js';
import { percent } from '../format.js';
import { onFrames } from '../frames.js';
import type { Seen, Sight } from '../protocol/answers.js';
import type { State } from '../state.js';
import { paintGrey } from './grey.js';

const SIDE = 28;

/**
 * Test images side by side, with how sure the net was; pressing one puts it on the pad.
 * @param named whether each says what it is and what it was taken for
 */
export function mountGallery(
  host: HTMLElement,
  sight: ReadonlySignal<Sight | undefined>,
  named: boolean,
  state: State,
  actions: Actions,
): void {
  const paint = onFrames(() => {
    const pixels = sight.peek()?.pixels;
    host.querySelectorAll('canvas').forEach((canvas, i) => {
      if (pixels !== undefined) paintGrey(canvas, pixels.subarray(i * SIDE * SIDE, (i + 1) * SIDE * SIDE));
    });
  });
  effect(() => {
    const t = state.words.value.sight;
    const put = ({ index }: Seen) => {
      actions.sample(index);
      document.getElementById('sheet')?.scrollIntoView({ block: 'nearest' });
    };
    render(
      html`<ul class="gallery">
        ${sight.value?.images.map((seen) => {
          const { label, answer, confidence } = seen;
          const share = percent(confidence);
          return html`<li>
            <button type="button" ?disabled=${state.fixed.value} @click=${() => put(seen)}>
              <canvas width=${SIDE} height=${SIDE}></canvas>
              ${named ? html`<b aria-hidden="true">${label} → ${answer}</b>` : nothing}
              <small aria-hidden="true">${share}</small>
              <span class="visually-hidden">${t.image(label, answer, share)}</span>
            </button>
          </li>`;
        })}
      </ul>`,
      host,
    );
    paint();
  });
}
