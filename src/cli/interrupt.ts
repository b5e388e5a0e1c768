// Ctrl-C: once stops and saves, twice quits.

import { EXIT, Interrupted } from './exit.js';
import type { Screen } from './screen.js';

/**
 * A terminal sends Ctrl-C to npm and to us, and npm passes on its own: what comes so soon is the same key. Nobody
 * presses it twice in that time.
 */
const ECHO_MS = process.env['npm_lifecycle_event'] === undefined ? 0 : 300;

export interface Interruption {
  /** Aborts at the first SIGINT, SIGTERM or SIGHUP, with Interrupted as its reason. */
  readonly signal: AbortSignal;
  /** Signals do what they usually do again. */
  release(): void;
}

export function onInterrupt(screen: Screen): Interruption {
  const sentence = 'stopping; Ctrl-C again quits at once';
  const controller = new AbortController();
  let first: number | undefined;
  const hear = () => {
    if (first === undefined) {
      first = performance.now();
      // Over the ^C that a terminal shows.
      screen.complain(screen.watched ? `\r${sentence}` : sentence);
      controller.abort(new Interrupted('interrupted'));
    } else if (performance.now() - first >= ECHO_MS) {
      screen.progress(undefined);
      process.exit(EXIT.interrupted);
    }
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, hear);
  return {
    signal: controller.signal,
    release: () => {
      for (const signal of signals) process.off(signal, hear);
    },
  };
}
