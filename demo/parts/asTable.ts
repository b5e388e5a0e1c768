// A chart in numbers: what it shows, as tables that are made when somebody opens them.

import { html, nothing, render, type TemplateResult } from 'lit-html';
import { ref } from 'lit-html/directives/ref.js';
import type { Words } from '../text/en.js';

type Cell = string | TemplateResult | typeof nothing;

/** Columns that belong together. */
export interface HeadGroup {
  readonly group: string;
  readonly heads: readonly string[];
}

export interface ChartTable {
  readonly caption: string;
  readonly heads: readonly (string | HeadGroup)[];
  /** Each begins with its head. */
  readonly rows: readonly (readonly Cell[])[];
}

/** @param of asked for each time that it is drawn while it is open */
export const asTable = (title: string, of: () => readonly ChartTable[], { asTable: t }: Words): TemplateResult => {
  const fill = (details: unknown) => {
    if (!(details instanceof HTMLDetailsElement)) return;
    const place = details.querySelector('div');
    if (place !== null) render(details.open ? boxOf(title, of()) : nothing, place);
  };
  return html`<details class="as-table" @toggle=${(event: Event) => fill(event.currentTarget)} ${ref(fill)}>
    <summary>${t}<span class="visually-hidden">: ${title}</span></summary>
    <div></div>
  </details>`;
};

const boxOf = (title: string, tables: readonly ChartTable[]): TemplateResult =>
  html`<div class="scroll" tabindex="0" role="group" aria-label=${title}>${tables.map(tableOf)}</div>`;

const tableOf = ({ caption, heads, rows }: ChartTable): TemplateResult => {
  const grouped = heads.some((head) => typeof head !== 'string');
  const deep = grouped ? 2 : nothing;
  return html`<table class="numbers">
    <caption>
      ${caption}
    </caption>
    <thead>
      <tr>
        ${heads.map((head) =>
          typeof head === 'string'
            ? html`<th scope="col" rowspan=${deep}>${head}</th>`
            : html`<th scope="colgroup" colspan=${head.heads.length}>${head.group}</th>`,
        )}
      </tr>
      ${
        grouped
          ? html`<tr>
              ${heads.flatMap((head) =>
                typeof head === 'string' ? [] : head.heads.map((each) => html`<th scope="col">${each}</th>`),
              )}
            </tr>`
          : nothing
      }
    </thead>
    <tbody>
      ${rows.map(
        ([head, ...cells]) =>
          html`<tr>
            <th scope="row">${head}</th>
            ${cells.map((cell) => html`<td>${cell}</td>`)}
          </tr>`,
      )}
    </tbody>
  </table>`;
};
