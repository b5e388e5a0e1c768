import { effect } from '@preact/signals-core';
import { html, nothing, render, type TemplateResult } from 'lit-html';
import type { Actions } from '../actions.js';
import { bestOf, judgeOf } from '../best.js';
import {
  ACCURACY,
  heightOf,
  LINES,
  linesOf,
  LOSS,
  reachOf,
  ticksOf,
  toldOf,
  type Measure,
  type Shown,
} from '../curveView.js';
import { clock, count, loss, percent } from '../format.js';
import { onFrames } from '../frames.js';
import { smoothed } from '../history.js';
import { EARLIER_RUNS, joined, type ChartData } from '../lines.js';
import type { State } from '../state.js';
import type { Across, Told } from '../state/train.js';
import { powerText } from '../ticks.js';
import { mountChart, type Chart, type LineLook, type Mark } from './chart.js';
import { mountCurveOptions } from './curveOptions.js';
import { mountEarlier } from './earlierRuns.js';
import { REFERENCE, referenceOf } from './reference.js';

const compact = new Intl.NumberFormat('en', { notation: 'compact' });

/** Those of the lines, in their order. */
const LOOKS: readonly LineLook[] = [
  ...Array.from({ length: EARLIER_RUNS }, (_, slot) => ({ ink: `--earlier-${slot}`, width: 1.5 })),
  { ink: '--train-faint', width: 1 },
  { ink: '--train', width: 2 },
  { ink: '--held', width: 2, dash: [2, 3], points: 7 },
  { ink: '--test', width: 2, dash: [6, 4], points: 7 },
  { ink: '--held', width: 0, points: 15, hollow: true },
];

const PLACES: Readonly<Record<Across, (value: number) => string>> = {
  step: (value) => compact.format(value),
  epoch: (value) => compact.format(value),
  seconds: (value) => (value < 60 ? `${compact.format(value)} s` : clock(value)),
};

const TEXTS = {
  loss: {
    value: loss,
    tick: (value: number, log: boolean) =>
      log ? powerText(value) : value < 1000 ? value.toFixed(1) : compact.format(value),
  },
  accuracy: { value: percent, tick: (value: number) => `${Math.round(100 * value)} %` },
} as const;

/** Loss and accuracy over the run, how they are drawn, and which runs went before. */
export function mountCurves(host: HTMLElement, state: State, actions: Actions): void {
  const part = <T extends HTMLElement>(made: T, name: string): T => {
    made.className = name;
    host.append(made);
    return made;
  };
  mountCurveOptions(part(document.createElement('div'), 'curve-options'), state);
  for (const measure of [LOSS, ACCURACY]) {
    const figure = part(document.createElement('figure'), 'card curve');
    figure.dataset['measure'] = measure.name;
    mountCurve(figure, state, actions, measure);
  }
  // Filled when a person comes near.
  part(document.createElement('div'), 'curve-table').id = 'curve-table';
  mountEarlier(part(document.createElement('section'), 'earlier'), state);
}

function mountCurve(figure: HTMLElement, state: State, actions: Actions, measure: Measure): void {
  const id = `curve-${measure.name}`;
  effect(() => {
    const t = state.words.value;
    render(
      html`<div class="curve-head">
          <h3 id=${id}>${t[measure.name]}</h3>
          <div class="curve-values" role="group" aria-label=${t.drawn}>
            ${TOLD.map((line) => legendOf(line, state))}
          </div>
        </div>
        <div class="plot" role="img" aria-labelledby=${id} aria-describedby="${id}-summary"></div>
        <figcaption>
          ${bestText(state)} ${measure === ACCURACY ? referenceOf(state, actions) : nothing}
          <p id="${id}-summary" class="summary"></p>
        </figcaption>`,
      figure,
    );
  });
  const [trainValue, heldValue, testValue] = [...figure.querySelectorAll('output')];
  const summary = figure.querySelector('.summary');
  const place = figure.querySelector<HTMLElement>('.plot');
  if (!trainValue || !heldValue || !testValue || !summary || !place) return;

  let data: ChartData = [[], ...LOOKS.map(() => [])];
  let pointed: number | undefined;
  const { value } = TEXTS[measure.name];
  const isLog = () => measure === LOSS && state.logLoss.peek();
  const showValues = () => {
    const at = pointed ?? Infinity;
    const of = (line: number) => {
      const y = near(data[line + 1] ?? [], at);
      return value(isLog() && y !== null ? 10 ** y : y);
    };
    trainValue.textContent = of(LINES.smooth);
    heldValue.textContent = of(LINES.validation);
    testValue.textContent = of(LINES.test);
  };
  const chart: Chart = mountChart(place, LOOKS, (index) => {
    pointed = index;
    showValues();
  });
  const draw = onFrames(() => {
    const [shown, across, log] = [shownOf(state), state.across.peek(), isLog()];
    const lines = linesOf(measure, shown, state.earlier.peek(), { smoothing: state.smoothing.peek(), across, log });
    data = joined(toldOf(lines, state.untold.peek(), state.epochs.peek()));
    const { tick } = TEXTS[measure.name];
    chart.draw({
      data,
      x: { ...reachOf(shown, across, data), ticks: ticksOf(false), text: PLACES[across] },
      y: { ...heightOf(measure, data, log), ticks: ticksOf(log), text: (at) => tick(at, log) },
      marks: marksOf(state, measure, lines[LINES.raw]?.x.at(-1) ?? 0),
    });
    showValues();
    summary.textContent = summaryOf(state, measure);
  });
  effect(() => {
    void [state.historyVersion.value, state.epochs.value, state.settings.value.epochs, state.words.value];
    void [
      state.untold.value,
      state.smoothing.value,
      state.logLoss.value,
      state.across.value,
      state.earlier.value,
      state.phase.value,
    ];
    draw();
  });
}

