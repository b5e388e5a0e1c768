// The curve of a run, in a room of fixed size however long the run is; smoothed only when it is drawn.

/** Bins of a run under way: an even number, because a full room merges them in pairs. */
export const BINS = 440;

/** Means of `stride` steps each. */
export interface Curve {
  readonly stride: number;
  /** Last step of each bin; 1 is the first of the run. */
  readonly steps: readonly number[];
  /** Seconds of training up to there. */
  readonly seconds: readonly number[];
  readonly losses: readonly number[];
  readonly accuracies: readonly number[];
}

export interface Point {
  readonly step: number;
  readonly seconds: number;
  readonly loss: number;
  readonly accuracy: number;
}

/** Steps in a row, as they come from the Worker. */
export interface News {
  readonly first: number;
  readonly losses: ArrayLike<number>;
  readonly accuracies: ArrayLike<number>;
  /** Seconds of training up to the last of them. */
  readonly seconds: number;
}

const NOTHING: Curve = { stride: 1, steps: [], seconds: [], losses: [], accuracies: [] };

export class History {
  /** Whole bins. A full room merges neighbours, and the stride doubles. */
  curve: Curve = NOTHING;
  first: Point | undefined;
  last: Point | undefined;
  #waiting: readonly Point[] = [];

  add({ first, losses, accuracies, seconds }: News): void {
    const from = this.last?.seconds ?? 0;
    const points = Array.from({ length: losses.length }, (_, i): Point => ({
      step: first + i,
      // The steps of one message share its time.
      seconds: from + ((seconds - from) * (i + 1)) / losses.length,
      loss: losses[i] ?? NaN,
      accuracy: accuracies[i] ?? NaN,
    }));
    this.first ??= points[0];
    this.last = points.at(-1) ?? this.last;
    this.#waiting = [...this.#waiting, ...points];
    while (this.#waiting.length >= this.curve.stride) this.#fill();
  }

  clear(): void {
    this.curve = NOTHING;
    this.first = this.last = undefined;
    this.#waiting = [];
  }

  /** Moves as many whole bins into the room as it has place for, and then makes place. */
  #fill(): void {
    const { stride, steps } = this.curve;
    const bins = Math.min(BINS - steps.length, Math.floor(this.#waiting.length / stride));
    const taken = this.#waiting.slice(0, bins * stride);
    this.#waiting = this.#waiting.slice(bins * stride);
    const more = merged(curveOf(taken), stride);
    this.curve = {
      stride,
      steps: [...steps, ...more.steps],
      seconds: [...this.curve.seconds, ...more.seconds],
      losses: [...this.curve.losses, ...more.losses],
      accuracies: [...this.curve.accuracies, ...more.accuracies],
    };
    if (this.curve.steps.length === BINS) this.curve = merged(this.curve, 2);
  }
}

const curveOf = (points: readonly Point[]): Curve => ({
  stride: 1,
  steps: points.map(({ step }) => step),
  seconds: points.map(({ seconds }) => seconds),
  losses: points.map(({ loss }) => loss),
  accuracies: points.map(({ accuracy }) => accuracy),
});

/** So many bins as one. Those at the end that do not fill one are left out. */
function merged({ stride, steps, seconds, losses, accuracies }: Curve, bins: number): Curve {
  const count = Math.floor(steps.length / bins);
  const each = <T>(value: (first: number) => T): T[] => Array.from({ length: count }, (_, i) => value(i * bins));
  const last = (values: readonly number[]) => each((first) => values[first + bins - 1] ?? NaN);
  const mean = (values: readonly number[]) =>
    each((first) => values.slice(first, first + bins).reduce((sum, value) => sum + value, 0) / bins);
  return {
    stride: stride * bins,
    steps: last(steps),
    seconds: last(seconds),
    losses: mean(losses),
    accuracies: mean(accuracies),
  };
}

/** The same curve in at most so many bins. */
export const thinned = (curve: Curve, room: number): Curve =>
  curve.steps.length <= room ? curve : merged(curve, Math.ceil(curve.steps.length / room));

/**
 * An exponential average over the steps that does not start from zero: β of the past stays at each step, whatever the
 * stride of the bins. What is no number is left out and keeps its place.
 */
export function smoothed(values: readonly number[], stride: number, beta: number): number[] {
  const kept = beta ** stride;
  let [sum, weight] = [0, 0];
  return values.map((value) => {
    if (!Number.isFinite(value)) return NaN;
    sum = kept * sum + (1 - kept) * value;
    weight = kept * weight + (1 - kept);
    return sum / weight;
  });
}

/** Seconds of training up to a step, on the line between the bins beside it. */
export function secondsAt({ steps, seconds }: Curve, step: number): number {
  const after = steps.findIndex((each) => each >= step);
  if (after < 0) return seconds.at(-1) ?? 0;
  const [from, to] = [steps[after - 1] ?? 0, steps[after] ?? step];
  const [begin, end] = [seconds[after - 1] ?? 0, seconds[after] ?? 0];
  return begin + ((end - begin) * (step - from)) / (to - from);
}
