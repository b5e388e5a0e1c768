// An image in the convolutions of the net at hand, also while it learns: any value can be pressed, and is worked out.

import { computed, effect, signal, type Signal } from '@preact/signals-core';
import { html, render, type TemplateResult } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import type { Actions } from '../actions.js';
import { onFrames } from '../frames.js';
import { keepLooking } from '../looking.js';
import type { InsideImage, Place } from '../protocol/inside.js';
import { isBusy, type State } from '../state.js';
import { onTheme } from '../theme.js';
import { choose, optionsOf } from './choice.js';
import { mapsOf } from './insideMaps.js';
import { sumOf } from './insideSum.js';
import { colourCells } from './numberCell.js';
import { mostOf, paintSigned } from './signedPixels.js';
import { setMark, type Spot } from './spots.js';

type Source = 'test' | 'pad';

interface Wish {
  readonly source: Signal<Source>;
  /** Which test image. */
  readonly at: Signal<number>;
  readonly conv: Signal<number>;
  readonly filter: Signal<number>;
  /** Undefined: the middle of what there is. */
  readonly spot: Signal<Spot | undefined>;
}

export function mountInside(host: HTMLElement, state: State, actions: Actions): void {
  const wish: Wish = {
    source: signal('test'),
    at: signal(0),
    conv: signal(0),
    filter: signal(0),
    spot: signal(undefined),
  };
  const ask = () =>
    actions.ask({
      type: 'lookInside',
      image: imageOf(wish, state),
      conv: wish.conv.peek(),
      filter: wish.filter.peek(),
      spot: wish.spot.peek(),
    });
  const news = computed(() => newsOf(wish, state));
  // The net that training ends with does not wait its turn either.
  const wished = () => [wish.source.value, wish.at.value, wish.conv.value, isBusy(state.phase.value)];
  keepLooking(host, state, { news: () => news.value, wish: wished, ask, answer: state.inside });
  const workOut = onFrames(() => {
    const spot = wish.spot.peek();
    if (spot !== undefined) actions.ask({ type: 'workOut', place: { filter: wish.filter.peek(), ...spot } });
  });
  const look = ({ filter, row, column }: Place) => {
    wish.filter.value = filter;
    wish.spot.value = { row, column };
    workOut();
  };

  effect(() => {
    render(bodyOf(wish, state, look), host);
    for (const cells of host.querySelectorAll<HTMLElement>('.inside-cells')) colourCells(cells);
  });
  effect(() => {
    const [inside, workedOut] = [state.inside.value, state.workedOut.value];
    if (inside === undefined || workedOut === undefined) return;
    const { window, stride, padding, input, output } = inside;
    const { row, column } = workedOut.place;
    setMark(host, 'seen', { row: row * stride - padding, column: column * stride - padding }, window, input);
    setMark(host, 'value', { row, column }, [1, 1], output);
  });
  const paint = onFrames(() => paintAll(host, state));
  effect(() => {
    void [state.inside.value, state.words.value, state.workedOut.value?.place.filter];
    paint();
  });
  onTheme(paint);
}

const padOf = (state: State): Uint8Array<ArrayBuffer> | undefined => state.answer.value?.pixels;

/** Another object whenever there may be something else to see; undefined: no net, or no image. */
function newsOf({ source }: Wish, state: State): object | undefined {
  const run = state.run.value;
  const pad = source.value === 'pad' ? padOf(state) : undefined;
  if (run === undefined || (source.value === 'pad' && pad === undefined)) return undefined;
  return { run, pad, step: state.progress.value.step };
}

function imageOf({ source, at }: Wish, state: State): InsideImage {
  const pixels = padOf(state);
  return source.peek() === 'pad' && pixels !== undefined ? { kind: 'pixels', pixels } : { kind: 'test', at: at.peek() };
}

function paintAll(host: HTMLElement, state: State): void {
  const inside = state.inside.peek();
  if (inside === undefined) return;
  for (const kind of ['input', 'output'] as const) {
    const { rows, columns, values } = inside[kind];
    const most = mostOf(values);
    for (const canvas of host.querySelectorAll<HTMLCanvasElement>(`canvas[data-maps=${kind}]`)) {
      const start = Number(canvas.dataset['channel']) * rows * columns;
      paintSigned(canvas, { rows, columns, values: values.subarray(start, start + rows * columns) }, most);
    }
  }
}

const bodyOf = (wish: Wish, state: State, look: (place: Place) => void): TemplateResult => {
  const t = state.words.value.inside;
  const inside = state.inside.value;
  const workedOut = state.workedOut.value;
  const hint = html`<p class="hint">
    ${wish.source.value === 'pad' && padOf(state) === undefined ? t.empty : t.waiting}
  </p>`;
  return html`${choicesOf(wish, state)}
  ${
    inside === undefined || workedOut === undefined
      ? hint
      : inside.convs.length === 0
        ? html`<p class="hint">${t.none}</p>`
        : html`${mapsOf(inside, workedOut, t, look)} ${sumOf(inside, workedOut, t)}`
  }`;
};

const choicesOf = (wish: Wish, state: State): TemplateResult => {
  const t = state.words.value.inside;
  const inside = state.inside.value;
  const names = Object.fromEntries((inside?.convs ?? []).map((name, i) => [String(i), name]));
  return html`<div class="inside-choices">
    <div class="segments" role="radiogroup" aria-label=${t.image}>
      ${Object.entries(t.images).map(
        ([source, label]) =>
          html`<label>
            <input
              type="radio"
              name="inside-image"
              value=${source}
              .checked=${live(source === wish.source.value)}
              @change=${() => (wish.source.value = source as Source)}
            /><span>${label}</span>
          </label>`,
      )}
    </div>
    <button type="button" id="inside-another" ?disabled=${wish.source.value !== 'test'} @click=${() => wish.at.value++}>
      ${t.another}
    </button>
    <label class="inside-layer">
      <span>${t.layer}</span>
      <select
        data-inside="layer"
        ?disabled=${Object.keys(names).length < 2}
        @change=${choose((value) => {
          wish.spot.value = undefined;
          wish.conv.value = Number(value);
        })}
      >
        ${optionsOf(names, String(inside?.conv ?? 0))}
      </select>
    </label>
  </div>`;
};
