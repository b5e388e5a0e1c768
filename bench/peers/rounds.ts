// The rules of the comparison, apart from everything that runs.

import { spreadOf, type Spread } from '../timing.js';

/** Losses of the first steps that are compared. */
export const LOSSES = 6;
/**
 * Relative difference that they may have from the judge's. Roundings come to a millionth; a peer that does not update comes
 * to a ten-thousandth by then on the smallest net, and one that forgets its momentum to two thirds of that.
 */
export const LOSS_TOLERANCE = 1e-5;

/** The peers in the order of one round: who begins changes, so that nobody always follows the same neighbour. */
export function turns<T>(peers: readonly T[], round: number): readonly T[] {
  const first = peers.length === 0 ? 0 : round % peers.length;
  return [...peers.slice(first), ...peers.slice(0, first)];
}

/** Repetitions that fill a block, from the milliseconds of one; at least one. */
export const timesFor = (oneMs: number, blockMs: number): number => Math.max(1, Math.floor(blockMs / oneMs));

/**
 * Where losses part: the first step whose relative difference is over the tolerance.
 * @returns undefined if all are alike
 */
export function lossesPart(
  judge: readonly number[],
  other: readonly number[],
  tolerance = LOSS_TOLERANCE,
): { readonly step: number; readonly judge: number; readonly other: number } | undefined {
  const step = judge.findIndex((loss, i) => {
    const difference = Math.abs((other[i] ?? NaN) - loss) / Math.abs(loss);
    return !(difference <= tolerance);
  });
  return step < 0 ? undefined : { step: step + 1, judge: judge[step] ?? NaN, other: other[step] ?? NaN };
}

/** One round: a rate for each peer. */
export type Round = ReadonlyMap<string, number>;

/**
 * Leaves out rounds in which the watched peer was slower than it is on this machine when nobody else works: then the
 * machine was not ours, for any of the peers.
 */
export function keptRounds(rounds: readonly Round[], watched: string, floor: number): readonly Round[] {
  return rounds.filter((round) => (round.get(watched) ?? Infinity) >= floor);
}

/** All rounds without one peer: what is left to show of a machine that was never quiet. */
export const roundsWithout = (rounds: readonly Round[], peer: string): readonly Round[] =>
  rounds.map((round) => new Map([...round].filter(([name]) => name !== peer)));

/** Median, least and most of every peer's rates over the rounds. */
export function ratesOf(rounds: readonly Round[]): ReadonlyMap<string, Spread> {
  const names = new Set(rounds.flatMap((round) => [...round.keys()]));
  return new Map([...names].map((name) => [name, spreadOf(rounds.flatMap((round) => round.get(name) ?? []))] as const));
}
