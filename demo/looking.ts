// What is asked of the Worker again and again while it is looked at, and never so often that training slows.

import { computed, effect, signal, type ReadonlySignal } from '@preact/signals-core';
import type { State } from './state.js';

/** At least so long between two questions. */
const LEAST_MS = 500;
/** On a software adapter the answers take the time of training: nine parts of ten stay with it. */
const SHARE = 9;

/** How long to leave the Worker alone after an answer that took so long; the first of a run had shaders to compile. */
export const restAfter = (tookMs: number, software: boolean, first: boolean): number =>
  Math.max(LEAST_MS, software && !first ? SHARE * tookMs : 0);

/** Whether any of an element lies within the window, and the window is not hidden itself. */
export function seen(element: HTMLElement): ReadonlySignal<boolean> {
  const within = signal(false);
  const hidden = signal(document.hidden);
  new IntersectionObserver((entries) => (within.value = entries.at(-1)?.isIntersecting === true)).observe(element);
  document.addEventListener('visibilitychange', () => (hidden.value = document.hidden));
  return computed(() => within.value && !hidden.value);
}

export interface Looking {
  /** Its value changes whenever there is something new to ask about; undefined: nothing to ask. */
  readonly news: () => unknown;
  readonly ask: () => void;
  /** Another value with each answer. */
  readonly answer: ReadonlySignal<unknown>;
}

/** Asks while an element is seen: for each news once, one question at a time. */
export function keepLooking(element: HTMLElement, state: State, { news, ask, answer }: Looking): void {
  const within = seen(element);
  let askedAbout: unknown;
  let askedAt: number | undefined;
  let due = 0;
  let first = true;
  let waiting: ReturnType<typeof setTimeout> | undefined;

  const next = () => {
    clearTimeout(waiting);
    const about = news();
    if (!within.peek() || about === undefined || about === askedAbout || askedAt !== undefined) return;
    const now = performance.now();
    if (now < due) {
      waiting = setTimeout(next, due - now);
      return;
    }
    askedAbout = about;
    askedAt = now;
    ask();
  };

  effect(() => {
    void state.run.value;
    // A run that is gone gives no answer any more.
    askedAt = undefined;
    first = true;
    due = 0;
  });
  effect(() => {
    void answer.value;
    if (askedAt === undefined) return;
    const now = performance.now();
    due = now + restAfter(now - askedAt, state.adapter.peek()?.fallback === true, first);
    askedAt = undefined;
    first = false;
    next();
  });
  effect(() => {
    void [within.value, news()];
    next();
  });
}
