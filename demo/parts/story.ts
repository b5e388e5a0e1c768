import { html, type TemplateResult } from 'lit-html';
import type { Term } from '../names.js';
import type { Words } from '../text/en.js';
import { prose } from './prose.js';

/** A sentence of a chapter. What stands in it as {shown|term} explains itself to a pointer and to a key. */
export const story = (sentence: string, words: Words): unknown[] =>
  sentence.split(/[{}]/).map((piece, i) => {
    if (i % 2 === 0) return prose(piece);
    const [shown = '', term = ''] = piece.split('|');
    return termOf(shown, term as Term, words);
  });

/** The browser itself opens, closes and announces it. */
const termOf = (shown: string, term: Term, { glossary }: Words): TemplateResult =>
  html`<dfn
      ><button type="button" class="term" popovertarget="term-${term}" title=${glossary[term]}>${shown}</button></dfn
    ><span id="term-${term}" class="definition" popover>${glossary[term]}</span>`;
