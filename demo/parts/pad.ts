import { effect } from '@preact/signals-core';
import { html, render } from 'lit-html';
import type { Actions } from '../actions.js';
import { onFrames } from '../frames.js';
import type { Strokes } from '../protocol.js';
import type { State } from '../state.js';
import { onTheme } from '../theme.js';
import { mountAnswer } from './answer.js';
import { penByKeys, penByPointer, type PenMark, type Sheet } from './pens.js';

/** The width of the pen, in parts of the pad. */
const PEN = 0.075;
/** Points nearer to each other than this, in parts of the pad, are one. */
const STEP = 0.006;

/** A pad to draw a digit on. It sends pen lines; the Worker makes of them what the net sees. */
export function mountPad(host: HTMLElement, state: State, actions: Actions): void {
  effect(() => {
    const t = state.words.value.pad;
    render(
      html`<div class="pad-sheet">
          <canvas id="sheet" tabindex="0" role="application" aria-label=${t.label} aria-describedby="pad-help"></canvas>
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

  let strokes: number[][] = [];
  let marked: PenMark | undefined;
  let sample: Uint8Array | undefined;
  const paint = onFrames(() => paintSheet(canvas, strokes, marked, sample));
  const tell = onFrames(() => actions.draw(strokes));
  const changed = () => {
    sample = undefined;
    hint.hidden = strokes.length > 0;
    paint();
    tell();
  };
  const sheet: Sheet = {
    begin(x, y) {
      strokes.push([x, y]);
      changed();
    },
    extend(x, y) {
      const stroke = strokes.at(-1);
      if (stroke === undefined) return;
      const [lastX = 0, lastY = 0] = stroke.slice(-2);
      if (Math.hypot(x - lastX, y - lastY) < STEP) return;
      stroke.push(x, y);
      changed();
    },
    clear() {
      strokes = [];
      changed();
    },
    mark(at) {
      marked = at;
      paint();
    },
  };

  penByPointer(canvas, sheet);
  penByKeys(canvas, sheet);
  host.querySelector('#clear')?.addEventListener('click', () => sheet.clear());
  host.querySelector('#sample')?.addEventListener('click', () => {
    strokes = [];
    hint.hidden = true;
    actions.sample();
  });
  effect(() => {
    const answer = state.answer.value;
    sample = answer?.label === undefined || strokes.length > 0 ? undefined : answer.pixels;
    paint();
  });
  new ResizeObserver(paint).observe(canvas);
  onTheme(paint);
  mountAnswer(answer, state);
}

function paintSheet(
  canvas: HTMLCanvasElement,
  strokes: Strokes,
  marked: PenMark | undefined,
  sample: Uint8Array | undefined,
): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  const side = Math.max(1, Math.round(canvas.clientWidth * devicePixelRatio));
  if (canvas.width !== side || canvas.height !== side) [canvas.width, canvas.height] = [side, side];
  const style = getComputedStyle(canvas);
  context.clearRect(0, 0, side, side);
  context.lineWidth = PEN * side;
  context.lineCap = 'round';
  context.lineJoin = 'round';
  context.strokeStyle = style.getPropertyValue('--ink');
  if (sample !== undefined) paintImage(context, side, sample);
  for (const stroke of strokes) {
    context.beginPath();
    context.moveTo((stroke[0] ?? 0) * side, (stroke[1] ?? 0) * side);
    // A dot is a line to itself.
    for (let i = 0; i + 1 < stroke.length; i += 2) {
      context.lineTo((stroke[i] ?? 0) * side, (stroke[i + 1] ?? 0) * side);
    }
    context.stroke();
  }
  if (marked === undefined) return;
  context.beginPath();
  context.arc(marked.x * side, marked.y * side, (PEN / 2) * side, 0, 2 * Math.PI);
  context.lineWidth = 2 * devicePixelRatio;
  context.strokeStyle = style.getPropertyValue(marked.down ? '--test' : '--soft');
  context.stroke();
}

/** A 28×28 image in ink on the pad's own paper. */
function paintImage(context: CanvasRenderingContext2D, side: number, image: Uint8Array): void {
  const small = new OffscreenCanvas(28, 28);
  const stencil = new ImageData(28, 28);
  image.forEach((value, i) => (stencil.data[4 * i + 3] = value));
  small.getContext('2d')?.putImageData(stencil, 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(small, 0, 0, side, side);
  context.globalCompositeOperation = 'source-in';
  context.fillStyle = context.strokeStyle;
  context.fillRect(0, 0, side, side);
  context.globalCompositeOperation = 'source-over';
}
