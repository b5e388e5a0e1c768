// Where values stand along an axis, and which of them are written there.

import type { Setting } from '../index.js';

export interface Tick {
  /** From 0, the axis' beginning, to 1, its end. */
  readonly at: number;
  readonly text: string;
}

export interface Scale {
  /** From 0 to 1; values of no such axis stand in the middle. */
  readonly at: (value: Setting) => number;
  readonly ticks: readonly Tick[];
}

/** Of ticks in order, those that stand at least so far from the one before: the first, and what can be read beside it. */
export function readable(ticks: readonly Tick[], least: number): readonly Tick[] {
  const kept: Tick[] = [];
  for (const tick of ticks) if (tick.at - (kept.at(-1)?.at ?? -Infinity) >= least) kept.push(tick);
  return kept;
}

/** More different numbers than these are not all written. */
const FEW = 8;
/** Ends of the axis stay free by so much where the ends are values. */
const ROOM = 0.06;
/** Where numbers are this many times each other, their logarithms are shown. */
const WIDE = 10;
/** Numbers that differ by less of their size, or than this, stand in one place: f64 has no round numbers between them. */
const SAME = 1e-9;
const LEAST_SPREAD = 1e-300;

/**
 * An axis for these values: words in the order in which they come, numbers in theirs.
 * @param few numbers up to so many are written themselves, more of them as round steps
 */
export function scaleOf(values: readonly Setting[], few = FEW): Scale {
  const different = [...new Set(values)];
  const numbers = different.filter((value): value is number => typeof value === 'number' && Number.isFinite(value));
  return numbers.length === different.length && numbers.length > 0 ? ofNumbers(numbers, few) : ofWords(different);
}

function ofWords(words: readonly Setting[]): Scale {
  const place = (i: number): number => (words.length < 2 ? 0.5 : ROOM + ((1 - 2 * ROOM) * i) / (words.length - 1));
  return {
    at: (value) => (words.includes(value) ? place(words.indexOf(value)) : 0.5),
    ticks: words.map((word, i) => ({ at: place(i), text: String(word) })),
  };
}

function ofNumbers(numbers: readonly number[], few: number): Scale {
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  const logarithmic = least > 0 && most / least >= WIDE;
  const bent = (value: number): number => (logarithmic ? Math.log10(value) : value);
  const [first, last] = [bent(least), bent(most)];
  const same = most - least < Math.max(LEAST_SPREAD, SAME * Math.max(Math.abs(least), Math.abs(most)));
  const at = (value: Setting): number => {
    if (typeof value !== 'number' || !Number.isFinite(value) || same) return 0.5;
    return ROOM + ((1 - 2 * ROOM) * (bent(value) - first)) / (last - first);
  };
  const shown = same
    ? [least]
    : numbers.length <= few
      ? numbers
      : logarithmic
        ? roundFactors(least, most)
        : roundSteps(least, most);
  return { at, ticks: shown.toSorted((a, b) => a - b).map((value) => ({ at: at(value), text: figure(value) })) };
}

/** 1, 2 and 5 of each power of ten that is between two numbers, or some of the powers where those are many. */
function roundFactors(least: number, most: number): number[] {
  const first = Math.floor(Math.log10(least));
  const powers = Array.from({ length: Math.ceil(Math.log10(most)) - first + 1 }, (_, i) => 10 ** (first + i));
  const within = (factors: readonly number[]): number[] =>
    powers
      .flatMap((power) => factors.map((factor) => Number((factor * power).toPrecision(3))))
      .filter((value) => value >= least && value <= most);
  const all = within([1, 2, 5]);
  const ones = within([1]);
  return all.length <= FEW ? all : ones.filter((_, i) => i % Math.ceil(ones.length / FEW) === 0);
}

/** Some five steps of 1, 2 or 5 of a power of ten that are between two numbers. */
function roundSteps(least: number, most: number): number[] {
  const rough = (most - least) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
  const first = Math.ceil(least / step);
  return Array.from({ length: Math.floor(most / step) - first + 1 }, (_, i) =>
    Number(((first + i) * step).toPrecision(12)),
  ).filter((value) => value >= least && value <= most);
}

/** At most four digits, and no trailing zeros. */
const figure = (value: number): string => {
  const short = Number(value.toPrecision(4));
  const size = Math.abs(short);
  return size !== 0 && (size < 1e-3 || size >= 1e6) ? short.toExponential() : String(short);
};
