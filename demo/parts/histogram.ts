import { html, svg, type SVGTemplateResult, type TemplateResult } from 'lit-html';
import { percent } from '../format.js';
import type { PixelScale } from '../protocol.js';
import { evenTicks } from '../ticks.js';

/** From 0.01 % to all: each line is ten times the one below. */
const DECADES = 4;
const LINES = [1, 0.1, 0.01, 0.001];

/** The ends of an axis; one for raw pixels and for normalised ones, so that the eye sees them move. */
type Axis = readonly [from: number, to: number];

const along = (value: number, [from, to]: Axis): string => `${((100 * (value - from)) / (to - from)).toFixed(2)}%`;
const wide = (width: number, [from, to]: Axis): string => `${((100 * width) / (to - from)).toFixed(2)}%`;
/** How high a share stands, in per cent of the picture. */
const high = (share: number): number => 100 * Math.max(0, 1 + Math.log10(Math.max(share, 1e-9)) / DECADES);

/** How the pixels of a set are spread over a scale, with their mean as a line and one deviation to either side as a band. */
export const histogramOf = (
  kind: 'raw' | 'normalised',
  shares: readonly number[],
  { edges, mean, std }: PixelScale,
  axis: Axis,
  label: string,
): TemplateResult =>
  html`<svg class="histogram" data-kind=${kind} role="img" aria-label=${label}>
    <rect class="histogram-band" x=${along(mean - std, axis)} width=${wide(2 * std, axis)} y="0" height="100" />
    ${LINES.map(lineOf)} ${shares.map((share, i) => barOf(share, edges[i] ?? 0, edges[i + 1] ?? 0, axis))}
    <line class="histogram-mean" x1=${along(mean, axis)} x2=${along(mean, axis)} y1="0" y2="100" />
    ${evenTicks(...axis, 6).map((value) => tickOf(value, axis))}
  </svg>`;

const lineOf = (share: number): SVGTemplateResult => {
  const y = 100 - high(share);
  return svg`<line class="histogram-line" x1="0" x2="100%" y1=${y} y2=${y} />
    <text class="histogram-share" x="0" y=${y + 11}>${percentOf(share)}</text>`;
};

const percentOf = (share: number): string => percent(share).replace('.0', '');

const barOf = (share: number, from: number, to: number, axis: Axis): SVGTemplateResult =>
  svg`<rect class="histogram-bar" x=${along(from, axis)} width=${wide(to - from, axis)} y=${(100 - high(share)).toFixed(2)} height=${high(share).toFixed(2)} />`;

const tickOf = (value: number, axis: Axis): SVGTemplateResult =>
  svg`<line class="histogram-tick" x1=${along(value, axis)} x2=${along(value, axis)} y1="100" y2="104" />
    <text class="histogram-value" x=${along(value, axis)} y="117">${numberText(value)}</text>`;

const numberText = (value: number): string => String(Number(value.toPrecision(6))).replace('-', '−');
