// What a curve shows: its lines and their axes, from all that is known of a run and of those before it.

import { bestOf, judgeOf } from './best.js';
import type { EarlierRun } from './earlier.js';
import { BINS, secondsAt, smoothed, type Curve, type Point } from './history.js';
import { chosen, EARLIER_POINTS, EARLIER_RUNS, EPOCH_POINTS, type ChartData, type Line } from './lines.js';
import type { EpochRow } from './protocol.js';
import type { Across, Told } from './state/train.js';
import { evenTicks, powerTicks } from './ticks.js';

/** One quantity of a run: as training measured it, and on images that are not trained on. */
export interface Measure {
  readonly name: 'loss' | 'accuracy';
  readonly training: (curve: Curve) => readonly number[];
  readonly validation: (row: EpochRow) => number | undefined;
  readonly test: (row: EpochRow) => number;
}

export const LOSS: Measure = {
  name: 'loss',
  training: ({ losses }) => losses,
  validation: ({ validationLoss }) => validationLoss,
  test: ({ testLoss }) => testLoss,
};

export const ACCURACY: Measure = {
  name: 'accuracy',
  training: ({ accuracies }) => accuracies,
  validation: ({ validationAccuracy }) => validationAccuracy,
  test: ({ testAccuracy }) => testAccuracy,
};

/** A run as far as it has come. */
export interface Shown {
  readonly curve: Curve;
  readonly last: Point | undefined;
  readonly epochs: readonly EpochRow[];
  readonly stepsPerEpoch: number;
  /** Steps that it is to have. */
  readonly steps: number;
}

/** How curves are drawn. */
export interface Drawn {
  readonly smoothing: number;
  readonly across: Across;
  /** On a scale of powers of ten. */
  readonly log: boolean;
}

/** Which line of the data is which; those of earlier runs lie below the others. */
export const LINES = {
  earlier: 0,
  raw: EARLIER_RUNS,
  smooth: EARLIER_RUNS + 1,
  validation: EARLIER_RUNS + 2,
  test: EARLIER_RUNS + 3,
  best: EARLIER_RUNS + 4,
  count: EARLIER_RUNS + 5,
} as const;

/** Points of all lines of one curve: for the bins twice, as they are and smoothed. */
export const MOST_POINTS = 2 * BINS + EARLIER_RUNS * EARLIER_POINTS + 2 * EPOCH_POINTS + 1;

/** Where the end of a step lies on the x axis. */
const placeOf =
  (across: Across, curve: Curve, stepsPerEpoch: number) =>
  (step: number): number =>
    across === 'step' ? step : across === 'epoch' ? step / stepsPerEpoch : secondsAt(curve, step);

function trainingOf(
  measure: Measure,
  { curve, stepsPerEpoch }: Pick<Shown, 'curve' | 'stepsPerEpoch'>,
  { across, log }: Drawn,
  smoothing: number,
): Line {
  const x = across === 'seconds' ? curve.seconds : curve.steps.map(placeOf(across, curve, stepsPerEpoch));
  return { x, y: smoothed(measure.training(curve), curve.stride, smoothing).map(scaled(log)) };
}

const scaled =
  (log: boolean) =>
  (value: number): number =>
    !log ? value : value > 0 ? Math.log10(value) : NaN;

/** All lines of one curve, in the order of `LINES`. */
export function linesOf(measure: Measure, shown: Shown, earlier: readonly EarlierRun[], drawn: Drawn): readonly Line[] {
  const lines = Array.from({ length: LINES.count }, (): Line => ({ x: [], y: [] }));
  for (const run of earlier) lines[LINES.earlier + run.slot] = trainingOf(measure, run, drawn, drawn.smoothing);
  lines[LINES.raw] = trainingOf(measure, shown, drawn, 0);
  lines[LINES.smooth] = trainingOf(measure, shown, drawn, drawn.smoothing);
  const placed = placeOf(drawn.across, shown.curve, shown.stepsPerEpoch);
  const rows = chosen(shown.epochs, EPOCH_POINTS);
  const over = (points: readonly EpochRow[], value: (row: EpochRow) => number | undefined): Line => ({
    x: points.map(({ step }) => placed(step)),
    y: points.map((row) => value(row) ?? NaN).map(scaled(drawn.log)),
  });
  lines[LINES.validation] = over(rows, measure.validation);
  lines[LINES.test] = over(rows, measure.test);
  const best = bestOf(shown.epochs);
  const judged = (row: EpochRow): number => measure.validation(row) ?? measure.test(row);
  if (best !== undefined) lines[LINES.best] = over([best], judged);
  return lines;
}

/** The same without what is not to be told; the ring goes with the line that it lies on. */
export function toldOf(lines: readonly Line[], untold: readonly Told[], epochs: readonly EpochRow[]): readonly Line[] {
  const ringed = (line: Told) => (judgeOf(epochs) === line ? [LINES.best] : []);
  const places: Readonly<Record<Told, readonly number[]>> = {
    train: [LINES.raw, LINES.smooth],
    validation: [LINES.validation, ...ringed('validation')],
    test: [LINES.test, ...ringed('test')],
  };
  const gone = untold.flatMap((line) => places[line]);
  return lines.map((line, place) => (gone.includes(place) ? { x: [], y: [] } : line));
}

export interface Ends {
  readonly from: number;
  readonly to: number;
}

/**
 * How far the x axis goes: it grows in leaps with the run, up to the run's end, so that a curve is never a mere corner.
 * @param data whose last x is always on it
 */
export function reachOf({ last, steps, stepsPerEpoch }: Shown, across: Across, [x]: ChartData): Ends {
  const doubled = (first: number, now: number): number => first * 2 ** Math.max(0, Math.ceil(Math.log2(now / first)));
  const reach = Math.min(steps, doubled(100, last?.step ?? 0));
  const to = across === 'step' ? reach : across === 'epoch' ? reach / stepsPerEpoch : doubled(10, last?.seconds ?? 0);
  return { from: 0, to: Math.max(to, x.at(-1) ?? 0) };
}

/** The ends of the y axis. */
export function heightOf({ name }: Measure, [, ...lines]: ChartData, log: boolean): Ends {
  if (name === 'accuracy') return { from: 0, to: 1 };
  let [low, high] = [Infinity, -Infinity];
  for (const value of lines.flat()) {
    if (value === null) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (!log) return { from: 0, to: high > -Infinity ? Math.max(0.1, high * 1.05) : 1 };
  return low < high ? { from: low - 0.03 * (high - low), to: high + 0.05 * (high - low) } : { from: -1, to: 0.5 };
}

export const ticksOf = (log: boolean) => (log ? powerTicks : evenTicks);
