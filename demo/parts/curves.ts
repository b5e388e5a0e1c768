import { effect } from '@preact/signals-core';
import { html, render } from 'lit-html';
import { count, loss, percent } from '../format.js';
import { onFrames } from '../frames.js';
import type { Point } from '../history.js';
import { linesOf, type ChartData } from '../lines.js';
import type { EpochRow } from '../protocol.js';
import type { State } from '../state.js';
import { mountChart, type Chart } from './chart.js';

/** What is drawn of a run: one chart a measure. */
interface Measure {
  readonly name: 'loss' | 'accuracy';
  readonly top: number | undefined;
  readonly tick: (value: number) => string;
  readonly text: (value: number | null | undefined) => string;
  readonly raw: (state: State) => readonly number[];
  readonly smooth: (state: State) => readonly number[];
  readonly now: (point: Point) => number;
  readonly test: (row: EpochRow) => number;
}

const LOSS: Measure = {
  name: 'loss',
  top: undefined,
  tick: (value) => value.toFixed(1),
  text: loss,
  raw: ({ history }) => history.losses,
  smooth: ({ history }) => history.smoothLosses,
  now: (point) => point.loss,
  test: (row) => row.testLoss,
};

const ACCURACY: Measure = {
  name: 'accuracy',
  top: 1,
  tick: (value) => `${Math.round(100 * value)} %`,
  text: percent,
  raw: ({ history }) => history.accuracies,
  smooth: ({ history }) => history.smoothAccuracies,
  now: (point) => point.accuracy,
  test: (row) => row.testAccuracy,
};

export function mountCurves(host: HTMLElement, state: State): void {
  for (const measure of [LOSS, ACCURACY]) {
    const figure = document.createElement('figure');
    figure.className = 'card curve';
    figure.dataset['measure'] = measure.name;
    host.append(figure);
    mountCurve(figure, state, measure);
  }
}

function mountCurve(figure: HTMLElement, state: State, measure: Measure): void {
  const id = `curve-${measure.name}`;
  effect(() => {
    const t = state.words.value;
    render(
      html`<div class="curve-head">
          <h3 id=${id}>${t[measure.name]}</h3>
          <p class="curve-values" aria-hidden="true">
            <span class="train">${t.train} <output>–</output></span>
            <span class="test">${t.test} <output>–</output></span>
          </p>
        </div>
        <div class="plot" role="img" aria-labelledby=${id} aria-describedby="${id}-summary"></div>
        <figcaption id="${id}-summary" class="summary"></figcaption>`,
      figure,
    );
  });
  const [trainValue, testValue] = [...figure.querySelectorAll('output')];
  const caption = figure.querySelector('figcaption');
  const place = figure.querySelector<HTMLElement>('.plot');
  if (!trainValue || !testValue || !caption || !place) return;

  let data: ChartData = [[], [], [], []];
  let pointed: number | undefined;
  const showValues = () => {
    const { last } = state.history;
    const row = state.epochs.peek().at(-1);
    const at = pointed;
    trainValue.textContent = measure.text(at === undefined ? last && measure.now(last) : near(data[2], at));
    testValue.textContent = measure.text(at === undefined ? row && measure.test(row) : near(data[3], at));
  };
  const chart: Chart = mountChart(place, {
    top: measure.top,
    format: measure.tick,
    onPoint: (index) => {
      pointed = index;
      showValues();
    },
  });
  const draw = onFrames(() => {
    const line = { steps: state.history.steps, raw: measure.raw(state), smooth: measure.smooth(state) };
    const tests = state.epochs.peek().map((row) => ({ step: row.step, value: measure.test(row) }));
    data = linesOf(line, tests);
    chart.set(data, reachOf(state));
    showValues();
    caption.textContent = summaryOf(state, measure);
  });
  effect(() => {
    void [state.historyVersion.value, state.epochs.value, state.settings.value.epochs, state.words.value];
    draw();
  });
}

/** How far the x axis goes: it doubles as the run grows, up to the run's end, so that a curve is never a mere corner. */
function reachOf(state: State): number {
  const end = (state.run.peek()?.stepsPerEpoch ?? 100) * state.settings.peek().epochs;
  const now = state.history.last?.step ?? 0;
  return Math.min(end, 100 * 2 ** Math.max(0, Math.ceil(Math.log2(now / 100))));
}

/** The last value at or before an index. */
function near(line: readonly (number | null)[], index: number): number | null {
  for (let i = index; i >= 0; i--) {
    const value = line[i];
    if (value != null) return value;
  }
  return null;
}

function summaryOf(state: State, measure: Measure): string {
  const { first, last } = state.history;
  const t = state.words.peek();
  if (first === undefined || last === undefined) return t.noStep;
  const row = state.epochs.peek().at(-1);
  const { text, now } = measure;
  const training = t.trained(text(now(first)), count(first.step), text(now(last)), count(last.step));
  return row === undefined ? training : `${training} ${t.tested(text(measure.test(row)), row.epoch)}`;
}
