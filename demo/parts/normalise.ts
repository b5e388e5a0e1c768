import { effect, signal } from '@preact/signals-core';
import { html, nothing, render, type TemplateResult } from 'lit-html';
import { fixed, percent } from '../format.js';
import { onFrames } from '../frames.js';
import type { Actions } from '../actions.js';
import { axisOf, normalised, scaleAfter } from '../normalising.js';
import type { Examined, PixelScale } from '../protocol.js';
import type { State } from '../state.js';
import { onTheme } from '../theme.js';
import { asTable, type ChartTable } from './asTable.js';
import { histogramOf } from './histogram.js';
import { normaliseChoice } from './normaliseChoice.js';
import { paintSigned } from './signedPixels.js';
import { setMark, spotBeside, spotUnder, type Spot } from './spots.js';

const SIDE = 28;
const SIDES = { rows: SIDE, columns: SIDE };

/** One image and all pixels of the set, as bytes and as what the net gets. */
export function mountNormalise(host: HTMLElement, state: State, actions: Actions): void {
  const spot = signal<Spot>({ row: 9, column: 14 });
  const examined = () => state.examined.value[state.settings.value.data];
  const image = () => {
    const pixels = state.data.value[state.settings.value.data]?.preview.pixels;
    return pixels?.subarray(state.shown.value * SIDE * SIDE, (state.shown.value + 1) * SIDE * SIDE);
  };
  const move = (event: PointerEvent) => {
    spot.value = spotUnder(event, event.currentTarget as Element, SIDES);
  };
  const step = (event: KeyboardEvent) => {
    spot.value = spotBeside(event, spot.peek(), SIDES) ?? spot.peek();
  };

  const paint = onFrames(() => {
    const [raw, after] = [...host.querySelectorAll('canvas')];
    const pixels = image();
    if (raw === undefined || after === undefined || pixels === undefined) return;
    const by = state.settings.peek();
    const ends = [0, 1].map((x) => Math.abs(normalised(x, by)));
    paintSigned(raw, { ...SIDES, values: pixels }, 255, ['--ink', '--ink']);
    const values = Float32Array.from(pixels, (byte) => normalised(byte / 255, by));
    paintSigned(after, { ...SIDES, values }, Math.max(...ends));
  });

  effect(() => {
    const known = examined();
    render(
      known === undefined ? waiting(state) : bodyOf(known, image(), spot.value, state, { move, step, actions }),
      host,
    );
    paint();
  });
  effect(() => setMark(host, 'spot', spot.value, [1, 1], SIDES));
  onTheme(paint);
}

const waiting = (state: State): TemplateResult => html`<p class="hint">${state.words.value.normalise.waiting}</p>`;

interface Handlers {
  readonly move: (event: PointerEvent) => void;
  readonly step: (event: KeyboardEvent) => void;
  readonly actions: Actions;
}

const bodyOf = (
  { shares, raw }: Examined,
  pixels: Uint8Array | undefined,
  { row, column }: Spot,
  state: State,
  { move, step, actions }: Handlers,
): TemplateResult => {
  const t = state.words.value.normalise;
  const by = state.settings.value;
  const after = scaleAfter(raw, by);
  const byte = pixels?.[row * SIDE + column] ?? 0;
  const canvas = (kind: 'raw' | 'normalised') =>
    html`<div class="pixels-large">
      <canvas
        width=${SIDE}
        height=${SIDE}
        tabindex="0"
        role="application"
        aria-label=${t.image[kind]}
        aria-describedby="pixel-help pixel-value"
        @pointermove=${move}
        @pointerdown=${move}
        @keydown=${step}
      ></canvas>
      <i class="spot-mark"></i>
    </div>`;
  return html`<p class="hint">${t.formula(fixed(by.mean), fixed(by.std))}</p>
    ${normaliseChoice(raw, state, actions)}
    <div class="normalise">
      ${(['raw', 'normalised'] as const).map((kind) => {
        const scale = kind === 'raw' ? raw : after;
        const [mean, std] = [fixed(scale.mean), fixed(scale.std)];
        return html`<figure class="normalise-side" data-kind=${kind}>
          <figcaption>
            <b>${t.kinds[kind]}</b>
            <span>${t.mean} <output>${mean}</output></span> <span>${t.std} <output>${std}</output></span>
          </figcaption>
          ${canvas(kind)}
          ${histogramOf(kind, shares, scale, axisOf(after), t.histogram[kind](mean, std, percent(shares[0])))}
        </figure>`;
      })}
    </div>
    <p id="pixel-value" class="pixel-value" role="status">
      ${t.pixel(row + 1, column + 1, byte)}
      <output translate="no">(${byte}/255 − ${by.mean}) / ${by.std} = ${fixed(normalised(byte / 255, by))}</output>
    </p>
    <p id="pixel-help" class="hint">${t.help}</p>
    ${asTable(t.spread, () => [tableOf({ shares, raw, normalised: after }, t)], state.words.value)}`;
};

const tableOf = (
  { shares, raw, normalised }: Pick<Examined, 'shares' | 'raw'> & { readonly normalised: PixelScale },
  t: State['words']['value']['normalise'],
): ChartTable => {
  const range = (edges: readonly number[], i: number) => `${fixed(edges[i] ?? 0)} … ${fixed(edges[i + 1] ?? 0)}`;
  return {
    caption: t.spread,
    heads: [t.kinds.raw, t.kinds.normalised, t.share],
    rows: shares.map((share, i) => [
      range(raw.edges, i),
      range(normalised.edges, i),
      share === 0 ? nothing : percent(share),
    ]),
  };
};
