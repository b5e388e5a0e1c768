import { effect } from '@preact/signals-core';
import { html, nothing, render, type TemplateResult } from 'lit-html';
import { reasonAgainst, type Actions } from '../actions.js';
import { loss } from '../format.js';
import { onFrames } from '../frames.js';
import { joined } from '../lines.js';
import { sameRun } from '../protocol.js';
import type { FoundRates } from '../protocol/finder.js';
import type { State } from '../state.js';
import { evenTicks, powerText, powerTicks } from '../ticks.js';
import { asTable, type ChartTable } from './asTable.js';
import { mountChart, type Chart, type LineLook } from './chart.js';

const LOOKS: readonly LineLook[] = [
  { ink: '--train-faint', width: 1 },
  { ink: '--train', width: 2 },
];

/** Tries a hundred learning rates, and shows where the loss falls fastest. */
export function mountFinder(host: HTMLElement, state: State, actions: Actions): void {
  let chart: Chart | undefined;
  const draw = onFrames(() => {
    const found = state.found.peek();
    const place = host.querySelector<HTMLElement>('.plot');
    if (found === undefined || place === null) return;
    chart ??= mountChart(place, LOOKS, () => undefined);
    show(chart, found, state);
  });
  effect(() => {
    render(cardOf(state, actions), host);
    void state.settings.value.rate;
    draw();
  });
}

const cardOf = (state: State, actions: Actions): TemplateResult => {
  const t = state.words.value.finder;
  const [found, finding, phase] = [state.found.value, state.finding.value, state.phase.value];
  const unless = phase === 'lost' ? state.words.value.phases.lost : reasonAgainst(state, phase);
  const ask = (): void => {
    if (finding) actions.ask({ type: 'stopFinding' });
    else if (unless === undefined) actions.ask({ type: 'findRate', settings: state.settings.peek() });
  };
  return html`<p>${t.what}</p>
    <div class="buttons">
      <button type="button" id="find" aria-disabled=${unless === undefined ? 'false' : 'true'} @click=${ask}>
        ${finding ? t.stop : t.find}
      </button>
      <span class="hint" role="status">${finding ? t.finding : (unless ?? nothing)}</span>
    </div>
    <div class="found" ?hidden=${found === undefined}>
      <div class="plot" role="img" aria-label=${t.chart} aria-describedby="found-summary"></div>
      <p id="found-summary" class="summary">${found === undefined ? nothing : summaryOf(found, state)}</p>
      ${found?.suggestion === undefined ? nothing : useOf(found.suggestion, state, actions)}
      ${found === undefined ? nothing : asTable(t.chart, () => [tableOf(found, state)], state.words.value)}
    </div>`;
};

const useOf = (rate: number, state: State, actions: Actions): TemplateResult => {
  const t = state.words.value.finder;
  const rounded = twoDigits(rate);
  return html`<button type="button" id="use-rate" @click=${() => actions.change({ rate: rounded })}>
      ${t.use(String(rounded))}
    </button>
    <span class="hint" role="status">${state.settings.value.rate === rounded ? t.used : nothing}</span>`;
};

function tableOf({ rates, losses, smoothed, suggestion }: FoundRates, state: State): ChartTable {
  const t = state.words.peek().finder;
  return {
    caption: t.chart,
    heads: [t.rate, t.loss, t.smoothed],
    rows: rates.map((rate, i) => [
      rate === suggestion ? html`<b>${shortOf(rate)}</b> ${t.mark}` : shortOf(rate),
      loss(losses[i]),
      loss(smoothed[i]),
    ]),
  };
}

/** The rates of a search lie closer than two digits tell. */
const shortOf = (rate: number): string => String(Number(rate.toPrecision(3)));

/** Two digits are more than the search knows. */
const twoDigits = (rate: number): number => Number(rate.toPrecision(2));

function summaryOf({ settings, rates, smoothed, suggestion }: FoundRates, state: State): string {
  const t = state.words.value.finder;
  const [first, last] = [rates[0] ?? NaN, rates.at(-1) ?? NaN];
  const least = Math.min(...smoothed);
  const lowest = rates[smoothed.indexOf(least)] ?? NaN;
  const text = (rate: number) => String(twoDigits(rate));
  return [
    t.tried(String(rates.length), text(first), text(last)),
    suggestion === undefined ? t.none : t.fastest(text(suggestion), loss(least), text(lowest)),
    sameRun(settings, state.settings.value) ? '' : t.other,
  ]
    .filter(Boolean)
    .join(' ');
}

function show(chart: Chart, { rates, losses, smoothed, suggestion }: FoundRates, state: State): void {
  const x = rates.map(Math.log10);
  const t = state.words.peek().finder;
  const now = Math.log10(state.settings.peek().rate);
  const [from, to] = [x[0] ?? -7, x.at(-1) ?? 1];
  const marks = suggestion === undefined ? [] : [{ at: { x: Math.log10(suggestion) }, ink: '--accent', label: t.mark }];
  const isNow = now > from && now < to && Math.abs(now - Math.log10(suggestion ?? 0)) > 0.05;
  // Where it is lost the loss knows no bounds: what matters is how far it falls.
  const [first, least] = [smoothed[0] ?? 1, Math.min(...smoothed)];
  const fall = Math.max(first - least, 0.1);
  chart.draw({
    data: joined([
      { x, y: losses },
      { x, y: smoothed },
    ]),
    x: { from, to, ticks: powerTicks, text: powerText },
    y: { from: Math.max(0, least - fall / 2), to: first + fall, ticks: evenTicks, text: (value) => loss(value) },
    marks: [...marks, ...(isNow ? [{ at: { x: now }, ink: '--soft', label: t.now }] : [])],
  });
}
