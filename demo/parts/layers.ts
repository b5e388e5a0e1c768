// Every layer of the net at hand, live: what one image is there, and how the loss would change with it.

import { computed, effect, signal, type Signal } from '@preact/signals-core';
import { html, nothing, render, type TemplateResult } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import type { Actions } from '../actions.js';
import { count, percent } from '../format.js';
import { onFrames } from '../frames.js';
import { keepLooking } from '../looking.js';
import type { LayersLook, Planes } from '../protocol/layers.js';
import { isBusy, type State } from '../state.js';
import type { Words } from '../text/en.js';
import { onTheme } from '../theme.js';
import { paintSigned } from './signedPixels.js';

type Source = 'test' | 'pad';
type Shown = 'values' | 'gradients';

interface Wish {
  readonly source: Signal<Source>;
  /** Which test image. */
  readonly at: Signal<number>;
  readonly shown: Signal<Shown>;
}

export function mountLayers(host: HTMLElement, state: State, actions: Actions): void {
  const wish: Wish = { source: signal('test'), at: signal(0), shown: signal('values') };
  const news = computed(() => newsOf(wish, state));
  const ask = () => {
    const pixels = wish.source.peek() === 'pad' ? state.answer.peek()?.pixels : undefined;
    actions.ask({
      type: 'lookAtLayers',
      image: pixels === undefined ? { kind: 'test', at: wish.at.peek() } : { kind: 'pixels', pixels },
      gradients: wish.shown.peek() === 'gradients',
    });
  };
  // The net that training ends with does not wait its turn either.
  const wished = () => [wish.source.value, wish.at.value, wish.shown.value, isBusy(state.phase.value)];
  keepLooking(host, state, { news: () => news.value, wish: wished, ask, answer: state.layersLook });

  const show = onFrames(() => {
    render(bodyOf(wish, state), host);
    paint(host, state.layersLook.peek());
  });
  effect(() => {
    void [wish.source.value, wish.at.value, wish.shown.value, state.layersLook.value, state.words.value];
    void [state.answer.value === undefined, state.replay.value];
    show();
  });
  onTheme(show);
}

/** Another object whenever there may be something else to see; undefined: no net, or no image. */
function newsOf({ source }: Wish, state: State): object | undefined {
  const run = state.run.value;
  const pad = source.value === 'pad' ? state.answer.value?.pixels : undefined;
  if (run === undefined || (source.value === 'pad' && pad === undefined)) return undefined;
  return { run, pad, step: state.progress.value.step };
}

function paint(host: HTMLElement, look: LayersLook | undefined): void {
  if (look === undefined) return;
  for (const [i, planes] of planesIn(look).entries()) {
    const { rows, columns, values, least, most } = planes;
    const strongest = Math.max(Math.abs(least), Math.abs(most), 1e-30);
    host.querySelectorAll<HTMLCanvasElement>(`[data-planes="${i}"] canvas`).forEach((canvas, plane) => {
      const start = plane * rows * columns;
      paintSigned(canvas, { rows, columns, values: values.subarray(start, start + rows * columns) }, strongest);
    });
  }
}

const planesIn = ({ image, layers }: LayersLook): readonly Planes[] => [image, ...layers];

const bodyOf = (wish: Wish, state: State): TemplateResult => {
  const t = state.words.peek().layerMaps;
  const look = state.layersLook.peek();
  const isEmpty = wish.source.peek() === 'pad' && state.answer.peek() === undefined;
  if (state.replay.peek() !== undefined) return html`<p class="hint">${t.replayed}</p>`;
  return html`${choicesOf(wish, t)}
  ${
    look === undefined || isEmpty
      ? html`<p class="hint">${isEmpty ? t.empty : t.waiting}</p>`
      : html`<p class="summary" id="layers-summary">${summaryOf(look, t)}</p>
          <div class="all-planes">
            ${planesIn(look).map((planes, i) => figureOf(planes, i, titleOf(look, planes, i, t), t))}
          </div>
          <p class="hint">${t.colours}</p>`
  }`;
};

type T = Words['layerMaps'];

const choicesOf = ({ source, at, shown }: Wish, t: T): TemplateResult =>
  html`<div class="inside-choices">
    ${choiceOf('layers-image', t.image, t.images, source)}
    <button type="button" id="layers-another" ?disabled=${source.peek() !== 'test'} @click=${() => at.value++}>
      ${t.another}
    </button>
    ${choiceOf('layers-shown', t.shown, t.showns, shown)}
  </div>`;

const choiceOf = <Choice extends string>(
  name: string,
  label: string,
  choices: Readonly<Record<Choice, string>>,
  chosen: Signal<Choice>,
): TemplateResult =>
  html`<div class="segments" role="radiogroup" aria-label=${label}>
    ${Object.entries(choices).map(
      ([choice, text]) =>
        html`<label>
          <input
            type="radio"
            name=${name}
            value=${choice}
            .checked=${live(choice === chosen.peek())}
            @change=${() => (chosen.value = choice as Choice)}
          /><span>${text}</span>
        </label>`,
    )}
  </div>`;

function summaryOf({ step, label, answer, confidence, gradients }: LayersLook, t: T): string {
  const answered = t.answered(count(step), answer, percent(confidence));
  const isA = label === undefined ? '' : t.isA(label);
  return [answered, isA, gradients ? t.towards(String(label ?? answer)) : ''].filter(Boolean).join(' ');
}

function titleOf({ gradients }: LayersLook, { name, isWeights }: Planes, i: number, t: T): string {
  if (i === 0) return t.input;
  return isWeights ? t.weights[gradients ? 'gradients' : 'values'](name) : name;
}

const figureOf = (planes: Planes, i: number, title: string, t: T): TemplateResult => {
  const { shape, isWhole, there, count: shown, least, most } = planes;
  const range = t.range(short(least), short(most));
  return html`<figure class="planes" data-planes=${i} data-whole=${isWhole ? '' : nothing}>
    <figcaption>
      <b>${title}</b> <span>${shape.join('×')} · ${range}${there > shown ? ` · ${t.first(shown, there)}` : ''}</span>
    </figcaption>
    <div role="img" aria-label="${title}: ${shape.join('×')}, ${range}">
      ${Array.from({ length: shown }, () => html`<canvas></canvas>`)}
    </div>
  </figure>`;
};

/** Three digits that matter, a true minus. */
const short = (value: number): string => String(Number(value.toPrecision(3))).replace('-', '−');
