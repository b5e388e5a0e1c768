// What was found out about an adapter and is worth keeping: which plans passed, which variants are wrong, which are fast.

import type { Profile } from '../core/profile.js';
import { ENGINE_VERSION } from './version.js';

/**
 * Keeps short texts between runs: files in Node, localStorage in a page, a Map in tests. What it gives comes from
 * outside: whoever asks checks it. It may lose everything at any time.
 */
export interface Notes {
  /** What stands between the engine and the adapter, such as the browser's or Dawn's version: part of every key. */
  readonly driver: string;
  get(key: string): Promise<string | undefined>;
  put(key: string, text: string): Promise<void>;
}

/** Notes that last as long as they are referred to. */
export function memoryNotes(driver = ''): Notes & { readonly texts: Map<string, string> } {
  const texts = new Map<string, string>();
  return {
    driver,
    texts,
    get: (key) => Promise.resolve(texts.get(key)),
    put: (key, text) => Promise.resolve(void texts.set(key, text)),
  };
}

/** Everything that is known of one adapter. */
export interface AdapterNotes {
  /** Plans that the self-test has passed, by their digests, and what it refused on the way, as `key variant`. */
  readonly tested: Readonly<Record<string, readonly string[]>>;
  /** The fastest variant of a run by measurement, and the milliseconds it took, by `tuneKey`. */
  readonly tuned: Readonly<Record<string, { readonly variant: string; readonly ms: number }>>;
  /** Kernels that the fastest plan of a step does without, and the milliseconds of its step, by `OtherPlan.key`. */
  readonly plans: Readonly<Record<string, { readonly without: readonly string[]; readonly ms: number }>>;
  /** Variants that a check found wrong while tuning, as `key variant`. */
  readonly wrong: readonly string[];
}

const NOTHING: AdapterNotes = { tested: {}, tuned: {}, plans: {}, wrong: [] };

/**
 * The name under which an adapter's notes are kept: whatever may change which kernels are right or fast. Adapter, driver,
 * features, dialect, version of the engine; plans and runs carry digests of their WGSL besides.
 */
export const adapterKey = ({ adapter, features, dialect }: Profile, driver: string): string =>
  [
    `weft ${ENGINE_VERSION}`,
    dialect,
    adapter.vendor,
    adapter.architecture,
    adapter.device,
    adapter.description,
    driver,
    features.join(' '),
  ].join(' | ');

/** What is known of an adapter, and why something that was there is not used. */
export interface ReadNotes {
  readonly known: AdapterNotes;
  readonly problem?: string;
}

/** Never throws: notes that cannot be read, or do not look as they should, are none. */
export async function readNotes(notes: Notes | undefined, profile: Profile): Promise<ReadNotes> {
  if (notes === undefined) return { known: NOTHING };
  const text = await notes.get(adapterKey(profile, notes.driver)).catch(() => undefined);
  if (text === undefined) return { known: NOTHING };
  const known = parseNotes(text);
  if (known !== undefined) return { known };
  return { known: NOTHING, problem: 'what was kept about this adapter is damaged and was not used' };
}

/** Adds to what is known of an adapter. Never throws: who cannot keep something finds it out again next time. */
export async function addNotes(notes: Notes | undefined, profile: Profile, more: Partial<AdapterNotes>): Promise<void> {
  if (notes === undefined) return;
  const { known } = await readNotes(notes, profile);
  const next: AdapterNotes = {
    tested: { ...known.tested, ...more.tested },
    tuned: { ...known.tuned, ...more.tuned },
    plans: { ...known.plans, ...more.plans },
    wrong: [...new Set([...known.wrong, ...(more.wrong ?? [])])],
  };
  await notes.put(adapterKey(profile, notes.driver), JSON.stringify(next)).catch(() => undefined);
}

/** Forgets what is known of an adapter. */
export async function forgetNotes(notes: Notes, profile: Profile): Promise<void> {
  await notes.put(adapterKey(profile, notes.driver), JSON.stringify(NOTHING));
}

/** More than the notes on a thousand plans. */
const MOST_CHARACTERS = 4 * 2 ** 20;

/** Notes from a text, or undefined unless all of it is as it should be. */
export function parseNotes(text: string): AdapterNotes | undefined {
  if (text.length > MOST_CHARACTERS) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(value)) return undefined;
  // Whoever kept notes before plans were compared has none on them.
  const { tested, tuned, plans = {}, wrong } = value;
  if (!isRecord(tested) || !isRecord(tuned) || !isRecord(plans) || !isStrings(wrong)) return undefined;
  if (!Object.values(tested).every(isStrings) || !Object.values(tuned).every(isTiming)) return undefined;
  if (!Object.values(plans).every(isPlan)) return undefined;
  return {
    tested: tested as AdapterNotes['tested'],
    tuned: tuned as AdapterNotes['tuned'],
    plans: plans as AdapterNotes['plans'],
    wrong,
  };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isStrings = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string');

const isTiming = (value: unknown): boolean =>
  isRecord(value) && typeof value['variant'] === 'string' && isMs(value['ms']);

const isPlan = (value: unknown): boolean => isRecord(value) && isStrings(value['without']) && isMs(value['ms']);

const isMs = (value: unknown): boolean => typeof value === 'number' && value >= 0 && Number.isFinite(value);
