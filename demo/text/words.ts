// The dictionary: English is what there is to say, and every language says all of it.

import { en, type Words } from './en.js';
import { zh } from './zh.js';

export const LANGUAGES = ['en', 'zh'] as const;
export type Language = (typeof LANGUAGES)[number];

/** What each language calls itself. */
export const OWN_NAMES: Readonly<Record<Language, string>> = { en: 'EN', zh: '中文' };
/** For `<html lang>` and for numbers. */
export const TAGS: Readonly<Record<Language, string>> = { en: 'en', zh: 'zh-Hans' };

export const words: Readonly<Record<Language, Words>> = { en, zh };

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
