// The header of a safetensors file, to the letter: see safetensors.ts for the format.

import type { EngineError } from '../core/errors.js';

export const METADATA = '__metadata__';

/** A tensor as the header claims it. Offsets are bytes from the beginning of the data. */
export interface Claim<Dtype extends string> {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/** Makes the error to throw, from what was given and what was wanted. */
export type Fail = (given: string, wanted: string, cause?: unknown) => EngineError;

/**
 * Parses a header and checks all that it says of itself and of `dataBytes` bytes of data.
 *
 * @param elementBytes the bytes an element of each dtype that is read; all others are refused by their name
 */
export function parseHeader<Dtype extends string>(
  bytes: Uint8Array,
  dataBytes: number,
  elementBytes: ReadonlyMap<Dtype, number>,
  fail: Fail,
): { claims: Claim<Dtype>[]; metadata: Record<string, string> } {
  let header: unknown;
  let text: string;
  try {
    // ignoreBOM keeps a byte-order mark in the text, where the next check refuses it.
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    header = text.startsWith('{') ? JSON.parse(text) : undefined;
  } catch (cause) {
    throw fail('a header that is no JSON in UTF-8', 'a JSON object', cause);
  }
  if (!isRecord(header)) throw fail('a header that does not begin with {', 'a JSON object');
  checkTokens(text, fail);

  const { [METADATA]: found = {}, ...infos } = header;
  if (!isRecord(found)) throw fail(`${METADATA} is no object`, 'text by text');
  const metadata: [string, string][] = Object.entries(found).map(([key, value]) => {
    if (typeof value !== 'string') throw fail(`${METADATA} ${quote(key)} is no text`, 'text by text');
    return [key, value];
  });
  const claims = Object.entries(infos).map(([name, info]) => parseClaim(name, info, elementBytes, fail));
  checkCover(claims, dataBytes, fail);
  return { claims, metadata: Object.fromEntries(metadata) };
}

function parseClaim<Dtype extends string>(
  name: string,
  info: unknown,
  elementBytes: ReadonlyMap<Dtype, number>,
  fail: Fail,
): Claim<Dtype> {
  const label = quote(name);
  const parts = 'dtype, shape and data_offsets';
  if (!isRecord(info)) throw fail(`${label} is no object`, parts);
  const { dtype: word, shape, data_offsets: offsets } = info;
  if (typeof word !== 'string') throw fail(`${label} has no dtype`, parts);
  const dtype = [...elementBytes.keys()].find((known) => known === word);
  if (dtype === undefined)
    throw fail(`${label} is of dtype ${clip(word)}`, `one of ${[...elementBytes.keys()].join(', ')}`);
  if (!isSizes(shape)) throw fail(`${label} has no shape`, 'a list of whole numbers from 0 to 2⁵³−1');
  if (!isSizes(offsets)) throw fail(`${label} has no data_offsets`, 'two whole numbers from 0 to 2⁵³−1');
  const [begin, end] = offsets;
  if (begin === undefined || end === undefined || offsets.length > 2 || begin > end) {
    throw fail(`${label} has data_offsets ${show(offsets)}`, '[begin, end] with begin ≤ end');
  }
  let bytes = elementBytes.get(dtype) ?? 0;
  for (const size of shape) {
    bytes *= size;
    if (!Number.isSafeInteger(bytes)) throw fail(`${label} has shape ${show(shape)}`, 'a size below 2⁵³ bytes');
  }
  if (bytes !== end - begin) {
    throw fail(`${label}, ${dtype} ${show(shape)}, has ${end - begin} bytes`, `${bytes} bytes`);
  }
  return { name, dtype, shape, begin, end };
}

/**
 * Refuses what JSON.parse lets pass and the format does not: a key that stands twice in one object (the parser keeps
 * the last), numbers in another form than digits, and half surrogates. Takes valid JSON, so strings, numbers and braces
 * are all that must be told apart. No regular expression runs over the whole: a long string would exhaust its stack.
 */
function checkTokens(text: string, fail: Fail): void {
  const open: Set<string>[] = [];
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '{') open.push(new Set());
    else if (char === '}') open.pop();
    else if (char === '"') {
      const end = closingQuote(text, at);
      const quoted = text.slice(at, end + 1);
      const word = String(JSON.parse(quoted));
      if (isTorn(word)) throw fail(`the text ${clip(quoted)}`, 'text that UTF-8 can hold');
      at = end;
      const keys = open.at(-1);
      if (keys === undefined || !isKey(text, end + 1)) continue;
      if (keys.has(word)) throw fail(`the key ${clip(quoted)} twice in one object`, 'each key once');
      keys.add(word);
    } else if (/[-\d]/.test(char)) {
      const start = at;
      while (/[-+.\deE]/.test(text.charAt(at + 1))) at++;
      const number = text.slice(start, at + 1);
      if (!/^\d+$/.test(number)) throw fail(`the number ${clip(number)}`, 'digits without sign, point or exponent');
    }
  }
}

function closingQuote(text: string, opening: number): number {
  let at = opening + 1;
  while (text.charAt(at) !== '"') at += text.charAt(at) === '\\' ? 2 : 1;
  return at;
}

function isKey(text: string, after: number): boolean {
  let at = after;
  while (' \t\r\n'.includes(text.charAt(at)) && at < text.length) at++;
  return text.charAt(at) === ':';
}

/** Each byte belongs to exactly one tensor: no overlap, no hole, nothing after the end. */
function checkCover(claims: readonly Claim<string>[], dataBytes: number, fail: Fail): void {
  let covered = 0;
  for (const { name, begin, end } of claims.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (end > dataBytes) throw fail(`${quote(name)} ends at byte ${end} of ${dataBytes}`, 'offsets inside the data');
    if (begin < covered) throw fail(`${quote(name)} begins at byte ${begin}, inside another tensor`, `byte ${covered}`);
    if (begin > covered) throw fail(`bytes ${covered} to ${begin} belong to no tensor`, 'data without holes');
    covered = end;
  }
  if (covered !== dataBytes) throw fail(`${dataBytes - covered} bytes after the last tensor`, 'data without holes');
}

/** Whether a text holds half of a surrogate pair, which UTF-8 cannot. */
export const isTorn = (text: string): boolean => /\p{Surrogate}/u.test(text);

export const isSizes = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

// A header may hold texts and lists of a hundred megabytes; a message may not.
const clip = (text: string): string => (text.length > 80 ? `${text.slice(0, 79)}…` : text);
const quote = (name: string): string => `"${clip(name)}"`;
const show = (sizes: readonly number[]): string => `[${clip(sizes.slice(0, 80).join(', '))}]`;
