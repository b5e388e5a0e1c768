import { html, nothing, svg, type TemplateResult } from 'lit-html';

/** The largest side that is drawn, in points; an image of 28 pixels has it. */
const SIDE = 28;
const LEAST = 6;
/** Channels beyond so many are not drawn one by one. */
const MOST = 6;
/** Between sheets, at most. */
const OFFSET = 2.5;
const WIDTH = SIDE + MOST * OFFSET + 2;

/** A small picture of a shape: channels [C, H, W] as sheets behind each other, a vector [N] as a column. */
export function volumeOf(shape: readonly number[] | undefined): TemplateResult {
  return html`<svg class="volume" width=${WIDTH} height=${WIDTH} viewBox="0 0 ${WIDTH} ${WIDTH}" aria-hidden="true">
    ${shape === undefined ? nothing : shape.length === 3 ? sheets(shape) : column(shape[0] ?? 1)}
  </svg>`;
}

function sheets([channels = 1, rows = 1, columns = 1]: readonly number[]) {
  const count = Math.min(MOST, Math.max(1, Math.round(2 * Math.log2(channels) - 1)));
  const [high, wide] = [rows, columns].map((size) => Math.max(LEAST, Math.min(SIDE, size))) as [number, number];
  const offset = Math.min(OFFSET, high / 6);
  return Array.from({ length: count }, (_, i) => {
    const shift = (count - 1 - i) * offset;
    const middle = (size: number) => (WIDTH - size - (count - 1) * offset) / 2;
    return svg`<rect x=${middle(wide) + shift} y=${middle(high) + (count - 1) * offset - shift} width=${wide} height=${high} rx="1.5" />`;
  });
}

function column(units: number) {
  const high = Math.max(5, Math.min(WIDTH - 4, 4 * Math.log2(units + 1)));
  return svg`<rect x=${WIDTH / 2 - 3} y=${(WIDTH - high) / 2} width="6" height=${high} rx="1.5" />`;
}
