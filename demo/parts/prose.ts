import { html } from 'lit-html';

/** A text of the dictionary: what stands between backticks is code. */
export const prose = (text: string): unknown[] =>
  text.split('`').map((piece, i) => (i % 2 === 0 ? piece : html`<code translate="no">${piece}</code>`));
