// README.md and README.zh.md say the same.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const read = (name: string): string => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
const [english, chinese] = [read('README.md'), read('README.zh.md')];

const all = (text: string, what: RegExp): string[] => [...text.matchAll(what)].map(([whole, part]) => part ?? whole);
const code = (text: string): string[] =>
  all(text, /^```\w*\n([^]*?)^```/gm).flatMap((block) => block.split('\n').map((line) => line.replace(/ +# .*/, '')));
const prose = (text: string): string => text.replace(/^```\w*\n[^]*?^```/gm, '');

describe('the README in 中文', () => {
  it('has the chapters of the English one, in their order', () => {
    const depths = (text: string) => all(text, /^(#+) /gm);
    expect(depths(chinese)).toEqual(depths(english));
  });

  it('has its code and its commands, but for what is said beside them', () => {
    expect(code(chinese)).toEqual(code(english));
  });

  it('names what it names: code in the text, and links but for the one to each other', () => {
    for (const what of [/`([^`]+)`/g, /\]\(([^)]+)\)/g]) {
      const found = (text: string) =>
        [...new Set(all(prose(text), what))]
          .filter((one) => !one.startsWith('README'))
          // Pictures show the page in the language of the text.
          .map((one) => one.replace(/-(en|zh)\.webp$/, '.webp'))
          .toSorted();
      expect(found(chinese)).toEqual(found(english));
    }
  });

  it('gives its figures, each as often', () => {
    const figures = (text: string) =>
      all(prose(text).replace(/`[^`]+`|\]\([^)]+\)/g, ' '), /\d[\d,.]*\d|\d/g).toSorted();
    expect(figures(chinese)).toEqual(figures(english));
  });
});
