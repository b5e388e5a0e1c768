// A convolution small enough to be followed by eye: every product, and the sum that is one number of the result.

import { computed, effect, signal, type ReadonlySignal, type Signal } from '@preact/signals-core';
import { html, render, type TemplateResult } from 'lit-html';
import type { Actions } from '../actions.js';
import type { AdapterName, ConvolveRequest } from '../protocol.js';
import type { State } from '../state.js';
import { choose, optionsOf } from './choice.js';
import { colourCells } from './numberCell.js';
import { KERNELS, nameOf, PICTURES, SIDE, WINDOW, type KernelName, type PictureName } from './workedExamples.js';
import { imageOf, kernelOf, resultOf, sumOf } from './workedTables.js';

/** How long each window stands while they are played. */
const WINDOW_MS = 900;
const STRIDES = [1, 2, 3];
const PADDINGS = [0, 1, 2];
/** Ink of a cell that is pressed, one more each time. */
const INKS = 4;

interface Work {
  readonly image: Signal<readonly number[]>;
  readonly kernel: Signal<readonly number[]>;
  readonly stride: Signal<number>;
  readonly padding: Signal<number>;
  /** The window that is looked at, counted row by row. */
  readonly at: Signal<number>;
  readonly playing: Signal<boolean>;
}

export function mountWorked(host: HTMLElement, state: State, actions: Actions): void {
  const work: Work = {
    image: signal(PICTURES.seven),
    kernel: signal(KERNELS.horizontal),
    stride: signal(1),
    padding: signal(0),
    at: signal(0),
    playing: signal(false),
  };
  keepAnswered(
    state,
    actions,
    computed(() => ({
      type: 'convolve',
      image: work.image.value,
      side: SIDE,
      kernel: work.kernel.value,
      window: WINDOW,
      stride: work.stride.value,
      padding: work.padding.value,
    })),
  );
  keepPlaying(work, () => state.convolved.peek()?.sums.length ?? 0);
  effect(() => {
    render(bodyOf(work, state, host), host);
    for (const table of host.querySelectorAll<HTMLElement>('.worked-cells')) colourCells(table);
  });
}

/** Asks for the newest numbers, one question at a time; anew when the GPU has been opened again. */
function keepAnswered(state: State, actions: Actions, wanted: ReadonlySignal<ConvolveRequest>): void {
  const same = (a: ConvolveRequest, b: ConvolveRequest) => JSON.stringify(a) === JSON.stringify(b);
  let waiting: ConvolveRequest | undefined;
  let openedAs: AdapterName | undefined;
  effect(() => {
    const [request, done, adapter] = [wanted.value, state.convolved.value, state.adapter.value];
    if (adapter === undefined) return;
    const isAnswered = waiting !== undefined && done !== undefined && same(done.asked, waiting);
    if (isAnswered || adapter !== openedAs) waiting = undefined;
    openedAs = adapter;
    if (waiting !== undefined || (done !== undefined && same(done.asked, request))) return;
    waiting = request;
    actions.ask(request);
  });
}

/** Goes on from window to window, and stops at the last. */
function keepPlaying({ at, playing }: Work, windows: () => number): void {
  effect(() => {
    if (!playing.value) return undefined;
    const timer = setInterval(() => {
      if (at.peek() + 1 < windows()) at.value++;
      else playing.value = false;
    }, WINDOW_MS);
    return () => clearInterval(timer);
  });
}

const bodyOf = (work: Work, state: State, host: HTMLElement): TemplateResult => {
  const t = state.words.value.worked;
  const shown = state.convolved.value;
  if (shown === undefined) return html`<p class="hint">${t.waiting}</p>`;
  const windows = shown.sums.length;
  const at = Math.min(work.at.value, windows - 1);
  const look = (next: number) => {
    work.playing.value = false;
    work.at.value = Math.min(windows - 1, Math.max(0, next));
  };
  const take = {
    press: (i: number) => {
      work.image.value = work.image.peek().map((value, each) => (each === i ? (value + 1) % INKS : value));
    },
    weigh: (i: number, weight: number) => {
      work.kernel.value = work.kernel.peek().map((value, each) => (each === i ? weight : value));
    },
    look,
    move: (next: number) => {
      look(next);
      host.querySelector<HTMLElement>(`[data-window="${work.at.peek()}"]`)?.focus();
    },
  };
  const { side, window, stride, padding } = shown.asked;
  return html`${choicesOf(work, state)}
    <div class="worked">
      ${imageOf(shown, at, t, take)}
      <span class="worked-sign" aria-hidden="true">∗</span>
      ${kernelOf(work.kernel.value, t, take)}
      <span class="worked-sign" aria-hidden="true">=</span>
      ${resultOf(shown, at, t, take)}
    </div>
    <p class="hint">${t.size(side, padding, window, stride, `${shown.rows}×${shown.columns}`)}</p>
    <div class="worked-steps">
      <button type="button" class="back" ?disabled=${at === 0} @click=${() => look(at - 1)}>${t.back}</button>
      <button
        type="button"
        class="play"
        @click=${() => {
          if (!work.playing.peek() && at === windows - 1) work.at.value = 0;
          work.playing.value = !work.playing.peek();
        }}
      >
        ${work.playing.value ? t.stop : t.play}
      </button>
      <button type="button" class="next" ?disabled=${at === windows - 1} @click=${() => look(at + 1)}>${t.next}</button>
    </div>
    ${sumOf(shown, at, t, work.playing.value)}
    <p class="hint">${t.computed}</p>`;
};

const choicesOf = (work: Work, state: State): TemplateResult => {
  const t = state.words.value.worked;
  const own = { own: t.own };
  const numbers = (values: readonly number[]) => Object.fromEntries(values.map((value) => [value, String(value)]));
  const select = (
    label: string,
    name: string,
    options: Readonly<Record<string, string>>,
    chosen: string,
    take: (value: string) => void,
  ) =>
    html`<label class="field">
      <span>${label}</span>
      <select data-worked=${name} @change=${choose(take)}>
        ${optionsOf(options, chosen)}
      </select>
    </label>`;
  const picture = nameOf(PICTURES, work.image.value);
  const kernel = nameOf(KERNELS, work.kernel.value);
  return html`<div class="worked-choices">
    ${select(t.picture, 'picture', { ...t.pictures, ...(picture ? {} : own) }, picture ?? 'own', (name) => {
      if (name in PICTURES) work.image.value = PICTURES[name as PictureName];
    })}
    ${select(t.kernel, 'kernel', { ...t.kernels, ...(kernel ? {} : own) }, kernel ?? 'own', (name) => {
      if (name in KERNELS) work.kernel.value = KERNELS[name as KernelName];
    })}
    ${select(t.stride, 'stride', numbers(STRIDES), String(work.stride.value), (value) => {
      work.stride.value = Number(value);
    })}
    ${select(t.padding, 'padding', numbers(PADDINGS), String(work.padding.value), (value) => {
      work.padding.value = Number(value);
    })}
  </div>`;
};
