// What the main thread of a page did, from a trace of Chromium.

/** An event of a trace, as far as it is read here; times in microseconds. */
export interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  /** Of the thread's own time. */
  readonly tdur?: number;
  readonly args?: {
    readonly name?: string;
    readonly data?: { readonly frames?: readonly { readonly url?: string; readonly processId?: number }[] };
  };
}

export interface MainThread {
  readonly tasks: number;
  /** Milliseconds by the clock on the wall: what a click may have to wait for. */
  readonly wallMs: Spread;
  /** Milliseconds of the thread's own time. */
  readonly cpuMs: Spread;
  /** Tasks of more than 50 ms by the wall, which browsers call long. */
  readonly long: number;
  /** The thread's own time, in parts of the traced time. */
  readonly busy: number;
  /** Drawn frames a second. */
  readonly framesPerSecond: number;
}

export interface Spread {
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
}

const TASK = 'RunTask';
const FRAME = 'FireAnimationFrame';
const LONG_MS = 50;

/**
 * The tasks of the main thread of the page at `url`.
 * @param seconds that were traced
 * @throws Error if the trace has no such page
 */
export function mainThreadOf(events: readonly TraceEvent[], url: string, seconds: number): MainThread {
  const frames = events.flatMap(({ name, args }) =>
    name === 'TracingStartedInBrowser' ? (args?.data?.frames ?? []) : [],
  );
  const pid = frames.find((frame) => frame.url === url)?.processId;
  const thread = events.find(
    (event) => event.name === 'thread_name' && event.pid === pid && event.args?.name === 'CrRendererMain',
  );
  if (thread === undefined) throw new Error(`The trace has no main thread of ${url}`);
  const own = events.filter((event) => event.pid === pid && event.tid === thread.tid);
  const tasks = own.filter((event) => event.name === TASK && event.ph === 'X');
  const wall = tasks.map(({ dur = 0 }) => dur / 1000);
  const cpu = tasks.map(({ tdur, dur = 0 }) => (tdur ?? dur) / 1000);
  return {
    tasks: tasks.length,
    wallMs: spreadOf(wall),
    cpuMs: spreadOf(cpu),
    long: wall.filter((ms) => ms > LONG_MS).length,
    busy: cpu.reduce((sum, ms) => sum + ms, 0) / (1000 * seconds),
    framesPerSecond: own.filter(({ name, ph }) => name === FRAME && ph !== 'E').length / seconds,
  };
}

/** Nearest rank: the smallest value that so many of all do not exceed. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = (part: number): number => sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? 0;
  return { p50: rank(0.5), p95: rank(0.95), max: rank(1) };
}
