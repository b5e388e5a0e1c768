// What is asked of the Worker again and again while it is looked at, and never so often that training slows.

import { computed, effect, signal, untracked, type ReadonlySignal } from '@preact/signals-core';
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
  /** Its value changes with what a person chooses to see: that is asked for without the pause. */
  readonly wish?: () => unknown;
  readonly ask: () => void;
  /** Another value with each answer. */
  readonly answer: ReadonlySignal<unknown>;
}

/** Asks while an element is seen: for each news once, one question at a time. */
export const keepLooking = (element: HTMLElement, state: State, looking: Looking): void =>
  lookWhile(seen(element), state, looking);

/** As `keepLooking`, while `within` is true. */
export function lookWhile(within: ReadonlySignal<boolean>, state: State, { news, wish, ask, answer }: Looking): void {
  let run = state.run.peek();
  let askedAbout: unknown;
  let askedAt: number | undefined;
  let due = 0;
  let first = true;
  let hurried = false;
  let waiting: ReturnType<typeof setTimeout> | undefined;

  // An effect that calls it must not come again for what is read here.
  const next = () => untracked(goOn);
  const goOn = () => {
    clearTimeout(waiting);
    const about = news();
    if (!within.value || !hasAnswers(state) || about === undefined || askedAt !== undefined) return;
    if (about === askedAbout && !hurried) return;
    const now = performance.now();
    if (now < due && !hurried) {
      waiting = setTimeout(next, due - now);
      return;
    }
    askedAbout = about;
    askedAt = now;
    hurried = false;
    ask();
  };

  effect(() => {
    if (answer.value === undefined || askedAt === undefined) return;
    const now = performance.now();
    due = now + restAfter(now - askedAt, state.adapter.peek()?.fallback === true, first);
    askedAt = undefined;
    first = false;
    next();
  });
  effect(() => {
    void wish?.();
    // What was never asked for needs no hurry.
    hurried = askedAbout !== undefined;
    next();
  });
  effect(() => {
    void [within.value, hasAnswers(state), news()];
    if (run !== state.run.value) {
      // A run that is gone gives no answer any more.
      run = state.run.value;
      askedAt = undefined;
      first = true;
      due = 0;
    }
    next();
  });
}

/** Not while a net is being made ready, which a look would hold up; not of a lost one, nor of one that is played back. */
const hasAnswers = ({ phase, replay }: State): boolean =>
  replay.value === undefined && ['ready', 'training', 'paused', 'done', 'diverged'].includes(phase.value);
