// `--grid`, `--range` and `--random`: from words to the settings of each run.

import { draws, grid, type Setting, type SettingRange, type Settings } from '../index.js';
import { usageError } from './exit.js';
import { listed, valueOf, type Flag, type Flags } from './flags.js';
import { nearest } from './nearest.js';
import { sweptFlags } from './sweepTables.js';

/** What is tried, as it was asked for. */
export interface SweepSpace {
  readonly grid: Readonly<Record<string, readonly Setting[]>>;
  readonly ranges: Readonly<Record<string, SettingRange | readonly Setting[]>>;
  /** Draws for each combination of the grid. */
  readonly random?: number;
}

interface SpaceFlags {
  readonly grid: readonly string[];
  readonly range: readonly string[];
  readonly random: number | undefined;
}

/** @throws EngineError 'usage' that names the flag */
export function spaceOf({ grid: lists, range, random }: SpaceFlags): SweepSpace {
  if (lists.length === 0 && range.length === 0) {
    throw usageError('weft sweep', 'nothing to try', '--grid lr=0.1,0.01 or --random 10 --range lr=1e-4..1e-1');
  }
  if (random !== undefined && range.length === 0) throw usageError('--random', 'no --range', '--range lr=1e-4..1e-1');
  if (random === undefined && range.length > 0) throw usageError('--range', 'no --random', '--random 10');
  const axes = [
    ...lists.map((text) => ['--grid', text] as const),
    ...range.map((text) => ['--range', text] as const),
  ].map(([flag, text]) => axisOf(flag, text));
  const twice = axes.find(({ name }, i) => axes.findIndex((axis) => axis.name === name) !== i);
  if (twice !== undefined) throw usageError(twice.flag, `${twice.name} twice`, 'each setting once');
  const valuesOf = (flag: string) =>
    Object.fromEntries(axes.filter((axis) => axis.flag === flag).map(({ name, values }) => [name, values]));
  return {
    grid: valuesOf('--grid') as SweepSpace['grid'],
    ranges: valuesOf('--range'),
    ...(random !== undefined && { random }),
  };
}

/** The settings of each run; every combination of the grid gets the same draws. */
export function runsOf({ grid: lists, ranges, random }: SweepSpace, seed: number): Settings[] {
  const combinations: Settings[] = grid(lists);
  if (random === undefined) return combinations;
  const drawn: Settings[] = draws(ranges, random, seed);
  return combinations.flatMap((fixed) => drawn.map((settings) => ({ ...fixed, ...settings })));
}

function axisOf(
  flag: string,
  text: string,
): { readonly flag: string; readonly name: string; readonly values: SettingRange | readonly Setting[] } {
  const [, name = '', rest = ''] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
  const known: Flags = sweptFlags;
  const setting = known[name];
  if (setting === undefined) {
    const meant = nearest(name, Object.keys(known));
    const wayOut = meant === undefined ? `Settings are ${listed(Object.keys(known))}.` : `Did you mean ${meant}?`;
    throw usageError(flag, `"${text}"`, 'a setting of `weft train` and its values, as lr=0.1,0.01', wayOut);
  }
  const place = `${flag} ${name}`;
  const ends = /^(.+?)\.\.(.+)$/.exec(rest);
  if (ends !== null) {
    if (flag === '--range') return { flag, name, values: rangeOf(place, setting, ends) };
    throw usageError(
      place,
      `"${rest}"`,
      'values with commas between them',
      `To draw from it: --random 10 --range ${text}`,
    );
  }
  const values = rest.split(',').map((each) => settingOf(place, setting, each));
  const again = values.find((value, i) => values.indexOf(value) !== i);
  if (again !== undefined) throw usageError(place, `${again} twice`, 'each value once');
  return { flag, name, values };
}

function rangeOf(place: string, setting: Flag, [text, first = '', last = '']: RegExpExecArray): SettingRange {
  if (setting.kind !== 'whole' && setting.kind !== 'number') {
    throw usageError(place, `"${text}"`, 'values with commas between them, as it is no number');
  }
  const [from, to] = [Number(settingOf(place, setting, first)), Number(settingOf(place, setting, last))];
  if (from >= to) throw usageError(place, `"${text}"`, 'a range that rises');
  return { from, to, ...(setting.kind === 'whole' && { whole: true }) };
}

function settingOf(place: string, setting: Flag, text: string): Setting {
  if (setting.kind !== 'switch') return valueOf(place, setting, text);
  if (text === 'true' || text === 'false') return text === 'true';
  throw usageError(place, text === '' ? 'no value' : `"${text}"`, 'true or false');
}
