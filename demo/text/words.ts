// The dictionary: English is what there is to say, and every language says all of it. A visit loads the one that it reads.

import type { Words } from './en.js';

export const LANGUAGES = ['en', 'zh'] as const;
export type Language = (typeof LANGUAGES)[number];

/** What each language calls itself. */
export const OWN_NAMES: Readonly<Record<Language, string>> = { en: 'EN', zh: '中文' };
/** For `<html lang>` and for numbers. */
export const TAGS: Readonly<Record<Language, string>> = { en: 'en', zh: 'zh-Hans' };

const LOADERS: Readonly<Record<Language, () => Promise<Words>>> = {
  en: async () => (await import('./en.js')).en,
  zh: async () => (await import('./zh.js')).zh,
};

/** All that there is to say in a language. */
export const loadWords = (language: Language): Promise<Words> => LOADERS[language]();

/** The language of an address (`?lang=zh`), else the first of the browser's that there is, else English. */
export function languageOf(query: string, preferred: readonly string[]): Language {
  const known = (tag: string | null): Language | undefined =>
    LANGUAGES.find((language) => tag?.toLowerCase().split('-')[0] === language);
  return known(new URLSearchParams(query).get('lang')) ?? preferred.map(known).find((one) => one !== undefined) ?? 'en';
}

/** The address with that language in it; all else in it stays. */
export function addressIn(language: Language, href: string): string {
  const url = new URL(href);
  url.searchParams.set('lang', language);
  return url.href;
}
