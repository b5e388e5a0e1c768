import { describe, expect, it } from 'vitest';
import { createState } from '../../demo/state.js';
import { en } from '../../demo/text/en.js';
import { keepAwake, type HeldLock } from '../../demo/wake.js';

/** A screen by hand: which locks it has given, and what the page is told. */
function screen({ refuses = false } = {}) {
  const given: { released: boolean; release(): Promise<void> }[] = [];
  let asked = 0;
  let seen: (() => void) | undefined;
  const tab = { hidden: false, addEventListener: (_: 'visibilitychange', listener: () => void) => (seen = listener) };
  const settle = () => new Promise<void>((done) => void setTimeout(done));
  const locks = {
    request(): Promise<HeldLock> {
      asked++;
      if (refuses || tab.hidden) return Promise.reject(new Error('not allowed'));
      const lock = {
        released: false,
        release() {
          lock.released = true;
          return Promise.resolve();
        },
      };
      given.push(lock);
      return Promise.resolve(lock);
    },
  };
  const state = createState(en);
  keepAwake(tab, state, locks);
  return {
    state,
    settle,
    asked: () => asked,
    held: () => given.filter(({ released }) => !released).length,
    async see(visible: boolean) {
      tab.hidden = !visible;
      // As browsers do.
      if (!visible) for (const lock of given) lock.released = true;
      seen?.();
      await settle();
    },
  };
}

describe('the screen', () => {
  it('stays on from the start of a run to its end, by one lock', async () => {
    const { state, settle, held, asked } = screen();
    await settle();
    expect(held()).toBe(0);
    for (const phase of ['loading', 'compiling', 'training'] as const) {
      state.phase.value = phase;
      await settle();
      expect(held()).toBe(1);
    }
    state.phase.value = 'done';
    await settle();
    expect([held(), asked()]).toEqual([0, 1]);
  });

  it('may go off at a pause, a divergence and a lost GPU', async () => {
    for (const phase of ['paused', 'diverged', 'lost'] as const) {
      const { state, settle, held } = screen();
      state.phase.value = 'training';
      await settle();
      state.phase.value = phase;
      await settle();
      expect([phase, held()]).toEqual([phase, 0]);
    }
  });

  it('is let go while the page is hidden, and held again when it is seen and still trains', async () => {
    const { state, settle, held, see } = screen();
    state.phase.value = 'training';
    await settle();
    await see(false);
    expect(held()).toBe(0);
    await see(true);
    expect(held()).toBe(1);
    await see(false);
    state.phase.value = 'done';
    await see(true);
    expect(held()).toBe(0);
  });

  it('is not asked for while nobody sees it', async () => {
    const { state, settle, asked, see } = screen();
    await see(false);
    state.phase.value = 'training';
    await settle();
    expect(asked()).toBe(0);
    await see(true);
    expect(asked()).toBe(1);
  });

  it('is held by a run that begins while the lock of the last one is being given back', async () => {
    const { state, settle, held } = screen();
    state.phase.value = 'training';
    await settle();
    state.phase.value = 'paused';
    state.phase.value = 'training';
    await settle();
    expect(held()).toBe(1);
  });

  it('is let go even where a run ends before the lock is given', async () => {
    const { state, settle, held } = screen();
    state.phase.value = 'training';
    state.phase.value = 'paused';
    await settle();
    expect(held()).toBe(0);
  });

  it('follows the system where a lock is refused or unknown, and nothing is said of it', async () => {
    const { state, settle, held } = screen({ refuses: true });
    state.phase.value = 'training';
    await settle();
    expect([held(), state.faults.value]).toEqual([0, []]);
    keepAwake({ hidden: false, addEventListener: () => undefined }, state, undefined);
  });
});
