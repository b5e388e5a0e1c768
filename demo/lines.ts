// The lines of a chart on one x axis, never more points than a frame may draw.

/** Points that one frame draws, over all charts. */
export const POINTS_A_FRAME = 4096;
/** Of each of the two curves, for one line over the epochs. */
export const EPOCH_POINTS = 100;
/** For each earlier run, and how many there are at most. */
export const EARLIER_POINTS = 140;
export const EARLIER_RUNS = 5;

/** Points (x, y) in order of x; y is no number where a line has a gap. */
export interface Line {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** What a chart draws: x, and for each line its values. Null where a line has no point. */
export type ChartData = [x: number[], ...lines: (number | null)[][]];

/** All lines over the x of each of them. */
export function joined(lines: readonly Line[]): ChartData {
  const all = [...new Set(lines.flatMap(({ x }) => x))].sort((a, b) => a - b);
  return [all, ...lines.map((line) => along(all, line))];
}

function along(all: readonly number[], { x, y }: Line): (number | null)[] {
  let next = 0;
  return all.map((at) => {
    let value: number | undefined;
    // Of several points at one place the last one counts.
    while (x[next] === at) value = y[next++];
    return value !== undefined && Number.isFinite(value) ? value : null;
  });
}

/** As many as there is room for, evenly chosen; the last, which is looked for, always. */
export function chosen<T>(points: readonly T[], room: number): readonly T[] {
  const stride = Math.ceil(points.length / room);
  return stride <= 1 ? points : points.filter((_, i) => (points.length - 1 - i) % stride === 0);
}
