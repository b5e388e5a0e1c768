import { effect, signal } from '@preact/signals-core';
import { html, nothing, render, type TemplateResult } from 'lit-html';
import { fixed, percent } from '../format.js';
import { onFrames } from '../frames.js';
import type { Examined } from '../protocol.js';
import type { State } from '../state.js';
import { onTheme } from '../theme.js';
import { histogramOf } from './histogram.js';

const SIDE = 28;
/** Points of a canvas that one pixel of the image takes. */
const CELL = 10;
const ARROWS: Readonly<Record<string, readonly [down: number, right: number]>> = {
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
};

/** One image and all pixels of the set, as bytes and as what the net gets. */
export function mountNormalise(host: HTMLElement, state: State): void {
  /** The pixel that is looked at: row · 28 + column. */
  const at = signal(9 * SIDE + 14);
  const examined = () => state.examined.value[state.settings.value.data];
  const image = () => {
    const pixels = state.data.value[state.settings.value.data]?.preview.pixels;
    return pixels?.subarray(state.shown.value * SIDE * SIDE, (state.shown.value + 1) * SIDE * SIDE);
  };
  const move = (event: PointerEvent) => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const place = (from: number, size: number) => Math.min(SIDE - 1, Math.max(0, Math.floor((from / size) * SIDE)));
    at.value = place(event.clientY - box.top, box.height) * SIDE + place(event.clientX - box.left, box.width);
  };
  const step = (event: KeyboardEvent) => {
    const arrow = ARROWS[event.key];
    if (arrow === undefined) return;
    event.preventDefault();
    const inside = (value: number) => Math.min(SIDE - 1, Math.max(0, value));
    at.value = inside(Math.floor(at.value / SIDE) + arrow[0]) * SIDE + inside((at.value % SIDE) + arrow[1]);
  };

  const paint = onFrames(() => {
    const [raw, normalised] = [...host.querySelectorAll('canvas')];
    const [pixels, known] = [image(), examined()];
    if (raw === undefined || normalised === undefined || pixels === undefined || known === undefined) return;
    paintCells(raw, at.value, (i) => ({ colour: '--ink', strength: (pixels[i] ?? 0) / 255 }));
    const most = known.inputs[255] ?? 1;
    paintCells(normalised, at.value, (i) => {
      const value = known.inputs[pixels[i] ?? 0] ?? 0;
      return { colour: value < 0 ? '--train' : '--test', strength: Math.abs(value) / most };
    });
  });

  effect(() => {
    const known = examined();
    render(known === undefined ? waiting(state) : bodyOf(known, image(), at.value, state, { move, step }), host);
    paint();
  });
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
  at: number,
  state: State,
  { move, step }: Handlers,
): TemplateResult => {
  const t = state.words.value.normalise;
  const byte = pixels?.[at] ?? 0;
  const canvas = (kind: 'raw' | 'normalised') =>
    html`<canvas
      class="pixels-large"
      width=${SIDE * CELL}
      height=${SIDE * CELL}
      tabindex="0"
      role="application"
      aria-label=${t.image[kind]}
      aria-describedby="pixel-help pixel-value"
      @pointermove=${move}
      @pointerdown=${move}
      @keydown=${step}
    ></canvas>`;
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
      ${t.pixel(Math.floor(at / SIDE) + 1, (at % SIDE) + 1, byte)}
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

/** Fills each pixel with a colour of the page, as strong as its value; and marks one. */
function paintCells(
  canvas: HTMLCanvasElement,
  marked: number,
  cellOf: (i: number) => { readonly colour: string; readonly strength: number },
): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  const style = getComputedStyle(canvas);
  context.clearRect(0, 0, canvas.width, canvas.height);
  for (let i = 0; i < SIDE * SIDE; i++) {
    const { colour, strength } = cellOf(i);
    context.globalAlpha = strength;
    context.fillStyle = style.getPropertyValue(colour);
    context.fillRect((i % SIDE) * CELL, Math.floor(i / SIDE) * CELL, CELL, CELL);
  }
  context.globalAlpha = 1;
  context.lineWidth = 3;
  context.strokeStyle = style.getPropertyValue('--bad');
  context.strokeRect((marked % SIDE) * CELL - 1, Math.floor(marked / SIDE) * CELL - 1, CELL + 2, CELL + 2);
}
