// The settings in the address: what differs from the default, so that a link shows the run that somebody means.

import { effect } from '@preact/signals-core';
import { LEAST_STD, MOST_STD } from './normalising.js';
import { isPreset, layersOfNet } from './protocol/netText.js';
import type { Settings } from './protocol.js';
import { addFault, USUAL, type State } from './state.js';

/** What a link cannot carry: files and weights that lie with this page alone. */
type Own = 'files' | 'kept' | 'learn' | 'own';
export type Shared = Omit<Settings, Own>;

interface Field<T> {
  /** In the address. */
  readonly name: string;
  /** Undefined: no such value. */
  readonly read: (text: string) => T | undefined;
}

const oneOf =
  <T extends string>(...all: readonly T[]) =>
  (text: string): T | undefined =>
    all.find((one) => one === text);

const number =
  (least: number, most: number, whole = true) =>
  (text: string): number | undefined => {
    // `Number` takes an empty text for 0, and hexadecimal digits.
    const value = /^[\d.]+(e-?\d+)?$/.test(text) ? Number(text) : NaN;
    return value >= least && value <= most && (!whole || Number.isInteger(value)) ? value : undefined;
  };

/** All that a link carries; a new setting has its place here, or among `Own`. */
export const FIELDS: { readonly [K in keyof Shared]: Field<Settings[K]> } = {
  data: { name: 'data', read: oneOf('digits', 'mnist') },
  images: { name: 'images', read: oneOfNumbers(2000, 20_000, 60_000) },
  augment: { name: 'augment', read: oneOf('none', 'light', 'strong') },
  mean: { name: 'mean', read: number(0, 1, false) },
  std: { name: 'std', read: number(LEAST_STD, MOST_STD, false) },
  net: { name: 'net', read: (text) => (isPreset(text) || layersOfNet(text) !== undefined ? text : undefined) },
  optimizer: { name: 'optimizer', read: oneOf('adam', 'adamW', 'sgd') },
  rate: { name: 'lr', read: number(1e-6, 1e6, false) },
  schedule: { name: 'schedule', read: oneOf('constant', 'step', 'cosine', 'oneCycle') },
  momentum: { name: 'momentum', read: number(0, 0.999, false) },
  weightDecay: { name: 'decay', read: number(0, 10, false) },
  clip: { name: 'clip', read: number(0, 1e6, false) },
  batch: { name: 'batch', read: number(1, 1024) },
  seed: { name: 'seed', read: number(0, 4_294_967_295) },
  heldOut: { name: 'held', read: oneOfNumbers(0, 0.1, 0.2) },
  epochs: { name: 'epochs', read: number(1, 200) },
  begin: { name: 'begin', read: oneOf('random', 'pretrained') },
  frozen: { name: 'frozen', read: (text) => (/^(\w+( \w+){0,63})?$/.test(text) ? text : undefined) },
};

function oneOfNumbers(...all: readonly number[]) {
  return (text: string): number | undefined => all.find((one) => String(one) === text);
}

const KEYS = Object.keys(FIELDS) as (keyof Shared)[];

export interface Given {
  readonly settings: Partial<Shared>;
  /** What the address says and no setting can be. */
  readonly bad: readonly { readonly name: string; readonly text: string }[];
}

/** What an address asks for. Names that it does not know are left alone. */
export function settingsOf(query: string): Given {
  const asked = new URLSearchParams(query);
  const bad: { name: string; text: string }[] = [];
  const settings = KEYS.flatMap((key) => {
    const { name, read } = FIELDS[key];
    const text = asked.get(name);
    if (text === null) return [];
    const value = read(text);
    if (value === undefined) bad.push({ name, text });
    return value === undefined ? [] : [[key, value] as const];
  });
  return { settings: Object.fromEntries(settings), bad };
}

/** The address with these settings in it, as far as they differ from the default; all else in it stays. */
export function addressWith(settings: Settings, href: string): string {
  const url = new URL(href);
  for (const key of KEYS) {
    const { name, read } = FIELDS[key];
    const text = String(settings[key]);
    // Files and kept weights lie with this page alone: a link to them would lead nowhere.
    if (settings[key] === USUAL[key] || read(text) === undefined) url.searchParams.delete(name);
    else url.searchParams.set(name, text);
  }
  return url.href;
}

/** Says what of the address could not be taken; from then on the address follows what a person chooses. */
export function keepAddress(state: State, { bad }: Given): void {
  for (const { name, text } of bad) {
    addFault(state, { code: 'usage', message: state.words.peek().badAddress(name, text) });
  }
  effect(() => {
    const settings = state.settings.value;
    // What nobody chose is no reason to change an address.
    if (settings === state.usual.value) return;
    const href = addressWith(settings, location.href);
    if (href !== location.href) history.replaceState(history.state, '', href);
  });
}
