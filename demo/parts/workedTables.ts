import { html, type TemplateResult } from 'lit-html';
import type { Convolved } from '../protocol.js';
import type { Words } from '../text/en.js';
import { short, term } from './numberCell.js';

type T = Words['worked'];

/** What a person does to the tables. */
export interface WorkedDeeds {
  /** Presses a cell of the picture. */
  press(i: number): void;
  weigh(i: number, weight: number): void;
  /** Looks at a window. */
  look(window: number): void;
  /** And takes the focus there. */
  move(window: number): void;
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

/** The window that gives a number of the result: its first row and column in the picture. */
const cornerOf = ({ asked, columns }: Convolved, at: number): readonly [row: number, column: number] => [
  Math.floor(at / columns) * asked.stride - asked.padding,
  (at % columns) * asked.stride - asked.padding,
];

/** A pixel of the picture; the zeros around it have none. */
const pixelOf = ({ asked: { image, side } }: Convolved, row: number, column: number): number | undefined =>
  row < 0 || column < 0 || row >= side || column >= side ? undefined : image[row * side + column];

export const imageOf = (shown: Convolved, at: number, t: T, { press }: WorkedDeeds): TemplateResult => {
  const { side, padding, window } = shown.asked;
  const [top, left] = cornerOf(shown, at);
  const isIn = (row: number, column: number) =>
    row >= top && row < top + window && column >= left && column < left + window;
  return html`<table class="worked-cells worked-image">
    <caption>
      ${t.image}
    </caption>
    <tbody>
      ${range(-padding, side + padding).map(
        (row) =>
          html`<tr>
            ${range(-padding, side + padding).map((column) => {
              const value = pixelOf(shown, row, column);
              const inside = String(isIn(row, column));
              if (value === undefined) return html`<td class="around" data-in=${inside}>${0}</td>`;
              return html`<td data-value=${value} data-in=${inside}>
                <button
                  type="button"
                  aria-label=${t.pixel(row + 1, column + 1, short(value))}
                  @click=${() => press(row * side + column)}
                >
                  ${short(value)}
                </button>
              </td>`;
            })}
          </tr>`,
      )}
    </tbody>
  </table>`;
};

export const kernelOf = (kernel: readonly number[], t: T, { weigh }: WorkedDeeds): TemplateResult => {
  const window = Math.sqrt(kernel.length);
  const cell = (i: number) =>
    html`<td data-value=${kernel[i] ?? 0}>
      <input
        type="number"
        min="-9"
        max="9"
        step="any"
        required
        data-weight=${i}
        aria-label=${t.weight(Math.floor(i / window) + 1, (i % window) + 1)}
        .value=${String(kernel[i])}
        @input=${(event: Event) => {
          const input = event.target as HTMLInputElement;
          if (input.checkValidity()) weigh(i, input.valueAsNumber);
        }}
      />
    </td>`;
  return html`<table class="worked-cells worked-kernel">
    <caption>
      ${t.kernel}
    </caption>
    <tbody>
      ${range(0, window).map(
        (row) =>
          html`<tr>
            ${range(0, window).map((column) => cell(row * window + column))}
          </tr>`,
      )}
    </tbody>
  </table>`;
};

/** The result: its numbers are looked at by pointer, by pressing them, or by arrow keys. */
export const resultOf = (shown: Convolved, at: number, t: T, { look, move }: WorkedDeeds): TemplateResult => {
  const { rows, columns, sums } = shown;
  const step = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    if (at + by >= 0 && at + by < sums.length) move(at + by);
  };
  const cell = (i: number) =>
    html`<td data-value=${sums[i] ?? 0} data-at=${String(i === at)}>
      <button
        type="button"
        data-window=${i}
        tabindex=${i === at ? '0' : '-1'}
        aria-pressed=${i === at ? 'true' : 'false'}
        aria-label=${t.result(Math.floor(i / columns) + 1, (i % columns) + 1, short(sums[i] ?? 0))}
        @click=${() => look(i)}
        @pointerenter=${() => look(i)}
      >
        ${short(sums[i] ?? 0)}
      </button>
    </td>`;
  return html`<table class="worked-cells worked-result" @keydown=${step}>
    <caption>
      ${t.output}
    </caption>
    <tbody>
      ${range(0, rows).map(
        (row) =>
          html`<tr>
            ${range(0, columns).map((column) => cell(row * columns + column))}
          </tr>`,
      )}
    </tbody>
  </table>`;
};

/** Each pixel of the window times its weight, and all of them added up. */
export const sumOf = (shown: Convolved, at: number, t: T, playing: boolean): TemplateResult => {
  const { asked, columns, sums, products } = shown;
  const [top, left] = cornerOf(shown, at);
  const parts = asked.kernel.map((weight, i) => {
    const pixel = pixelOf(shown, top + Math.floor(i / asked.window), left + (i % asked.window));
    return { pixel, weight, product: products[i * sums.length + at] ?? 0 };
  });
  const whole = short(sums[at] ?? 0);
  return html`<div class="worked-sum">
    <ol class="worked-products worked-cells" aria-label=${t.products}>
      ${parts.map(
        ({ pixel, weight, product }) =>
          html`<li data-value=${product} class=${pixel === undefined ? 'around' : ''}>
            <span>${short(pixel ?? 0)} × ${short(weight)}</span> <b>= ${short(product)}</b>
          </li>`,
      )}
    </ol>
    <p class="worked-total" role="status" aria-live=${playing ? 'off' : 'polite'}>
      <span>${t.at(Math.floor(at / columns) + 1, (at % columns) + 1)}</span>
      <span class="worked-terms">${parts.map(({ product }, i) => term(product, i === 0)).join(' ')}</span>
      <b>= ${whole}</b>
    </p>
  </div>`;
};
