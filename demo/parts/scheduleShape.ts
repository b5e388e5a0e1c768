import { html, nothing, svg, type TemplateResult } from 'lit-html';
import type { State } from '../state.js';
import { asTable } from './asTable.js';

const [WIDTH, HEIGHT] = [120, 34];
/** Around the line, so that it is not cut off. */
const EDGE = 3;

/** How the learning rate goes along the run, and where the run is. @param share of it that is done */
export const scheduleShape = (state: State, share: number): TemplateResult | typeof nothing => {
  const { schedule, rate } = state.settings.value;
  const factors = state.shapes.value[schedule];
  if (factors === undefined) return nothing;
  const points = factors.map((factor, i) => [placeOf(i / (factors.length - 1)), heightOf(factor)] as const);
  const [first, last] = [rate * (factors[0] ?? 1), rate * (factors.at(-1) ?? 1)];
  return html`<div class="schedule">
    <svg
      viewBox="0 0 ${WIDTH} ${HEIGHT}"
      role="img"
      aria-label=${state.words.value.scheduleShape(text(first), text(Math.max(...factors) * rate), text(last))}
    >
      <polyline points=${points.map((point) => point.join()).join(' ')} />
      ${markerOf(share, points)}
    </svg>
    <small>${text(first)} → ${text(last)}</small>
  </div>`;
};

/** Rows of its table: the beginning, the end, and every tenth of the run between. */
const PARTS = 10;

export const scheduleTable = (state: State): TemplateResult | typeof nothing => {
  const words = state.words.value;
  const t = words.scheduleTable;
  const { schedule, rate } = state.settings.value;
  const factors = state.shapes.value[schedule];
  if (factors === undefined) return nothing;
  const rateAt = (share: number): number => rate * (factors[Math.round(share * (factors.length - 1))] ?? 1);
  const table = () => ({
    caption: words.schedules[schedule],
    heads: [t.share, t.rate],
    rows: Array.from({ length: PARTS + 1 }, (_, i) => [`${(100 * i) / PARTS} %`, text(rateAt(i / PARTS))]),
  });
  return asTable(t.title, () => [table()], words);
};

const text = (value: number): string => String(Number(value.toPrecision(2)));

const markerOf = (share: number, points: readonly (readonly [number, number])[]) => {
  const [x, y] = points[Math.round(share * (points.length - 1))] ?? [0, 0];
  return share > 0 ? svg`<circle cx=${x} cy=${y} r="3.5" />` : nothing;
};

const placeOf = (share: number): number => EDGE + share * (WIDTH - 2 * EDGE);
const heightOf = (factor: number): number => HEIGHT - EDGE - factor * (HEIGHT - 2 * EDGE);
