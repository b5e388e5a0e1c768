import { effect } from '@preact/signals-core';
import { html, nothing, render, type TemplateResult } from 'lit-html';
import { bestOf, judgeOf } from '../best.js';
import { curveRows, type CurveRow } from '../curveTable.js';
import { count, fixed, loss, percent, seconds } from '../format.js';
import { atMostEvery, onFrames } from '../frames.js';
import { smoothed } from '../history.js';
import type { EpochRow } from '../protocol.js';
import { differences } from '../settingsText.js';
import type { State } from '../state.js';
import { settingsAtHand } from '../state/train.js';
import { asTable, type ChartTable } from './asTable.js';
import { runName } from './earlierRuns.js';
import { REFERENCE } from './reference.js';

/** While a run trains, its numbers stand still for so long that they can be read. */
const STILL_MS = 1000;

/** The curves of the run at hand in numbers, and what is drawn beside them. */
export function mountCurveTable(host: HTMLElement, state: State): void {
  const draw = onFrames(() => {
    const words = state.words.peek();
    render(
      asTable(words.curveTable.title, () => [runTable(state), besideTable(state)], words),
      host,
    );
  });
  const drawNews = atMostEvery(STILL_MS, draw);
  effect(() => {
    void [state.historyVersion.value, state.epochs.value, state.earlier.value, state.run.value];
    drawNews();
  });
  // What a person chooses does not wait.
  effect(() => {
    void [state.smoothing.value, state.words.value];
    draw();
  });
}

function runTable(state: State): ChartTable {
  const words = state.words.peek();
  const t = words.curveTable;
  const epochs = state.epochs.peek();
  const held = judgeOf(epochs) === 'validation';
  const best = bestOf(epochs);
  const kinds = [words.train, ...(held ? [words.validation] : []), words.test];
  const rows = curveRows(state.history, epochs, state.run.peek()?.stepsPerEpoch ?? NaN, state.smoothing.peek());
  return {
    caption: t.caption(state.smoothing.peek().toFixed(2)),
    heads: [t.step, t.epoch, t.seconds, { group: words.loss, heads: kinds }, { group: words.accuracy, heads: kinds }],
    rows: rows.map((row) => cellsOf(row, held, row.ended === best ? words.epochTable.best : undefined)),
  };
}

function cellsOf({ step, epoch, seconds: gone, training, ended }: CurveRow, held: boolean, best: string | undefined) {
  const judged = (text: (value: number | undefined) => string, of: (row: EpochRow) => number | undefined): string =>
    ended === undefined ? '' : text(of(ended));
  return [
    markedStep(count(step), ended && best),
    fixed(epoch, 2),
    seconds(gone),
    loss(training.loss),
    ...(held ? [judged(loss, (row) => row.validationLoss)] : []),
    judged(loss, (row) => row.testLoss),
    percent(training.accuracy),
    ...(held ? [judged(percent, (row) => row.validationAccuracy)] : []),
    judged(percent, (row) => row.testAccuracy),
  ];
}

const markedStep = (step: string, best: string | undefined): string | TemplateResult =>
  best === undefined ? step : html`<b>${step}</b><span class="visually-hidden">${best}</span>`;

/** The lines that are not of this run. */
function besideTable(state: State): ChartTable {
  const words = state.words.peek();
  const t = words.curveTable;
  const now = settingsAtHand(state);
  const earlier = state.earlier
    .peek()
    .toReversed()
    .map(({ settings, curve, epochs }) => {
      const training = smoothed(curve.losses, curve.stride, state.smoothing.peek()).at(-1);
      const others = differences(settings, now, words);
      return [
        runName(settings, words),
        others.length === 0 ? words.earlier.same : others.join(' · '),
        count(curve.steps.at(-1) ?? 0),
        loss(training),
        loss(epochs.at(-1)?.testLoss),
        percent(epochs.at(-1)?.testAccuracy),
      ];
    });
  const tutorial: ChartTable['rows'][number] = [
    words.reference.name,
    words.reference.settings,
    nothing,
    nothing,
    nothing,
    percent(REFERENCE),
  ];
  return {
    caption: t.beside,
    heads: [t.run, t.settings, t.step, t.trainingLoss, t.testLoss, t.testAccuracy],
    rows: [...earlier, tutorial],
  };
}
