import { effect } from '@preact/signals-core';
import { html, render } from 'lit-html';
import { percent } from '../format.js';
import { onFrames } from '../frames.js';
import type { Answer } from '../protocol.js';
import type { State } from '../state.js';
import type { Words } from '../text/en.js';
import { paintGrey } from './grey.js';

const SIDE = 28;
const DIGITS = Array.from({ length: 10 }, (_, digit) => digit);
/** A screen reader hears an answer once it has stood for so long. */
const SETTLED_MS = 900;

/** What the net sees, and what it takes it for: live, also while it still learns. */
export function mountAnswer(host: HTMLElement, state: State): void {
  effect(() => {
    const t = state.words.value.pad;
    render(
      html`<div class="seen">
          <p class="guess"><span class="guess-digit">?</span><span class="guess-share"></span></p>
          <canvas class="pixels" width=${SIDE} height=${SIDE} role="img" aria-label=${t.seen}></canvas>
          <p class="guess-label"></p>
        </div>
        <ul class="shares" aria-label=${t.shares}>
          ${DIGITS.map(
            (digit) =>
              html`<li data-digit=${digit}>
                <b>${digit}</b><span class="bar" aria-hidden="true"><i></i></span><span class="share">–</span>
              </li>`,
          )}
        </ul>
        <p class="visually-hidden spoken" role="status" aria-live="polite"></p>`,
      host,
    );
  });
  const rows = [...host.querySelectorAll<HTMLElement>('.shares li')];
  const find = (selector: string) => host.querySelector<HTMLElement>(selector);
  const [digit, share, label, spoken] = ['.guess-digit', '.guess-share', '.guess-label', '.spoken'].map(find);
  const pixels = host.querySelector<HTMLCanvasElement>('.pixels');
  let settling: ReturnType<typeof setTimeout> | undefined;

  const show = onFrames(() => {
    const answer = state.answer.peek();
    const best = answer === undefined ? undefined : largest(answer.probabilities);
    const bestShare = best === undefined ? undefined : answer?.probabilities[best];
    rows.forEach((row, i) => {
      const value = answer?.probabilities[i];
      row.classList.toggle('best', i === best);
      row.style.setProperty('--share', String(value ?? 0));
      const text = row.querySelector('.share');
      if (text !== null) text.textContent = percent(value);
    });
    if (digit) digit.textContent = best === undefined ? '?' : String(best);
    if (share) share.textContent = best === undefined ? '' : percent(bestShare);
    const t = state.words.peek().pad;
    if (label) label.textContent = answer?.label === undefined ? '' : t.truth(answer.label);
    if (pixels !== null) paintGrey(pixels, answer?.pixels);

    clearTimeout(settling);
    const sentence = sentenceOf(answer, best, bestShare, t);
    settling = setTimeout(() => {
      if (spoken && spoken.dataset['digit'] !== String(best)) spoken.textContent = sentence;
      if (spoken) spoken.dataset['digit'] = String(best);
    }, SETTLED_MS);
  });
  effect(() => {
    void [state.answer.value, state.words.value];
    show();
  });
}

function sentenceOf(
  answer: Answer | undefined,
  best: number | undefined,
  share: number | undefined,
  t: Words['pad'],
): string {
  if (answer === undefined || best === undefined) return '';
  const truth = answer.label === undefined ? '' : ` ${t.truth(answer.label)}`;
  return `${t.answer(best, percent(share))}${truth}`;
}

function largest(values: Float32Array): number {
  return values.reduce((best, value, i) => (value > (values[best] ?? -1) ? i : best), 0);
}
