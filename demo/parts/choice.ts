import { html, type TemplateResult } from 'lit-html';
import { live } from 'lit-html/directives/live.js';

/** The options of a select, by value; the chosen one is so whatever the browser remembers. */
export const optionsOf = (labels: Readonly<Record<string, string>>, chosen: string): TemplateResult[] =>
  Object.entries(labels).map(
    ([value, label]) => html`<option value=${value} .selected=${live(value === chosen)}>${label}</option>`,
  );

export const choose =
  (take: (value: string) => void) =>
  (event: Event): void =>
    take((event.target as HTMLSelectElement).value);
