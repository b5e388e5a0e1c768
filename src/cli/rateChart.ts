// The loss along rising rates, as a table and as a chart.

import { escaped, px, svgText, textAt } from '../chart/svg.js';
import type { RateCurve } from '../index.js';
import { columns } from './columns.js';

const [WIDTH, HEIGHT] = [760, 420];
const [LEFT, RIGHT, TOP, BOTTOM] = [64, 40, 58, 52];
/** Lines of a table, and lines across a chart. */
const [LINES, TICKS] = [20, 4];

/** The highest loss of a chart, times the first. */
const TOP_LOSS = 1.25;

const figure = (value: number): string => value.toPrecision(3);

/** The points, at most some twenty of them, and a bar for each loss. */
export function rateTable({ points, suggestion }: RateCurve): string[] {
  const every = Math.ceil(points.length / LINES);
  const shown = points.filter((point, i) => i % every === 0 || point.rate === suggestion);
  const [least, most] = range(points.map(({ smoothed }) => smoothed));
  return columns([
    ['rate', 'loss', 'smoothed', ''],
    ...shown.map(({ rate, loss, smoothed }) => [
      rate.toExponential(2),
      figure(loss),
      figure(smoothed),
      `${'█'.repeat(Math.round((20 * (smoothed - least)) / (most - least)))}${rate === suggestion ? ' ← falls fastest' : ''}`,
    ]),
  ]);
}

/** A logarithmic axis of rates, a linear one of losses: points are losses, the line is smoothed. */
export function rateChart(title: string, { points, suggestion }: RateCurve): string {
  const [first, last] = [points[0]?.rate ?? 1, points.at(-1)?.rate ?? 10];
  // Where the loss is lost the line leaves the chart.
  const [least, most] = range(points.map(({ smoothed }) => Math.min(smoothed, TOP_LOSS * (points[0]?.smoothed ?? 1))));
  const x = (rate: number): number =>
    LEFT + ((WIDTH - LEFT - RIGHT) * Math.log(rate / first)) / Math.max(1e-9, Math.log(last / first));
  const y = (loss: number): number => HEIGHT - BOTTOM - ((HEIGHT - TOP - BOTTOM) * (loss - least)) / (most - least);
  const body = [textAt(12, 24, title, 'title'), textAt(12, TOP - 12, 'loss', 'soft')];
  for (let power = Math.ceil(Math.log10(first)); 10 ** power <= last; power++) {
    body.push(`<path class="grid" d="M${px(x(10 ** power))} ${TOP}V${HEIGHT - BOTTOM}"/>`);
    body.push(textAt(x(10 ** power), HEIGHT - BOTTOM + 18, `1e${power}`, 'soft middle'));
  }
  for (let k = 0; k <= TICKS; k++) {
    const loss = least + ((most - least) * k) / TICKS;
    body.push(`<path class="grid" d="M${LEFT} ${px(y(loss))}H${WIDTH - RIGHT}"/>`);
    body.push(textAt(LEFT - 8, y(loss) + 4.5, figure(loss), 'soft end'));
  }
  body.push(textAt((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, 'learning rate', 'soft middle'));
  for (const { rate, loss } of points) {
    if (loss >= least && loss <= most)
      body.push(`<circle class="point" cx="${px(x(rate))}" cy="${px(y(loss))}" r="2"/>`);
  }
  const way = points.filter(({ smoothed }) => smoothed <= most);
  if (way.length > 1) {
    body.push(
      `<path class="roof" d="M${way.map(({ rate, smoothed }) => `${px(x(rate))} ${px(y(smoothed))}`).join('L')}"/>`,
    );
  }
  const best = points.find(({ rate }) => rate === suggestion);
  if (best !== undefined) {
    const tip = `the loss falls fastest at ${best.rate.toExponential(2)}`;
    body.push(
      `<g><title>${escaped(tip)}</title><circle class="strong" cx="${px(x(best.rate))}" cy="${px(y(best.smoothed))}" r="6"/></g>`,
    );
    body.push(textAt(x(best.rate) + 10, y(best.smoothed) - 8, best.rate.toExponential(2)));
  }
  return svgText(WIDTH, HEIGHT, title, body);
}

/** From the least to the most of the finite, never empty. */
function range(values: readonly number[]): readonly [number, number] {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return [0, 1];
  const [least, most] = [Math.min(...finite), Math.max(...finite)];
  return most > least ? [least, most] : [least, least + 1];
}
