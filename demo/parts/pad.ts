import { effect, signal } from '@preact/signals-core';
import { html, nothing, render, type TemplateResult } from 'lit-html';
import type { Actions } from '../actions.js';
import { onFrames } from '../frames.js';
import type { Strokes } from '../protocol.js';
import type { State } from '../state.js';
import { thereIn } from '../state/tuning.js';
import { beginning } from '../tuning.js';
import { mountAnswer } from './answer.js';
import { mountCorrect } from './correct.js';
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
        <div class="answer"></div>
        <div class="correct" hidden></div>
        ${isUntrained(state) ? untrainedOf(state, actions) : nothing}`,
      host,
    );
  });
  const canvas = host.querySelector<HTMLCanvasElement>('#sheet');
  const hint = host.querySelector<HTMLElement>('.pad-hint');
  const answer = host.querySelector<HTMLElement>('.answer');
  const correct = host.querySelector<HTMLElement>('.correct');
  if (canvas === null || hint === null || answer === null || correct === null) return;

  /** Lines are being put away for a test image. */
  let giving = false;
  const tell = onFrames(() => actions.draw(sheet.strokes));
  const drawing = signal<Strokes>([]);
  const sheet = openSheet(canvas, (strokes) => {
    drawing.value = [...strokes];
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
    // Chosen in a gallery, perhaps far from here.
    canvas.scrollIntoView({ block: 'nearest' });
  });
  effect(() => {
    const { image = false, pixels } = state.answer.value ?? {};
    sheet.show(!image || sheet.strokes.length > 0 ? undefined : pixels);
  });
  mountAnswer(answer, state);
  mountCorrect(correct, drawing, state, actions);
}

/** Whether what the pad gets is noise: the answers of weights that nobody has trained. */
const isUntrained = ({ run, begun, settings }: State): boolean =>
  run.value?.settings.begin === 'random' && !begun.value && settings.value.begin === 'random';

function untrainedOf(state: State, actions: Actions): TemplateResult {
  const t = state.words.value.correct;
  return html`<p class="untrained">
    <span>${t.untrained}</span>
    <button
      type="button"
      id="use-trained"
      @click=${() => actions.change(beginning('pretrained', state.settings.peek(), thereIn(state)))}
    >
      ${t.useTrained}
    </button>
  </p>`;
}
