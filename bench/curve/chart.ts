// The curve: seconds until the first step is done against steps a second, a point for each plan.

import { placedLabels } from '../labels.js';
import { escaped, px, svgText, textAt } from '../../src/chart/svg.js';
import { digits } from '../table.js';
import type { CurvePoint } from './points.js';
import { steps } from './report.js';

const [WIDTH, HEIGHT] = [760, 420];
const [LEFT, RIGHT, TOP, BOTTOM] = [64, 40, 58, 52];

/** Both axes begin at zero; the line goes from the plan for the shortest run to that for the longest. */
export function curveChart(title: string, points: readonly CurvePoint[]): string {
  const x = linear(
    points.map(({ firstStepS }) => firstStepS.max),
    LEFT,
    WIDTH - RIGHT,
  );
  const y = linear(
    points.map(({ stepsPerSecond }) => stepsPerSecond.max),
    HEIGHT - BOTTOM,
    TOP,
  );
  const body = [textAt(12, 24, title, 'title')];
  for (const value of x.ticks) {
    body.push(`<path class="grid" d="M${px(x.at(value))} ${TOP}V${HEIGHT - BOTTOM}"/>`);
    body.push(textAt(x.at(value), HEIGHT - BOTTOM + 18, `${value}`, 'soft middle'));
  }
  for (const value of y.ticks) {
    body.push(`<path class="grid" d="M${LEFT} ${px(y.at(value))}H${WIDTH - RIGHT}"/>`);
    body.push(textAt(LEFT - 8, y.at(value) + 4.5, `${value}`, 'soft end'));
  }
  body.push(textAt((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, 'seconds until the first step is done', 'soft middle'));
  body.push(textAt(12, TOP - 12, 'steps/s', 'soft'));
  const places = points.map((point) => ({
    point,
    label: steps(point.expectedSteps),
    x: x.at(point.firstStepS.median),
    y: y.at(point.stepsPerSecond.median),
  }));
  if (places.length > 1) {
    body.push(`<path class="roof" d="M${places.map((place) => `${px(place.x)} ${px(place.y)}`).join('L')}"/>`);
  }
  for (const { point, label, ...place } of places) {
    const { firstStepS, stepsPerSecond } = point;
    const tip = `plan for ${label}: first step after ${digits(firstStepS.median)} s, ${digits(stepsPerSecond.median)} steps/s`;
    const whisker = `M${px(place.x)} ${px(y.at(stepsPerSecond.min))}V${px(y.at(stepsPerSecond.max))}`;
    body.push(`<g><title>${escaped(tip)}</title><path class="spread" d="${whisker}"/>`);
    body.push(`<circle class="point" cx="${px(place.x)}" cy="${px(place.y)}" r="5"/></g>`);
  }
  body.push(...placedLabels(places, LEFT, WIDTH - 4));
  return svgText(WIDTH, HEIGHT, title, body);
}

/** A scale from zero to a little more than the most, with four to ten ticks. */
function linear(values: readonly number[], from: number, to: number) {
  const most = 1.1 * Math.max(1e-9, ...values.filter(Number.isFinite));
  const power = 10 ** Math.floor(Math.log10(most));
  const step = [0.1, 0.2, 0.5, 1, 2].map((each) => each * power).find((each) => most / each <= 10) ?? power;
  const count = Math.floor(most / step + 1e-9);
  const ticks = Array.from({ length: count + 1 }, (_, i) => Number((i * step).toPrecision(6)));
  return { ticks, at: (value: number): number => from + ((to - from) * value) / most };
}
