import { html, nothing, svg, type TemplateResult } from 'lit-html';
import type { State } from '../state.js';

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
  const text = (value: number) => String(Number(value.toPrecision(2)));
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

const markerOf = (share: number, points: readonly (readonly [number, number])[]) => {
  const [x, y] = points[Math.round(share * (points.length - 1))] ?? [0, 0];
  return share > 0 ? svg`<circle cx=${x} cy=${y} r="3.5" />` : nothing;
};

const placeOf = (share: number): number => EDGE + share * (WIDTH - 2 * EDGE);
const heightOf = (factor: number): number => HEIGHT - EDGE - factor * (HEIGHT - 2 * EDGE);
