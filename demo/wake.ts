// The screen stays on while a run trains and its page is seen, where the browser offers that.

import { effect } from '@preact/signals-core';
import { isBusy, type State } from './state.js';

/** A lock that is held, as far as this is concerned. The browser takes it back by itself, when the page is hidden say. */
export interface HeldLock {
  readonly released: boolean;
  release(): Promise<unknown>;
}

export interface WakeLocks {
  request(kind: 'screen'): Promise<HeldLock>;
}

interface Seen {
  readonly hidden: boolean;
  addEventListener(type: 'visibilitychange', listener: () => void): void;
}

/**
 * Holds the lock from the beginning of a run to its end or pause, and asks for it again when the page is seen again.
 *
 * @param locks undefined where the browser has none
 */
export function keepAwake(tab: Seen, state: State, locks: WakeLocks | undefined): void {
  if (locks === undefined) return;
  let held: HeldLock | undefined;
  let following = false;
  let again = false;
  const isWanted = () => isBusy(state.phase.peek()) && state.replay.peek() === undefined && !tab.hidden;

  const once = async (): Promise<void> => {
    if (isWanted()) {
      if (held?.released !== false) held = await locks.request('screen');
    } else if (held !== undefined) {
      const last = held;
      held = undefined;
      await last.release();
    }
  };
  const follow = async (): Promise<void> => {
    again = true;
    if (following) return;
    following = true;
    // Meanwhile the run may have ended, or another begun.
    while (again) {
      again = false;
      // A low battery or a policy may forbid it: the run goes on, and the screen follows the system.
      await once().catch(() => undefined);
    }
    following = false;
  };
  effect(() => {
    void [state.phase.value, state.replay.value];
    void follow();
  });
  tab.addEventListener('visibilitychange', () => void follow());
}
