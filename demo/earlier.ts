// Runs that were trained before the one at hand: what is kept of them, and what they are called.

import { thinned, type History } from './history.js';
import { chosen, EARLIER_POINTS, EARLIER_RUNS, EPOCH_POINTS } from './lines.js';
import type { Curve } from './history.js';
import type { EpochRow, RunSummary, Settings } from './protocol.js';

export interface EarlierRun {
  readonly settings: Settings;
  readonly stepsPerEpoch: number;
  /** Which of the lines of a chart is its own, from 0: it keeps its colour while others come and go. */
  readonly slot: number;
  readonly curve: Curve;
  readonly epochs: readonly EpochRow[];
}

/** The runs with one more, in less room; of more than five the oldest goes, and so does one of the same settings. */
export function withEarlier(
  runs: readonly EarlierRun[],
  { settings, stepsPerEpoch }: RunSummary,
  { curve }: History,
  epochs: readonly EpochRow[],
): readonly EarlierRun[] {
  if (curve.steps.length === 0) return runs;
  const others = runs.filter((run) => keyOf(run.settings) !== keyOf(settings)).slice(1 - EARLIER_RUNS);
  const slots = Array.from({ length: EARLIER_RUNS }, (_, slot) => slot);
  const slot = slots.find((each) => others.every((run) => run.slot !== each)) ?? 0;
  const kept = { curve: thinned(curve, EARLIER_POINTS), epochs: chosen(epochs, EPOCH_POINTS) };
  return [...others, { settings, stepsPerEpoch, slot, ...kept }];
}

/** Settings of equal values, in whatever order they were written. */
const keyOf = (settings: Settings): string =>
  JSON.stringify(Object.entries(settings).toSorted(([a], [b]) => (a < b ? -1 : 1)));

/** Which words of two lists name a run: those of equal settings have one name. */
export function nameOf(settings: Settings, kinds: number, animals: number): readonly [kind: number, animal: number] {
  const hash = hashOf(keyOf(settings));
  return [hash % kinds, Math.floor(hash / kinds) % animals];
}

/** FNV-1a, mixed once more: its low bits alone are those of the last letters. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}
