// Which settings a sweep tries: every combination of lists, or draws from ranges.

import { EngineError } from '../core/errors.js';
import { uniform } from '../core/random.js';
import { mustBeWholeSetting } from './settings.js';

/** A setting as plain data. */
export type Setting = number | string | boolean;

/** The settings of one run, by name. */
export type Settings = Readonly<Record<string, Setting>>;

/** Numbers to draw from. */
export interface SettingRange {
  readonly from: number;
  readonly to: number;
  /** Even in the logarithm; by default where both ends are positive and more than a factor of ten apart. */
  readonly log?: boolean;
  /** Whole numbers alone. */
  readonly whole?: boolean;
}

/** One setting of each list. */
export type Chosen<A> = {
  readonly [K in keyof A]: A[K] extends readonly (infer V)[] ? V : number;
};

/**
 * Every combination of the values of each setting, the last setting changing fastest: `{ rate: [0.1, 0.01], batch: [32, 64] }`
 * is four runs. No settings are one run of none.
 * @throws EngineError 'usage' for a setting without values
 */
export function grid<A extends Readonly<Record<string, readonly Setting[]>>>(axes: A): Chosen<A>[] {
  const names = Object.keys(axes);
  for (const name of names) {
    if ((axes[name]?.length ?? 0) > 0) continue;
    throw new EngineError('usage', { place: `grid.${name}`, given: 'no values', wanted: 'at least one' });
  }
  const all = names.reduce<Settings[]>(
    (runs, name) => runs.flatMap((run) => (axes[name] ?? []).map((value) => ({ ...run, [name]: value }))),
    [{}],
  );
  return all as Chosen<A>[];
}

/** Digits of a drawn number that count: those that a table shows. */
const DIGITS = 3;
/** The stream of the first setting. */
const STREAM = 0x5eed;

/**
 * Settings drawn at random, each by itself: of a list any value alike, of a range any number. Numbers are rounded to three
 * digits. A function of seed, place of the setting and draw: more draws begin with the same.
 * @throws EngineError 'usage' for an empty list, a range that does not rise, or a logarithm of no positive number
 */
export function draws<A extends Readonly<Record<string, SettingRange | readonly Setting[]>>>(
  axes: A,
  count: number,
  seed = 1,
): Chosen<A>[] {
  mustBeWholeSetting('draws.count', count, 1, 1e6);
  mustBeWholeSetting('draws.seed', seed, 0, 2 ** 32 - 1);
  const of = Object.entries(axes).map(([name, axis], place) => {
    const value = isList(axis) ? fromList(name, axis) : fromRange(name, axis);
    return [name, (draw: number) => value(uniform(seed, STREAM + place, draw))] as const;
  });
  return Array.from(
    { length: count },
    (_, draw) => Object.fromEntries(of.map(([name, value]) => [name, value(draw)])) as Chosen<A>,
  );
}

const isList = (axis: SettingRange | readonly Setting[]): axis is readonly Setting[] => Array.isArray(axis);

function fromList(name: string, values: readonly Setting[]): (share: number) => Setting {
  const [first] = values;
  if (first === undefined) {
    throw new EngineError('usage', { place: `draws.${name}`, given: 'no values', wanted: 'at least one' });
  }
  return (share) => values[Math.floor(share * values.length)] ?? first;
}

/** @param share from 0 to below 1 */
function fromRange(name: string, { from, to, log, whole = false }: SettingRange): (share: number) => number {
  const place = `draws.${name}`;
  const given = `${from} to ${to}`;
  if (!Number.isFinite(from) || !Number.isFinite(to) || from >= to) {
    throw new EngineError('usage', { place, given, wanted: 'finite numbers that rise' });
  }
  if (whole && !(Number.isSafeInteger(from) && Number.isSafeInteger(to))) {
    throw new EngineError('usage', { place, given, wanted: 'whole numbers' });
  }
  const logarithmic = log ?? (from > 0 && to / from > 10);
  if (logarithmic && from <= 0) {
    throw new EngineError('usage', { place, given: `the logarithm of ${given}`, wanted: 'positive numbers' });
  }
  const within = (value: number): number => Math.min(to, Math.max(from, value));
  // So far past the ends that rounding gives an end as much as its neighbours.
  const [least, most] = whole ? [from - (logarithmic ? 0.5 : 0), to + (logarithmic ? 0.5 : 1)] : [from, to];
  return (share) => {
    const value = logarithmic ? least * (most / least) ** share : least + share * (most - least);
    if (whole) return within(logarithmic ? Math.round(value) : Math.floor(value));
    return within(Number(value.toPrecision(DIGITS)));
  };
}
