// The roofline of the kernels (Williams, Waterman, Patterson 2009): operations a byte against operations a second, under
// the roof that the measured peak and the measured copy put over them.

import { placedLabels } from './labels.js';
import { decades, logScale } from './logScale.js';
import { roofOf, type Peaks } from './peaks.js';
import { escaped, px, svgText, textAt } from '../src/chart/svg.js';
import { digits } from './table.js';

export interface RooflinePoint {
  readonly label: string;
  readonly covers: string;
  readonly count: number;
  readonly flops: number;
  readonly bytes: number;
  /** Milliseconds of one run. */
  readonly ms: number;
}

export interface Roofline {
  readonly title: string;
  readonly peaks: Peaks;
  readonly points: readonly RooflinePoint[];
}

const [WIDTH, HEIGHT] = [760, 440];
const [LEFT, RIGHT, TOP, BOTTOM] = [70, 24, 58, 52];
/** Points that carry their names: the dearest. */
const NAMED = 8;

export function rooflineChart({ title, peaks, points }: Roofline): string {
  const across = points.map(({ flops, bytes }) => flops / bytes);
  const up = points.map(({ flops, ms }) => flops / ms / 1e6);
  const ridge = peaks.gflops / peaks.gbytes;
  const x = logScale([...across, ridge / 8, ridge * 8], LEFT, WIDTH - RIGHT);
  const y = logScale([...up, peaks.gflops * 1.5], HEIGHT - BOTTOM, TOP);
  const body = [textAt(12, 24, title, 'title')];
  for (const value of decades(x.least, x.most)) {
    body.push(`<path class="grid" d="M${px(x.at(value))} ${TOP}V${HEIGHT - BOTTOM}"/>`);
    body.push(textAt(x.at(value), HEIGHT - BOTTOM + 18, plain(value), 'soft middle'));
  }
  for (const value of decades(y.least, y.most)) {
    body.push(`<path class="grid" d="M${LEFT} ${px(y.at(value))}H${WIDTH - RIGHT}"/>`);
    body.push(textAt(LEFT - 8, y.at(value) + 4.5, plain(value), 'soft end'));
  }
  body.push(textAt((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, 'floating-point operations a byte', 'soft middle'));
  body.push(textAt(12, TOP - 6, 'GFLOP/s', 'soft'));
  const corners = [x.least, ridge, x.most].map((value) => `${px(x.at(value))} ${px(y.at(roofOf(peaks, value, 1)))}`);
  body.push(`<path class="roof" d="M${corners.join('L')}"/>`);
  const roof = `${digits(peaks.gflops)} GFLOP/s, ${digits(peaks.gbytes)} GB/s`;
  body.push(textAt(WIDTH - RIGHT - 4, y.at(peaks.gflops) - 8, roof, 'end'));
  const dearest = new Set([...points].sort((a, b) => b.ms * b.count - a.ms * a.count).slice(0, NAMED));
  for (const point of points) {
    const [px0, py0] = [x.at(point.flops / point.bytes), y.at(point.flops / point.ms / 1e6)];
    const rate = point.flops / point.ms / 1e6;
    const share = (100 * rate) / roofOf(peaks, point.flops, point.bytes);
    const tip = `${point.label} (${point.covers}): ${digits(rate)} GFLOP/s, ${share.toFixed(0)} % of the roof`;
    body.push(`<circle class="point" cx="${px(px0)}" cy="${px(py0)}" r="5"><title>${escaped(tip)}</title></circle>`);
  }
  const labels = [...dearest].map(({ label, flops, bytes, ms }) => ({
    label,
    x: x.at(flops / bytes),
    y: y.at(flops / ms / 1e6),
  }));
  body.push(...placedLabels(labels, LEFT, WIDTH - 4));
  return svgText(WIDTH, HEIGHT, title, body);
}

const plain = (value: number): string => `${Number(value.toPrecision(1))}`;
