import type { State } from './state.js';

/** How fast the run at hand trains, or trained when it last did. */
export interface LiveRate {
  readonly stepsPerSecond: number;
  readonly imagesPerSecond: number;
  /** As in `Settings`. */
  readonly net: string;
  readonly batch: number;
}

/** Undefined before it has trained. */
export function rateOf(state: Pick<State, 'run' | 'progress'>): LiveRate | undefined {
  const run = state.run.value;
  const { imagesPerSecond } = state.progress.value;
  if (run === undefined || !(imagesPerSecond > 0)) return undefined;
  const { net, batch } = run.settings;
  return { stepsPerSecond: imagesPerSecond / batch, imagesPerSecond, net, batch };
}
