// The curves of a run as rows of numbers, few enough to be read however long the run is.

import { bestOf } from './best.js';
import { secondsAt, smoothed, type History } from './history.js';
import { chosen } from './lines.js';
import type { EpochRow } from './protocol.js';

export const MOST_ROWS = 40;
/** Of them, those at the ends of epochs. */
const MOST_EPOCHS = 18;

export interface CurveRow {
  readonly step: number;
  /** Passes over the training images up to there, with their fraction. */
  readonly epoch: number;
  readonly seconds: number;
  /** As the curves draw them: smoothed, except at the first step. */
  readonly training: { readonly loss: number; readonly accuracy: number };
  /** The epoch that ended there. */
  readonly ended?: EpochRow;
}

/**
 * The first step and the last, ends of epochs with the best and the last of them, and steps between them, evenly spread.
 *
 * @param smoothing how much of the past stays at each step: 0 to 0.99
 */
export function curveRows(
  { curve, first, last }: Pick<History, 'curve' | 'first' | 'last'>,
  epochs: readonly EpochRow[],
  stepsPerEpoch: number,
  smoothing: number,
): readonly CurveRow[] {
  if (first === undefined || last === undefined) return [];
  const best = bestOf(epochs);
  const ends = new Map([...chosen(epochs, MOST_EPOCHS), ...(best ? [best] : [])].map((row) => [row.step, row]));
  const between = spread(curve.steps, MOST_ROWS - ends.size - 2);
  const steps = [...new Set([first.step, ...between, ...ends.keys(), last.step])].sort((a, b) => a - b);
  const [losses, accuracies] = [curve.losses, curve.accuracies].map((all) => smoothed(all, curve.stride, smoothing));
  return steps.map((step) => {
    const bin = curve.steps.findLastIndex((end) => end <= step);
    const ended = ends.get(step);
    return {
      step,
      epoch: step / stepsPerEpoch,
      seconds: step === first.step ? first.seconds : step === last.step ? last.seconds : secondsAt(curve, step),
      training:
        bin < 0 || step === first.step
          ? { loss: first.loss, accuracy: first.accuracy }
          : { loss: losses?.[bin] ?? NaN, accuracy: accuracies?.[bin] ?? NaN },
      ...(ended && { ended }),
    };
  });
}

/** So many of them at most, the same distance apart. */
function spread(values: readonly number[], room: number): readonly number[] {
  const wanted = Math.min(room, values.length);
  return Array.from({ length: wanted }, (_, i) => values[Math.floor(((i + 0.5) * values.length) / wanted)] ?? 0);
}
