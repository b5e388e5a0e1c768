// What the page knows of training beside the run itself: how its curves are drawn, and the runs before it.

import { signal, type ReadonlySignal, type Signal } from '@preact/signals-core';
import { withEarlier, type EarlierRun } from '../earlier.js';
import type { History } from '../history.js';
import { hotOf, type EpochRow, type Hot, type RunSummary, type Settings } from '../protocol.js';

/** What a curve tells of the run at hand. */
export type Told = 'train' | 'validation' | 'test';

/** What the x axis of the curves counts. */
export type Across = 'step' | 'epoch' | 'seconds';

export interface TrainState {
  /** How much of the past stays in the drawn curves at each step: 0 to 0.99. */
  readonly smoothing: Signal<number>;
  /** The loss on a scale of powers of ten. */
  readonly logLoss: Signal<boolean>;
  readonly across: Signal<Across>;
  /** What of the run at hand is not drawn. */
  readonly untold: Signal<readonly Told[]>;
  /** What the run at hand was trained with of late; it may be begun with something else. */
  readonly hot: Signal<Hot | undefined>;
  /** The last few runs before the one at hand, the oldest first. */
  readonly earlier: Signal<readonly EarlierRun[]>;
}

export const trainState = (): TrainState => ({
  smoothing: signal(0.9),
  logLoss: signal(false),
  across: signal<Across>('step'),
  untold: signal<readonly Told[]>([]),
  hot: signal(undefined),
  earlier: signal<readonly EarlierRun[]>([]),
});

/** What is known of the run at hand. */
interface AtHand {
  readonly settings: ReadonlySignal<Settings>;
  readonly run: ReadonlySignal<RunSummary | undefined>;
  readonly history: History;
  readonly epochs: ReadonlySignal<readonly EpochRow[]>;
}

/** Steps came in: so the settings of now are those of the run, as far as it takes them on. */
export function noteHot({ hot, settings }: TrainState & AtHand): void {
  const now = hotOf(settings.peek());
  if (JSON.stringify(now) !== JSON.stringify(hot.peek())) hot.value = now;
}

/** The settings of the run at hand, or of the one that would be begun. */
export const settingsAtHand = ({ hot, run, settings }: TrainState & AtHand): Settings =>
  run.value === undefined ? settings.value : { ...run.value.settings, ...hot.value };

/** Puts the run at hand among the earlier ones, before another takes its place. */
export function keepEarlier(state: TrainState & AtHand): void {
  const { earlier, run, history, epochs, hot } = state;
  const ending = run.peek();
  if (ending !== undefined) {
    const settings = { ...ending.settings, ...hot.peek() };
    earlier.value = withEarlier(earlier.peek(), { ...ending, settings }, history, epochs.peek());
  }
  hot.value = undefined;
}
