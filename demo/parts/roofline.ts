// The roofline of a step's kernels, as a chart and as a table.

import { html, svg, type TemplateResult } from 'lit-html';
import { placesOf } from '../../bench/labels.js';
import { decades, logScale } from '../../bench/logScale.js';
import { roofOf, type Peaks } from '../../bench/peaks.js';
import { digits } from '../../bench/table.js';
import { percent } from '../format.js';
import type { Words } from '../text/en.js';
import type { RoofPoint } from '../timeline.js';
import type { ChartTable } from './asTable.js';

const [LEFT, RIGHT, TOP, BOTTOM] = [52, 10, 26, 42];
const [LEAST_WIDTH, MOST_HEIGHT] = [280, 420];
/** Radius of a kernel that takes nothing of the step, and how much more of one that takes all of it: areas are shares. */
const [DOT, MORE] = [3, 16];
/** Names of so many kernels at most, fewer in a narrow chart. */
const NAMED = 10;

/** A kernel by its place in the plan and its name: some names stand there several times. */
export const nameOf = ({ position, kernel }: Pick<RoofPoint, 'position' | 'kernel'>): string =>
  `${position + 1} ${kernel}`;

export const roofChart = (
  points: readonly RoofPoint[],
  peaks: Peaks,
  wide: number,
  t: Words['kernelTimes'],
): TemplateResult => {
  const width = Math.max(LEAST_WIDTH, Math.round(wide));
  const height = Math.min(MOST_HEIGHT, Math.max(LEAST_WIDTH, Math.round(width * 0.55)));
  const [right, bottom] = [width - RIGHT, height - BOTTOM];
  const ridge = peaks.gflops / peaks.gbytes;
  const x = logScale([...points.map(({ intensity }) => intensity), ridge / 4, ridge * 8], LEFT, right);
  const y = logScale([...points.map(({ gflops }) => gflops), peaks.gflops * 1.5], bottom, TOP);
  // From where it enters the chart.
  const corners = [Math.max(x.least, y.least / peaks.gbytes), ridge, x.most].map(
    (value) => `${x.at(value)} ${y.at(roofOf(peaks, value, 1))}`,
  );
  const dots = points.map(({ position, kernel, share, intensity, gflops }) => {
    return {
      label: nameOf({ position, kernel }),
      x: x.at(intensity),
      y: y.at(gflops),
      radius: DOT + MORE * Math.sqrt(share),
    };
  });
  const named = placesOf(dots.slice(0, width < 500 ? NAMED / 2 : NAMED), LEFT, right);
  const label = `${t.roofline}: ${t.most(digits(peaks.gflops), digits(peaks.gbytes))}`;
  return html`<svg class="roof-chart" viewBox="0 0 ${width} ${height}" role="img" aria-label=${label} translate="no">
    ${decades(x.least, x.most).map(
      (value) =>
        svg`<path class="grid" d="M${x.at(value)} ${TOP}V${bottom}" />
          <text class="middle" x=${x.at(value)} y=${bottom + 17}>${plain(value)}</text>`,
    )}
    ${decades(y.least, y.most).map(
      (value) =>
        svg`<path class="grid" d="M${LEFT} ${y.at(value)}H${right}" />
          <text class="end" x=${LEFT - 7} y=${y.at(value) + 4}>${plain(value)}</text>`,
    )}
    <text class="middle" x=${(LEFT + right) / 2} y=${height - 6}>${t.across}</text>
    <text x="0" y="14">${t.up}</text>
    <text class="end strong" x=${right} y=${y.at(peaks.gflops) - 7}>
      ${t.roof(digits(peaks.gflops), digits(peaks.gbytes))}
    </text>
    <path class="roof" d="M${corners.join('L')}" />
    ${dots.map((dot) => svg`<circle cx=${dot.x} cy=${dot.y} r=${dot.radius}><title>${dot.label}</title></circle>`)}
    ${named.map((name) => svg`<text class="name" x=${name.x} y=${name.y}>${name.label}</text>`)}
  </svg>`;
};

/** 0.001, 10, 1e+9. */
const plain = (value: number): string => `${Number(value.toPrecision(1))}`;

export const roofTable = (points: readonly RoofPoint[], words: Words): ChartTable => {
  const { roofline, rates } = words.kernelTimes;
  return {
    caption: roofline,
    heads: [words.kernels.kernel, rates.intensity, rates.work, rates.memory, rates.part],
    rows: points.map(({ position, kernel, intensity, gflops, gbytes, part }) => [
      html`<span translate="no">${nameOf({ position, kernel })}</span>`,
      digits(intensity),
      digits(gflops),
      digits(gbytes),
      percent(part),
    ]),
  };
};
