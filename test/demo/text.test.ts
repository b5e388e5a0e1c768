import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { TERMS } from '../../demo/names.js';
import { addressIn, languageOf, LANGUAGES, loadWords } from '../../demo/text/words.js';

const words = { en: await loadWords('en'), zh: await loadWords('zh') };
const demo = fileURLToPath(new URL('../../demo', import.meta.url));

/** Every text of a dictionary by its path; a function by what it says of its own parameters' numbers. */
function textsOf(of: unknown, path = ''): [path: string, text: string][] {
  if (typeof of === 'string') return [[path, of]];
  if (typeof of === 'function') return [[path, (of as (...values: string[]) => string)('11', '22', '33', '44')]];
  return Object.entries(of as object).flatMap(([key, value]) => textsOf(value, `${path}/${key}`));
}

/** Texts that a value chooses between: words of code, such as `true`, stand alone. */
function sentencesOf(node: ts.Expression): string[] {
  if (ts.isConditionalExpression(node)) return [node.whenTrue, node.whenFalse].flatMap(sentencesOf);
  return ts.isStringLiteral(node) && /\p{L} \p{L}|\p{Script=Han}/u.test(node.text) ? [node.text] : [];
}

/** Letters that a template says by itself: between its tags, or in attributes that are read out. */
function literalsIn(source: string): string[] {
  const found: string[] = [];
  const check = (template: string): void => {
    const spoken = /\s(?:aria-label|aria-description|alt|title|placeholder)="([^"]*)"/g;
    const inside = template.replace(/<!--[^]*?-->/g, '').replace(/<[^<>]*>/g, '\n');
    for (const text of [...inside.split('\n'), ...[...template.matchAll(spoken)].map(([, value = '']) => value)]) {
      if (/\p{L}/u.test(text)) found.push(text.trim());
    }
  };
  const visit = (node: ts.Node): void => {
    if (ts.isTaggedTemplateExpression(node) && node.tag.getText(file) === 'html') {
      const { template } = node;
      if (ts.isNoSubstitutionTemplateLiteral(template)) check(template.text);
      // A value stands for text without letters: what it says is asked where it is made.
      else {
        check([template.head.text, ...template.templateSpans.map(({ literal }) => literal.text)].join('0'));
        for (const { expression } of template.templateSpans) found.push(...sentencesOf(expression));
      }
    }
    ts.forEachChild(node, visit);
  };
  const file = ts.createSourceFile('a.ts', source, ts.ScriptTarget.ESNext);
  visit(file);
  return found;
}

describe('the dictionary', () => {
  const [english, ...others] = LANGUAGES;

  it('says the same things in every language', () => {
    const keys = textsOf(words[english]).map(([path]) => path);
    expect(keys.length).toBeGreaterThan(100);
    for (const language of others) expect(textsOf(words[language]).map(([path]) => path)).toEqual(keys);
  });

  it('says every value that it is given, in every language', () => {
    const values = (text: string): string[] => (text.match(/11|22|33|44/g) ?? []).toSorted();
    const functions = (language: (typeof LANGUAGES)[number]) =>
      textsOf(words[language]).map(([path, text]) => [path, values(text)]);
    for (const language of others) expect(functions(language)).toEqual(functions(english));
  });

  it('has no empty text, and names code the same', () => {
    const code = (text: string): string[] => (text.match(/`[^`]+`/g) ?? []).toSorted();
    const english = new Map(textsOf(words.en));
    for (const [path, text] of textsOf(words.zh)) {
      expect([path, text.trim() === '']).toEqual([path, false]);
      expect([path, code(text)]).toEqual([path, code(english.get(path) ?? '')]);
    }
  });
});

describe('the terms of the chapters', () => {
  it('are marked once in every language, and nothing else is', () => {
    for (const language of LANGUAGES) {
      const marks = [
        ...Object.values(words[language].stories)
          .flat()
          .join('\n')
          .matchAll(/\{([^{}]*)\}/g),
      ];
      const terms = marks.map(([, inside = '']) => inside.split('|')[1] ?? '');
      expect([language, terms.toSorted()]).toEqual([language, [...TERMS].toSorted()]);
      for (const [, inside = ''] of marks) expect(inside.split('|')[0]).toMatch(/\p{L}/u);
    }
  });
});

describe('templates', () => {
  it('say nothing by themselves', () => {
    const files = ['.', 'parts', 'work'].flatMap((folder) =>
      readdirSync(join(demo, folder))
        .filter((name) => name.endsWith('.ts'))
        .map((name) => join(folder, name)),
    );
    expect(files.length).toBeGreaterThan(20);
    const found = files.flatMap((name) =>
      literalsIn(readFileSync(join(demo, name), 'utf8')).map((text) => `${name}: ${text}`),
    );
    expect(found).toEqual([]);
  });

  it('a planted text is found: between tags, in an attribute, beside a value, in a choice', () => {
    for (const planted of [
      'html`<p>Hello</p>`',
      'html`<p aria-label="Say it">${x}</p>`',
      'html`<b>${n} epochs</b>`',
      'html`<p>训练</p>`',
      'html`<p>${ok ? "All is well" : y}</p>`',
      'html`<ul>${list.map((x) => html`<li>${x} of</li>`)}</ul>`',
    ]) {
      expect([planted, literalsIn(planted).length]).toEqual([planted, 1]);
    }
    expect(literalsIn('html`<p class="hint" aria-label=${t.x}>${t.y} · 28</p>`')).toEqual([]);
  });
});

describe('the language', () => {
  it('is that of the address, else the first known one of the browser, else English', () => {
    expect(languageOf('?lang=zh', ['en'])).toBe('zh');
    expect(languageOf('?lang=zh-CN', [])).toBe('zh');
    expect(languageOf('?lang=xx', ['fr', 'zh-TW', 'en'])).toBe('zh');
    expect(languageOf('', ['en-GB', 'zh'])).toBe('en');
    expect(languageOf('', ['fr'])).toBe('en');
  });

  it('is put into the address, and all else stays there', () => {
    expect(addressIn('zh', 'http://a.example/b/?x=1&lang=en#train')).toBe('http://a.example/b/?x=1&lang=zh#train');
  });
});
