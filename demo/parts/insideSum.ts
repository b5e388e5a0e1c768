import { html, nothing, type TemplateResult } from 'lit-html';
import { fixed } from '../format.js';
import type { Inside, WorkedOut } from '../protocol/inside.js';
import type { Words } from '../text/en.js';
import { short } from './numberCell.js';

type T = Words['inside'];

/** A window of more rows or columns has no room for its numbers. */
const MOST = 5;

/** Each channel's window and kernel, and what their products come to. */
export const sumOf = ({ window, step }: Inside, workedOut: WorkedOut, t: T): TemplateResult => {
  const { place, channels, sum, bias, total, value } = workedOut;
  const isShown = window[0] <= MOST && window[1] <= MOST;
  return html`<div id="inside-total" class="inside-total" role="status">
      <p>${t.at(place.filter + 1, place.row + 1, place.column + 1)}</p>
      <p class="inside-equation">
        <span>${t.sum} <b data-part="sum">${fixed(sum)}</b></span> <span>+</span>
        <span>${t.bias} <b data-part="bias">${fixed(bias)}</b></span> <span>=</span>
        <b data-part="total">${fixed(total)}</b>
      </p>
      <p>${t.value} <b data-part="value">${fixed(value)}</b> <small>${t.after(step)}</small></p>
    </div>
    ${isShown ? nothing : html`<p class="hint">${t.large}</p>`}
    <ol class="inside-channels" tabindex="0" aria-label=${t.channels}>
      ${channels.map(
        (channel, i) =>
          html`<li>
            <p>${t.channel(i + 1)} <b>${fixed(channel.sum)}</b></p>
            ${
              isShown
                ? html`<div class="inside-product">
                    ${cellsOf(channel.window, window[1], t.window)} <span aria-hidden="true">∗</span>
                    ${cellsOf(channel.kernel, window[1], t.kernel)}
                  </div>`
                : nothing
            }
          </li>`,
      )}
    </ol>`;
};

const cellsOf = (numbers: readonly (number | undefined)[], columns: number, caption: string): TemplateResult => {
  const rows = Array.from({ length: numbers.length / columns }, (_, row) =>
    numbers.slice(row * columns, (row + 1) * columns),
  );
  return html`<table class="inside-cells">
    <caption>
      ${caption}
    </caption>
    <tbody>
      ${rows.map(
        (row) =>
          html`<tr>
            ${row.map(
              (number) =>
                html`<td data-value=${number ?? 0} class=${number === undefined ? 'around' : ''}>
                  ${short(number ?? 0)}
                </td>`,
            )}
          </tr>`,
      )}
    </tbody>
  </table>`;
};
