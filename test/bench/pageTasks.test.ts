import { describe, expect, it } from 'vitest';
import { mainThreadOf, spreadOf, type TraceEvent } from '../../bench/page/tasks.js';

const URL = 'http://127.0.0.1:1/';
const [PAGE, OTHER, MAIN, IO] = [7, 8, 1, 2];
const named = (pid: number, tid: number, name: string): TraceEvent => ({
  name: 'thread_name',
  ph: 'M',
  pid,
  tid,
  ts: 0,
  args: { name },
});
const task = (pid: number, tid: number, dur: number, tdur: number): TraceEvent => ({
  name: 'RunTask',
  ph: 'X',
  pid,
  tid,
  ts: 0,
  dur,
  tdur,
});
const heads: TraceEvent[] = [
  {
    name: 'TracingStartedInBrowser',
    ph: 'I',
    pid: 1,
    tid: 1,
    ts: 0,
    args: {
      data: {
        frames: [
          { url: 'about:blank', processId: OTHER },
          { url: URL, processId: PAGE },
        ],
      },
    },
  },
  named(OTHER, MAIN, 'CrRendererMain'),
  named(PAGE, IO, 'Chrome_ChildIOThread'),
  named(PAGE, MAIN, 'CrRendererMain'),
];

describe('the main thread of a page', () => {
  it('has the tasks of that page and that thread alone, by the wall and by the thread', () => {
    const events = [
      ...heads,
      task(PAGE, MAIN, 1000, 500),
      task(PAGE, MAIN, 60_000, 2000),
      task(PAGE, IO, 9e6, 9e6),
      task(OTHER, MAIN, 9e6, 9e6),
      { name: 'FireAnimationFrame', ph: 'X', pid: PAGE, tid: MAIN, ts: 0 },
    ];
    const found = mainThreadOf(events, URL, 2);
    expect(found).toMatchObject({ tasks: 2, long: 1, framesPerSecond: 0.5 });
    expect(found.wallMs.max).toBe(60);
    expect(found.cpuMs).toEqual({ p50: 0.5, p95: 2, max: 2 });
    expect(found.busy).toBeCloseTo(0.00125, 12);
  });

  it('of another page is not taken for it', () => {
    expect(() => mainThreadOf(heads, 'http://127.0.0.1:2/', 1)).toThrow('no main thread');
  });
});

describe('a spread', () => {
  it('is by nearest rank', () => {
    const values = Array.from({ length: 100 }, (_, i) => 100 - i);
    expect(spreadOf(values)).toEqual({ p50: 50, p95: 95, max: 100 });
    expect(spreadOf([3])).toEqual({ p50: 3, p95: 3, max: 3 });
    expect(spreadOf([])).toEqual({ p50: 0, p95: 0, max: 0 });
  });
});
