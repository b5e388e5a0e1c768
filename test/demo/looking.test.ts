import { signal } from '@preact/signals-core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { lookWhile, restAfter } from '../../demo/looking.js';
import type { Phase, RunSummary } from '../../demo/protocol.js';
import { createState } from '../../demo/state.js';
import { en } from '../../demo/text/en.js';

/** Something that is looked at by hand, on a software adapter. */
function look() {
  const state = createState(en);
  state.adapter.value = { vendor: '', architecture: '', device: '', description: '', fallback: true };
  const begin = (): void => {
    state.run.value = { settings: state.settings.peek(), stepsPerEpoch: 10 } satisfies RunSummary;
  };
  begin();
  state.phase.value = 'training';
  const within = signal(true);
  const [news, wish, answer] = [signal(0), signal(0), signal<object | undefined>(undefined)];
  let asked = 0;
  lookWhile(within, state, { news: () => news.value, wish: () => wish.value, ask: () => asked++, answer });
  return {
    state,
    within,
    news,
    wish,
    answer,
    begin,
    asked: () => asked,
    reply: () => (answer.value = {}),
  };
}

it('the Worker is asked at most twice a second', () => {
  expect(restAfter(10, false, false)).toBe(500);
  expect(restAfter(10, true, false)).toBe(500);
});

it('on a software adapter the answers take a tenth of the time, the first apart', () => {
  expect(restAfter(400, true, false)).toBe(3600);
  expect(restAfter(400, false, false)).toBe(500);
  expect(restAfter(4000, true, true)).toBe(500);
});

describe('what is looked at', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is asked for once until the answer comes, whatever happens meanwhile', () => {
    const { news, wish, asked, reply } = look();
    expect(asked()).toBe(1);
    reply();
    news.value++;
    vi.advanceTimersByTime(500);
    expect(asked()).toBe(2);
    reply();
    vi.advanceTimersByTime(10_000);
    // News long after an answer, and more while the next one is waited for.
    for (let i = 0; i < 5; i++) {
      news.value++;
      wish.value++;
      vi.advanceTimersByTime(10_000);
    }
    expect(asked()).toBe(3);
  });

  it('leaves nine parts of ten of the time to the training after the first answer', () => {
    const { news, asked, reply } = look();
    vi.advanceTimersByTime(3000);
    reply();
    news.value++;
    vi.advanceTimersByTime(500);
    expect(asked()).toBe(2);
    vi.advanceTimersByTime(200);
    reply();
    news.value++;
    vi.advanceTimersByTime(1799);
    expect(asked()).toBe(2);
    vi.advanceTimersByTime(1);
    expect(asked()).toBe(3);
  });

  it('comes without the pause where a person chooses something else, also while an answer is waited for', () => {
    const { wish, asked, reply } = look();
    reply();
    wish.value++;
    expect(asked()).toBe(2);
    wish.value++;
    wish.value++;
    expect(asked()).toBe(2);
    reply();
    expect(asked()).toBe(3);
    reply();
    vi.advanceTimersByTime(10_000);
    expect(asked()).toBe(3);
  });

  it('is not asked for out of sight, nor by a choice', () => {
    const { within, news, wish, asked, reply } = look();
    reply();
    within.value = false;
    news.value++;
    wish.value++;
    vi.advanceTimersByTime(10_000);
    expect(asked()).toBe(1);
    within.value = true;
    expect(asked()).toBe(2);
  });

  it('is not asked for while a net is made ready, nor of a lost one, nor of a recorded run', () => {
    const { state, news, asked, reply } = look();
    reply();
    vi.advanceTimersByTime(10_000);
    for (const phase of ['preparing', 'loading', 'compiling', 'restoring', 'lost', 'blocked'] satisfies Phase[]) {
      state.phase.value = phase;
      news.value++;
      vi.advanceTimersByTime(10_000);
    }
    expect(asked()).toBe(1);
    state.replay.value = { date: '' };
    state.phase.value = 'training';
    news.value++;
    expect(asked()).toBe(1);
    state.replay.value = undefined;
    expect(asked()).toBe(2);
  });

  it('is asked for anew of another run, which owes no answer of the one before', () => {
    const { begin, news, asked } = look();
    begin();
    news.value++;
    expect(asked()).toBe(2);
  });
});
