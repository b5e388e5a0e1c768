import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { atMostEvery, Frames } from '../../demo/frames.js';

/** A display by hand: `show(now)` is its next repaint. */
function display() {
  let waiting: ((now: number) => void)[] = [];
  const frames = new Frames((frame) => waiting.push(frame));
  const show = (now: number): void => {
    const due = waiting;
    waiting = [];
    for (const frame of due) frame(now);
  };
  return { frames, show, asked: () => waiting.length };
}

/** Frames drawn in ten seconds by something that always wants to be drawn. */
function drawnInTenSeconds(hertz: number, jitterMs = 0): number {
  const { frames, show } = display();
  let drawn = 0;
  const draw = () => {
    drawn++;
    frames.ask(draw);
  };
  frames.ask(draw);
  for (let i = 0; i < 10 * hertz; i++) show((1000 * i) / hertz + (i % 2 === 0 ? jitterMs : -jitterMs));
  return drawn;
}

describe('frames', () => {
  it('are at most 30 a second on displays of any rate, however their repaints jitter', () => {
    for (const hertz of [24, 30, 60, 75, 90, 120, 144, 240]) {
      for (const jitterMs of [0, 1, 3]) {
        // The first stands at the edge of the ten seconds.
        expect([hertz, jitterMs, drawnInTenSeconds(hertz, jitterMs) <= 301]).toEqual([hertz, jitterMs, true]);
      }
    }
  });

  it('are all 30 where the display has a repaint for each', () => {
    for (const hertz of [30, 60, 120, 240]) expect(drawnInTenSeconds(hertz)).toBeGreaterThanOrEqual(299);
  });

  it('draw a thing once, however often it is asked for, and different things together', () => {
    const { frames, show, asked } = display();
    const drawn: string[] = [];
    const [a, b] = [() => drawn.push('a'), () => drawn.push('b')];
    for (let i = 0; i < 5; i++) {
      frames.ask(a);
      frames.ask(b);
    }
    expect(asked()).toBe(1);
    show(0);
    expect(drawn).toEqual(['a', 'b']);
    show(1000);
    expect(drawn).toEqual(['a', 'b']);
  });

  it('catch up once after a time without repaints', () => {
    const { frames, show } = display();
    let drawn = 0;
    const draw = () => drawn++;
    frames.ask(draw);
    show(0);
    for (let i = 0; i < 1000; i++) frames.ask(draw);
    show(60_000);
    expect(drawn).toBe(2);
  });
});

describe('what is drawn at most so often', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is drawn at once, then once for all that was asked for meanwhile, the last included', () => {
    let [news, drawn] = [0, 0];
    const times: number[] = [];
    const draw = atMostEvery(1000, () => {
      times.push(performance.now());
      drawn = news;
    });
    const start = performance.now();
    for (let i = 0; i < 100; i++) {
      news++;
      draw();
      vi.advanceTimersByTime(33);
    }
    vi.runAllTimers();
    expect(drawn).toBe(100);
    expect(times[0]).toBe(start);
    expect(times).toHaveLength(5);
    for (const [i, time] of times.entries()) expect(time - start).toBeGreaterThanOrEqual(1000 * i);
  });
});
