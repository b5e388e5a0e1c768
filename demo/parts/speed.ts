import { effect } from '@preact/signals-core';
import { html, render } from 'lit-html';
import { progressLine } from '../../src/chart/progress.js';
import { count, megabytes, milliseconds } from '../format.js';
import { onFrames } from '../frames.js';
import type { Numbers } from '../protocol/speed.js';
import type { State } from '../state.js';
import type { Words } from '../text/en.js';

/** What training costs, and the line that a terminal would show. */
export function mountSpeed(host: HTMLElement, state: State): void {
  const show = onFrames(() => {
    const t = state.words.peek();
    const numbers = state.numbers.peek();
    render(
      html`<pre class="terminal" translate="no" aria-hidden="true">
${numbers === undefined ? ' ' : lineOf(host, numbers)}</pre>
        <dl class="figures">
          ${figuresOf(numbers, t).map(
            ([name, value, note]) =>
              html`<div>
                <dt>${name}</dt>
                <dd>${value} <small>${note}</small></dd>
              </div>`,
          )}
        </dl>
        <p class="hint">${t.speedCard.hint}</p>`,
      host,
    );
  });
  effect(() => {
    void [state.numbers.value, state.words.value];
    show();
  });
  new ResizeObserver(show).observe(host);
}

const NONE = '–';

function figuresOf(
  numbers: Numbers | undefined,
  { speedCard: t }: Words,
): [name: string, value: string, note: string][] {
  const or = (value: number | undefined, text: (value: number) => string): string =>
    value === undefined ? NONE : text(value);
  const { progress, wallMs, gpuMs, encodeMs, bytes, dispatchesPerStep, submitsPerStep } = numbers ?? {};
  const clocked = numbers?.clocked !== false;
  return [
    [t.images, or(progress?.imagesPerSecond, count), ''],
    [t.wall, or(wallMs, milliseconds), ''],
    [t.gpu, or(gpuMs, milliseconds), clocked ? '' : t.noClock],
    [t.encode, or(encodeMs, milliseconds), ''],
    [t.memory, or(bytes, megabytes), ''],
    [t.dispatches, or(dispatchesPerStep, String), ''],
    [t.submits, or(submitsPerStep, (value) => value.toPrecision(2)), ''],
  ];
}

/** As long as the place has room for: its letters are all of one width. */
function lineOf(host: HTMLElement, { progress }: Numbers): string {
  const terminal = host.querySelector('.terminal');
  if (!(terminal instanceof HTMLElement)) return '';
  const context = document.createElement('canvas').getContext('2d');
  const style = getComputedStyle(terminal);
  if (context !== null) context.font = style.font;
  const letter = context?.measureText('0').width ?? 8;
  const room = terminal.clientWidth - Number.parseFloat(style.paddingLeft) - Number.parseFloat(style.paddingRight);
  return progressLine(progress, Math.max(20, Math.floor(room / letter)));
}
