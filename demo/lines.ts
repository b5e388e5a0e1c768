// The lines of a chart: steps and epochs on one x axis, never more points than a frame may draw.

/** Points that one frame draws, over all charts. */
export const POINTS_A_FRAME = 4096;
const CHARTS = 2;
/** Of a chart, for the epochs' test points; the rest is for the two lines over the steps. */
const EPOCHS = 248;
/** Bins of a run's history: each is a point of the raw line and one of the smoothed. */
export const BINS = (POINTS_A_FRAME / CHARTS - EPOCHS) / 2;

/** x, the steps' own values, the smoothed ones, the test set's. Null where a line has no point. */
export type ChartData = [number[], (number | null)[], (number | null)[], (number | null)[]];

export interface Line {
  readonly steps: readonly number[];
  readonly raw: readonly number[];
  readonly smooth: readonly number[];
}

export interface TestPoint {
  readonly step: number;
  readonly value: number;
}

/** Steps and test points in order of x; a curve has no point where the other one has. */
export function linesOf({ steps, raw, smooth }: Line, points: readonly TestPoint[]): ChartData {
  const tests = thinned(points);
  const data: ChartData = [[], [], [], []];
  let at = 0;
  for (let i = 0; i <= steps.length; i++) {
    const step = steps[i] ?? Infinity;
    for (let test = tests[at]; test !== undefined && test.step < step; test = tests[++at]) {
      push(data, test.step, null, null, test.value);
    }
    if (step === Infinity) break;
    const test = tests[at];
    const here = test?.step === step ? test.value : null;
    if (here !== null) at++;
    push(data, step, raw[i], smooth[i], here);
  }
  return data;
}

/** As many as there is room for, evenly chosen; the last, which is looked for, always. */
function thinned(points: readonly TestPoint[]): readonly TestPoint[] {
  const stride = Math.ceil(points.length / EPOCHS);
  return stride <= 1 ? points : points.filter((_, i) => (points.length - 1 - i) % stride === 0);
}

function push([x, ...lines]: ChartData, step: number, ...values: (number | null | undefined)[]): void {
  x.push(step);
  // A loss that is no number (a run that diverged) is a gap.
  lines.forEach((line, i) => line.push(Number.isFinite(values[i]) ? (values[i] ?? null) : null));
}
