import { describe, expect, it } from 'vitest';
import type { WhenHidden } from '../../demo/names.js';
import type { Request, RunSummary } from '../../demo/protocol.js';
import { createState, type State } from '../../demo/state.js';
import { en } from '../../demo/text/en.js';
import { rememberChoice, watchTab } from '../../demo/tab.js';
import { keepTitle } from '../../demo/title.js';

/** A tab by hand, with a run in it, and what was sent to the Worker. */
function open(whenHidden: WhenHidden) {
  const listeners = new Map<string, () => void>();
  const tab = {
    hidden: false,
    addEventListener: (type: string, listener: () => void) => listeners.set(type, listener),
  };
  const sent: Request[] = [];
  const state = createState(en);
  state.whenHidden.value = whenHidden;
  state.run.value = { settings: state.settings.peek(), stepsPerEpoch: 10 } satisfies RunSummary;
  state.progress.value = { step: 7, epoch: 1, imagesPerSecond: 100 };
  state.phase.value = 'training';
  watchTab(tab, state, { send: (request) => sent.push(request) });
  const happens = (type: 'freeze' | 'resume') => listeners.get(type)?.();
  const see = (visible: boolean) => {
    tab.hidden = !visible;
    listeners.get('visibilitychange')?.();
  };
  return { state, happens, see, types: () => sent.map(({ type }) => type), last: () => sent.at(-1) };
}

const titleOf = (state: State): string => {
  const page = { title: '' };
  keepTitle(page, state);
  return page.title;
};

describe('a tab out of sight', () => {
  it('trains on where that was chosen, and says so when it is seen again', () => {
    const { state, see, types } = open('train');
    see(false);
    expect(titleOf(state)).toContain('Training');
    see(true);
    expect(types()).toEqual([]);
    expect(state.away.value).toEqual({ run: 'trained', over: true });
  });

  it('pauses where that was chosen, says so in its title, and goes on when it is seen again', () => {
    const { state, see, types } = open('pause');
    see(false);
    expect(types()).toEqual(['pause']);
    state.phase.value = 'paused';
    expect(titleOf(state)).toContain('Paused while hidden');
    see(true);
    expect(types()).toEqual(['pause', 'start']);
    expect(state.away.value).toEqual({ run: 'paused', over: true });
  });

  it('that is back before the run has paused goes on all the same', () => {
    const { see, types } = open('pause');
    see(false);
    see(true);
    expect(types()).toEqual(['pause', 'start']);
  });

  it('leaves alone what a person paused, what ended meanwhile, and what is another run by now', () => {
    const paused = open('pause');
    paused.state.phase.value = 'paused';
    paused.see(false);
    paused.see(true);
    expect(paused.types()).toEqual([]);
    for (const phase of ['done', 'diverged', 'lost'] as const) {
      const { state, see, types } = open('pause');
      see(false);
      state.phase.value = phase;
      see(true);
      expect([phase, types()]).toEqual([phase, ['pause']]);
    }
    const replaced = open('pause');
    replaced.see(false);
    replaced.state.phase.value = 'paused';
    replaced.state.run.value = { settings: replaced.state.settings.peek(), stepsPerEpoch: 10 };
    replaced.see(true);
    expect(replaced.types()).toEqual(['pause']);
  });

  it('goes on with the run that it has, whatever settings were chosen for the next one', () => {
    const { state, see, last } = open('pause');
    state.settings.value = { ...state.settings.peek(), net: 'wide', rate: 0.5 };
    see(false);
    state.phase.value = 'paused';
    see(true);
    expect(last()).toMatchObject({ type: 'start', settings: { net: 'tutorial', rate: 0.5 } });
  });
});

describe('a tab that the browser freezes', () => {
  it('stops at the end of a step and goes on where it was, also while nobody sees it', () => {
    const { state, see, happens, types } = open('train');
    see(false);
    happens('freeze');
    state.phase.value = 'paused';
    expect(state.away.value).toEqual({ run: 'frozen', over: false });
    happens('resume');
    expect(types()).toEqual(['pause', 'start']);
    expect(state.away.value).toEqual({ run: 'frozen', over: true });
  });

  it('that is to pause out of sight goes on only when it is seen', () => {
    const { state, see, happens, types } = open('pause');
    see(false);
    state.phase.value = 'paused';
    happens('freeze');
    happens('resume');
    expect(types()).toEqual(['pause']);
    see(true);
    expect(types()).toEqual(['pause', 'start']);
  });
});

describe('the choice', () => {
  it('is kept for the next visit', () => {
    const kept = new Map<string, string>();
    const storage = () => ({
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
    });
    const first = createState(en);
    rememberChoice(first, storage);
    expect(first.whenHidden.value).toBe('train');
    first.whenHidden.value = 'pause';
    const second = createState(en);
    rememberChoice(second, storage);
    expect(second.whenHidden.value).toBe('pause');
  });

  it('holds for this visit where the browser keeps nothing', () => {
    const state = createState(en);
    rememberChoice(state, () => {
      throw new Error('storage is off');
    });
    expect(state.whenHidden.value).toBe('train');
  });
});
