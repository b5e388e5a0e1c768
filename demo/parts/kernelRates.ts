import { effect } from '@preact/signals-core';
import { html, nothing, render, type TemplateResult } from 'lit-html';
import { digits } from '../../bench/table.js';
import { count } from '../format.js';
import { onFrames } from '../frames.js';
import { seen } from '../looking.js';
import { PEERS, type PeerRate } from '../peers.js';
import type { State } from '../state.js';
import { rateOf, type LiveRate } from '../rate.js';
import type { Words } from '../text/en.js';
import { netTitle } from './netTitle.js';

/** The rate of the run at hand beside what other libraries reached. */
export function mountKernelRates(host: HTMLElement, state: State): void {
  const within = seen(host);
  const draw = onFrames(() => {
    render(bodyOf(rateOf(state), state), host);
    for (const bar of host.querySelectorAll<HTMLElement>('[data-to]')) {
      bar.style.setProperty('--to', bar.dataset['to'] ?? '0');
    }
  });
  let drawn = false;
  effect(() => {
    void [state.progress.value, state.run.value, state.words.value, state.adapter.value];
    if (within.value || !drawn) draw();
    drawn = true;
  });
}

const bodyOf = (now: LiveRate | undefined, state: State): TemplateResult => {
  const words = state.words.value;
  const t = words.kernelRates;
  const { date, commit, adapter, browser } = PEERS;
  const own = now === undefined ? [] : [{ now }];
  const rows = [...PEERS.rates, ...own].sort((a, b) => speedOf(b) - speedOf(a));
  const most = Math.max(...rows.map(speedOf));
  return html`<p class="kernel-now">
      ${now === undefined ? t.none : t.live(digits(now.stepsPerSecond), count(now.imagesPerSecond))}
    </p>
    <table class="kernels rates">
      <caption class="visually-hidden">
        ${t.caption}
      </caption>
      <thead>
        <tr>
          <th scope="col">${t.who}</th>
          <th scope="col"><span class="visually-hidden">${t.bar}</span></th>
          <th scope="col">${t.steps}</th>
          <th scope="col" class="range">${t.range}</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map((row) => rowOf(row, speedOf(row) / most, t))}
      </tbody>
    </table>
    <p class="hint">${t.measured(date, adapter, browser, commit)}</p>
    <p class="hint">
      ${
        now === undefined
          ? nothing
          : t.fair(netTitle(now.net, words), String(now.batch), state.adapter.value?.description ?? '')
      }
    </p>
    <p><a href="./bench.html">${t.bench}</a></p>`;
};

type Row = PeerRate | { readonly now: LiveRate };

const speedOf = (row: Row): number => ('now' in row ? row.now.stepsPerSecond : row.stepsPerSecond);

const rowOf = (row: Row, to: number, t: Words['kernelRates']): TemplateResult =>
  'now' in row
    ? html`<tr class="now">
        <th scope="row">${t.now}</th>
        <td class="piece"><i data-to=${to}></i></td>
        <td>${digits(row.now.stepsPerSecond)}</td>
        <td class="range"></td>
      </tr>`
    : html`<tr class=${row.name === 'Weft' ? 'ours' : ''}>
        <th scope="row">
          <span translate="no">${row.name}</span>
          <small translate="no">${row.version}</small>
          <small>${row.on === 'cpu' ? t.cpu : row.on}</small>
        </th>
        <td class="piece"><i data-to=${to}></i></td>
        <td>${digits(row.stepsPerSecond)}</td>
        <td class="range">${digits(row.least)} – ${digits(row.most)}</td>
      </tr>`;
