import { computed, effect, signal, type Signal } from '@preact/signals-core';
import { html, nothing, render, type TemplateResult } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import { digits } from '../../bench/table.js';
import { percent } from '../format.js';
import type { Measuring } from '../measuring.js';
import type { KernelTimes, ShownDispatch } from '../protocol/kernels.js';
import type { State } from '../state.js';
import { roofPoints, timelineOf, type Piece } from '../timeline.js';
import { asTable } from './asTable.js';
import type { KernelChoice } from './kernelChoice.js';
import { deedOf } from './kernelDeed.js';
import { nameOf, roofChart, roofTable } from './roofline.js';

/** How long each dispatch of the training step takes, and what it reaches of what the adapter could do. */
export function mountKernelTimes(
  host: HTMLElement,
  state: State,
  measuring: Measuring,
  { plan, opened }: KernelChoice,
): void {
  const longest = signal(false);
  const wide = widthOf(host);
  const open = (position: number) => {
    plan.value = 'train';
    opened.value = position;
    const head = document.querySelector<HTMLElement>('.kernel-text h4');
    head?.scrollIntoView({ block: 'center' });
    head?.focus({ preventScroll: true });
  };
  /** Times without their plan say nothing. */
  const shown = computed(() => {
    const [times, plans] = [state.kernelTimes.value, state.plans.value];
    const dispatches = plans?.plans.find(({ name }) => name === 'train')?.dispatches;
    return times === undefined || dispatches === undefined || times.plan !== plans?.plan
      ? undefined
      : { times, dispatches };
  });
  effect(() => {
    const t = state.words.value.kernelTimes;
    render(
      html`<p class="hint">${t.about}</p>
        ${deedOf('time', t.begin, state, measuring)}
        ${
          shown.value === undefined
            ? html`<p class="hint">${state.kernelTimes.value === undefined ? nothing : t.other}</p>`
            : resultOf(shown.value, longest, wide.value, state, open)
        }`,
      host,
    );
    for (const bar of host.querySelectorAll<HTMLElement>('[data-from]')) {
      bar.style.setProperty('--from', bar.dataset['from'] ?? '0');
      bar.style.setProperty('--to', bar.dataset['to'] ?? '0');
    }
  });
}

/** The width that a chart in it may have. */
function widthOf(host: HTMLElement): Signal<number> {
  const width = signal(host.clientWidth);
  new ResizeObserver(() => (width.value = host.clientWidth)).observe(host);
  return width;
}

interface Shown {
  readonly times: KernelTimes;
  readonly dispatches: readonly ShownDispatch[];
}

const resultOf = (
  { times, dispatches }: Shown,
  longest: Signal<boolean>,
  width: number,
  state: State,
  open: (position: number) => void,
): TemplateResult => {
  const words = state.words.value;
  const t = words.kernelTimes;
  const pieces = timelineOf(times.dispatches, longest.value);
  const points = roofPoints(dispatches, times.dispatches, times.peaks);
  const sum = times.dispatches.reduce((all, each) => all + each, 0);
  const [dearest] = points;
  const { gflops, gbytes } = times.peaks;
  return html`<p class="kernel-summary">${t.summary(digits(sum), digits(times.step))} ${t.clocks[times.clock]}</p>
    ${orderOf(longest, state)}
    <div class="kernel-scroll" tabindex="0" role="group" aria-label=${t.caption}>
      <table class="kernels timeline">
        <caption class="visually-hidden">
          ${t.caption}
        </caption>
        <thead>
          <tr>
            <th scope="col" class="place">#</th>
            <th scope="col">${words.kernels.kernel}</th>
            <th scope="col" class="piece">${t.bar}</th>
            ${[t.ms, t.share].map((head) => html`<th scope="col">${head}</th>`)}
            <th scope="col" class="roomy">${t.upTo}</th>
          </tr>
        </thead>
        <tbody>
          ${pieces.map((piece) => pieceOf(piece, dispatches[piece.position], state, open))}
        </tbody>
      </table>
    </div>
    <figure class="roofline">
      <figcaption>
        <h4>${t.roofline}</h4>
        <p class="hint">${t.rooflineAbout}</p>
      </figcaption>
      ${roofChart(points, times.peaks, width, t)}
      <p class="kernel-summary">
        ${t.most(digits(gflops), digits(gbytes))}
        ${dearest === undefined ? nothing : t.dearest(nameOf(dearest), percent(dearest.share), percent(dearest.part))}
      </p>
      ${asTable(t.roofline, () => [roofTable(points, words)], words)}
    </figure>`;
};

const orderOf = (longest: Signal<boolean>, state: State): TemplateResult => {
  const t = state.words.value.kernelTimes;
  return html`<fieldset class="kernel-choice two">
    <legend class="visually-hidden">${t.order}</legend>
    <div class="segments">
      ${[false, true].map(
        (value) =>
          html`<label>
            <input
              type="radio"
              name="kernel-order"
              .checked=${live(longest.value === value)}
              @change=${() => (longest.value = value)}
            />
            <span>${value ? t.longest : t.inOrder}</span>
          </label>`,
      )}
    </div>
  </fieldset>`;
};

const pieceOf = (
  { position, ms, from, to }: Piece,
  dispatch: ShownDispatch | undefined,
  state: State,
  open: (position: number) => void,
): TemplateResult =>
  html`<tr class="pressable">
    <td class="place">${position + 1}</td>
    <th scope="row">
      <button
        type="button"
        class="kernel-name"
        aria-label=${state.words.value.kernelPlan.open(position + 1, dispatch?.kernel ?? '')}
        translate="no"
        @click=${() => open(position)}
      >
        ${dispatch?.kernel}
      </button>
    </th>
    <td class="piece"><i data-from=${from} data-to=${to}></i></td>
    <td>${digits(ms)}</td>
    <td>${percent(to - from)}</td>
    <td class="roomy">${percent(to)}</td>
  </tr>`;
