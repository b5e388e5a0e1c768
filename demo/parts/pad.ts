import { effect } from '@preact/signals-core';
import { html, render } from 'lit-html';
import type { Actions } from '../actions.js';
import { onFrames } from '../frames.js';
import type { State } from '../state.js';
import { mountAnswer } from './answer.js';
import { openSheet } from './sheet.js';

/** A pad to draw a digit on. It sends pen lines; the Worker makes of them what the net sees. */
export function mountPad(host: HTMLElement, state: State, actions: Actions): void {
  effect(() => {
    const t = state.words.value.pad;
    render(
      html`<div class="pad-sheet">
          <canvas
            id="sheet"
            class="sheet"
            tabindex="0"
            role="application"
            aria-label=${t.label}
            aria-describedby="pad-help"
          ></canvas>
          <p class="pad-hint" aria-hidden="true">${t.hint}</p>
        </div>
        <p id="pad-help" class="visually-hidden">${t.help}</p>
        <div class="pad-buttons">
          <button type="button" id="clear">${t.clear}</button>
          <button type="button" id="sample">${t.sample}</button>
        </div>
        <div class="answer"></div>`,
      host,
    );
  });
  const canvas = host.querySelector<HTMLCanvasElement>('#sheet');
  const hint = host.querySelector<HTMLElement>('.pad-hint');
  const answer = host.querySelector<HTMLElement>('.answer');
  if (canvas === null || hint === null || answer === null) return;

  /** Lines are being put away for a test image. */
  let giving = false;
  const tell = onFrames(() => actions.draw(sheet.strokes));
  const sheet = openSheet(canvas, (strokes) => {
    if (giving) return;
    sheet.show(undefined);
    hint.hidden = strokes.length > 0;
    tell();
  });
  host.querySelector('#clear')?.addEventListener('click', () => sheet.clear());
  host.querySelector('#sample')?.addEventListener('click', () => actions.sample());
  effect(() => {
    if (state.sampled.value === 0) return;
    giving = true;
    sheet.clear();
    giving = false;
    hint.hidden = true;
  });
  effect(() => {
    const { label, pixels } = state.answer.value ?? {};
    sheet.show(label === undefined || sheet.strokes.length > 0 ? undefined : pixels);
  });
  mountAnswer(answer, state);
}