/** In the order of the legend. */
const TOLD: readonly Told[] = ['train', 'validation', 'test'];

/** A line's look, its name, which draws it or not, and its value: at the pointer, or the last. */
function legendOf(line: Told, state: State): TemplateResult {
  const untold = state.untold.value;
  const toggle = () => {
    state.untold.value = untold.includes(line) ? untold.filter((other) => other !== line) : [...untold, line];
  };
  return html`<span class=${line} ?hidden=${line === 'validation' && !isJudged(state)}>
    <button type="button" aria-pressed=${untold.includes(line) ? 'false' : 'true'} @click=${toggle}>
      ${state.words.value[line]}
    </button>
    <output aria-hidden="true">–</output>
  </span>`;
}

/** Whether the run judges its epochs by images that are held out. */
const isJudged = (state: State): boolean => (state.run.value?.settings ?? state.settings.value).heldOut > 0;

function shownOf(state: State): Shown {
  const stepsPerEpoch = state.run.peek()?.stepsPerEpoch ?? 100;
  return {
    curve: state.history.curve,
    last: state.history.last,
    epochs: state.epochs.peek(),
    stepsPerEpoch,
    steps: stepsPerEpoch * state.settings.peek().epochs,
  };
}

const bestText = (state: State): TemplateResult | typeof nothing => {
  const best = bestOf(state.epochs.value);
  if (best === undefined) return nothing;
  const t = state.words.value.bestEpoch;
  return html`<p class="best-epoch">${t[judgeOf(state.epochs.value)](best.epoch)}</p>`;
};

/** @param end the place of the last step that was told */
function marksOf(state: State, measure: Measure, end: number): readonly Mark[] {
  const t = state.words.peek();
  const level =
    measure === ACCURACY
      ? [{ at: { y: REFERENCE }, ink: '--soft', label: t.reference.short, about: t.reference.settings }]
      : [];
  // The step that was no number comes after it.
  const broken = state.phase.peek() === 'diverged' ? [{ at: { x: end }, ink: '--bad', label: t.notANumber }] : [];
  return [...level, ...broken];
}

/** The last value at or before an index. */
function near(line: readonly (number | null)[], index: number): number | null {
  for (let i = Math.min(index, line.length - 1); i >= 0; i--) {
    const value = line[i];
    if (value != null) return value;
  }
  return null;
}

function summaryOf(state: State, measure: Measure): string {
  const { first, last, curve } = state.history;
  const t = state.words.peek();
  if (first === undefined || last === undefined) return t.noStep;
  const { value } = TEXTS[measure.name];
  const now = smoothed(measure.training(curve), curve.stride, state.smoothing.peek()).at(-1);
  const row = state.epochs.peek().at(-1);
  const held = row && measure.validation(row);
  return [
    t.trained(value(first[measure.name]), count(first.step), value(now), count(last.step)),
    held === undefined || row === undefined ? '' : t.validated(value(held), row.epoch),
    row === undefined ? '' : t.tested(value(measure.test(row)), row.epoch),
  ]
    .filter(Boolean)
    .join(' ');
}
