// Flags as data: one table gives a command its parser, its checks, its types and its help.

import { parseArgs, type ArgsDef } from 'citty';
import { usageError } from './exit.js';
import { nearest } from './nearest.js';

interface Described {
  /** A few words for the help. */
  readonly about: string;
  /** What the help says of the default where `default` does not. */
  readonly otherwise?: string;
}

export type Flag = Described &
  (
    | { readonly kind: 'switch'; readonly default: boolean }
    | { readonly kind: 'text'; readonly hint: string; readonly wanted: string; readonly default?: string }
    /** May be given again and again. */
    | { readonly kind: 'list'; readonly hint: string; readonly wanted: string; readonly default: readonly string[] }
    | { readonly kind: 'choice'; readonly of: readonly string[]; readonly default?: string }
    | { readonly kind: 'whole'; readonly least: number; readonly most: number; readonly default?: number }
    | { readonly kind: 'number'; readonly range: Range; readonly default?: number }
  );

export type Flags = Readonly<Record<string, Flag>>;

/** Which real numbers are meant. */
export interface Range {
  readonly words: string;
  readonly holds: (value: number) => boolean;
}

/** As the GPU will hold it: beyond 3.4e38 an f32 is infinite, below 1.4e-45 it is 0. */
const held = (value: number): number => Math.fround(value);

export const ANY: Range = { words: 'a number', holds: (value) => Number.isFinite(held(value)) };
export const ABOVE_0: Range = {
  words: 'a number above 0',
  holds: (value) => held(value) > 0 && held(value) < Infinity,
};
export const AT_LEAST_0: Range = {
  words: 'a number of at least 0',
  holds: (value) => value >= 0 && held(value) < Infinity,
};
export const ALPHA: Range = {
  words: 'a number from 0.01 to 100',
  holds: (value) => value >= 0.01 && value <= 100,
};
export const FRACTION: Range = { words: 'a number from 0 to below 1', holds: (value) => value >= 0 && value < 1 };

type Plain<F extends Flag> = F['kind'] extends 'switch'
  ? boolean
  : F['kind'] extends 'list'
    ? readonly string[]
    : F['kind'] extends 'text' | 'choice'
      ? string
      : number;

/** What a table of flags gives: a value where there is a default, else perhaps none. */
export type Values<T extends Flags> = {
  readonly [K in keyof T]: T[K] extends { readonly default: unknown } ? Plain<T[K]> : Plain<T[K]> | undefined;
};

/**
 * Reads the words after a command.
 *
 * @throws EngineError 'usage' for a flag that the command does not have, a value that is none, or a stray word
 */
export function parseFlags<const T extends Flags>(command: string, flags: T, words: readonly string[]): Values<T> {
  const names = Object.keys(flags);
  mustNotFillSwitches(flags, words);
  const parsed: Readonly<Record<string, string | boolean | number | readonly string[]>> = parseArgs(
    [...words],
    cittyArgs(flags),
  );
  const known = new Set(['_', ...names, ...names.map(camelCase)]);
  for (const name of Object.keys(parsed)) {
    if (!known.has(name)) throw unknownFlag(command, name, words, flags);
  }
  const values = Object.fromEntries(
    Object.entries(flags).map(([name, flag]) => {
      const given = parsed[name];
      if (given === undefined) return [name, flag.default];
      if (flag.kind === 'list') return [name, allOf(name, words).map((each) => valueOf(`--${name}`, flag, each))];
      return [name, typeof given === 'string' ? valueOf(`--${name}`, flag, given) : given === true];
    }),
  );
  const [stray] = parsed['_'] as readonly string[];
  if (stray !== undefined) {
    const meant = nearest(stray, names);
    throw usageError(command, `the word "${stray}"`, 'flags only', meant && `Did you mean --${meant}?`);
  }
  return values as Values<T>;
}

/** Which flags of a table the words give; the others have their defaults. */
export function givenFlags(flags: Flags, words: readonly string[]): ReadonlySet<string> {
  const parsed: Readonly<Record<string, unknown>> = parseArgs([...words], cittyArgs(flags));
  return new Set(Object.keys(flags).filter((name) => parsed[name] !== undefined));
}

/** Every value that a flag is given; of a flag that is given again the parser tells the last alone. */
function allOf(name: string, words: readonly string[]): string[] {
  return words.flatMap((word, i) => {
    if (word === `--${name}`) return [words[i + 1] ?? ''];
    return word.startsWith(`--${name}=`) ? [word.slice(name.length + 3)] : [];
  });
}

/**
 * A flag's value as text, read. @param name of the flag, for the error
 * @throws EngineError 'usage'
 */
export function valueOf(name: string, flag: Flag, given: string): string | number {
  const refuse = (wanted: string, wayOut?: string) =>
    usageError(name, given === '' ? 'no value' : `"${given}"`, wanted, wayOut);
  switch (flag.kind) {
    case 'choice': {
      if (flag.of.includes(given)) return given;
      const meant = nearest(given, flag.of);
      throw refuse(listed(flag.of), meant && `Did you mean ${meant}?`);
    }
    case 'whole': {
      const value = /^\d+$/.test(given) ? Number(given) : NaN;
      if (value >= flag.least && value <= flag.most) return value;
      throw refuse(`a whole number from ${flag.least} to ${flag.most}`);
    }
    case 'number': {
      const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(given) ? Number(given) : NaN;
      if (Number.isFinite(value) && flag.range.holds(value)) return value;
      throw refuse(flag.range.words);
    }
    default:
      // A forgotten value: the next flag has taken its place. A file of such a name can be given as ./--name.
      if (given === '' || given.startsWith('--')) throw refuse(flag.kind === 'switch' ? 'no value' : flag.wanted);
      return given;
  }
}

/** The parser takes any `--switch=word` for true. */
function mustNotFillSwitches(flags: Flags, words: readonly string[]): void {
  for (const word of words) {
    const [, name = '', value = ''] = /^--([^=]+)=(.*)$/s.exec(word) ?? [];
    if (flags[name]?.kind === 'switch' && !['true', 'false'].includes(value)) {
      throw usageError(`--${name}`, `"${value}"`, 'no value: it is on or off');
    }
  }
}

function unknownFlag(command: string, name: string, words: readonly string[], flags: Flags): Error {
  const spelled = words.find((word) => [`--${name}`, `--no-${name}`].includes(word.replace(/=.*$/s, '')));
  const written = spelled?.replace(/=.*$/s, '') ?? (name.length === 1 ? `-${name}` : `--${name}`);
  const meant = nearest(
    written,
    Object.keys(flags).flatMap((known) => spellings(known, flags[known])),
  );
  return usageError(
    command,
    `no flag ${written}`,
    'one that it has',
    meant === undefined ? `\`${command} --help\` lists them.` : `Did you mean ${meant}?`,
  );
}

/** As the help shows it: what is on by default is listed by what turns it off. */
export const spellings = (name: string, flag: Flag | undefined): string[] =>
  flag?.kind === 'switch' && flag.default ? [`--no-${name}`] : [`--${name}`];

/** a, b or c */
export function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} or ${last}`;
}

function cittyArgs(flags: Flags): ArgsDef {
  return Object.fromEntries(
    Object.entries(flags).map(([name, { kind }]) => [name, { type: kind === 'switch' ? 'boolean' : 'string' }]),
  );
}

const camelCase = (name: string): string => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
