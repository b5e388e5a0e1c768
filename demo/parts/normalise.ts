import { effect, signal } from '@preact/signals-core';
import { html, nothing, render, type TemplateResult } from 'lit-html';
import { fixed, percent } from '../format.js';
import { onFrames } from '../frames.js';
import type { Examined } from '../protocol.js';
import type { State } from '../state.js';
import { onTheme } from '../theme.js';
import { histogramOf } from './histogram.js';
import { paintSigned } from './signedPixels.js';
import { setMark, spotBeside, spotUnder, type Spot } from './spots.js';

const SIDE = 28;
const SIDES = { rows: SIDE, columns: SIDE };

/** One image and all pixels of the set, as bytes and as what the net gets. */
export function mountNormalise(host: HTMLElement, state: State): void {
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
    const [raw, normalised] = [...host.querySelectorAll('canvas')];
    const [pixels, known] = [image(), examined()];
    if (raw === undefined || normalised === undefined || pixels === undefined || known === undefined) return;
    paintSigned(raw, { ...SIDES, values: pixels }, 255, ['--ink', '--ink']);
    const values = Float32Array.from(pixels, (byte) => known.inputs[byte] ?? 0);
    paintSigned(normalised, { ...SIDES, values }, known.inputs[255] ?? 1);
  });

  effect(() => {
    const known = examined();
    render(known === undefined ? waiting(state) : bodyOf(known, image(), spot.value, state, { move, step }), host);
    paint();
  });
  effect(() => setMark(host, 'spot', spot.value, [1, 1], SIDES));
  onTheme(paint);
}

const waiting = (state: State): TemplateResult => html`<p class="hint">${state.words.value.normalise.waiting}</p>`;

interface Handlers {
  readonly move: (event: PointerEvent) => void;
  readonly step: (event: KeyboardEvent) => void;
}

const bodyOf = (
  { shares, raw, normalised, by, inputs }: Examined,
  pixels: Uint8Array | undefined,
  { row, column }: Spot,
  state: State,
  { move, step }: Handlers,
): TemplateResult => {
  const t = state.words.value.normalise;
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
    <div class="normalise">
      ${(['raw', 'normalised'] as const).map((kind) => {
        const scale = kind === 'raw' ? raw : normalised;
        const [mean, std] = [fixed(scale.mean), fixed(scale.std)];
        return html`<figure class="normalise-side" data-kind=${kind}>
          <figcaption>
            <b>${t.kinds[kind]}</b>
            <span>${t.mean} <output>${mean}</output></span> <span>${t.std} <output>${std}</output></span>
          </figcaption>
          ${canvas(kind)} ${histogramOf(kind, shares, scale, t.histogram[kind](mean, std, percent(shares[0])))}
        </figure>`;
      })}
    </div>
    <p id="pixel-value" class="pixel-value" role="status">
      ${t.pixel(row + 1, column + 1, byte)}
      <output translate="no">(${byte}/255 − ${by.mean}) / ${by.std} = ${fixed(inputs[byte] ?? 0)}</output>
    </p>
    <p id="pixel-help" class="hint">${t.help}</p>
    <details class="as-table">
      <summary>${t.table}</summary>
      ${tableOf({ shares, raw, normalised }, t)}
    </details>`;
};

const tableOf = (
  { shares, raw, normalised }: Pick<Examined, 'shares' | 'raw' | 'normalised'>,
  t: State['words']['value']['normalise'],
): TemplateResult => {
  const range = (edges: readonly number[], i: number) => `${fixed(edges[i] ?? 0)} … ${fixed(edges[i + 1] ?? 0)}`;
  return html`<div class="scroll" tabindex="0" role="group" aria-label=${t.table}>
    <table class="numbers">
      <thead>
        <tr>
          ${[t.kinds.raw, t.kinds.normalised, t.share].map((head) => html`<th scope="col">${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${shares.map(
          (share, i) =>
            html`<tr>
              <th scope="row">${range(raw.edges, i)}</th>
              <td>${range(normalised.edges, i)}</td>
              <td>${share === 0 ? nothing : percent(share)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
};
