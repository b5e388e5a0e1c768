// How long something takes, on a machine that does other things as well.

import type { GpuClock } from './gpuClock.js';

/** Something that can be submitted so many times as one, and waited for. */
export interface Subject {
  run(times: number): void;
  idle(): Promise<void>;
}

/** Of several blocks. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Milliseconds of one repetition. */
export interface Timing {
  /** Recording and submitting: what the CPU does before the GPU begins. In training it overlaps the steps before. */
  readonly record: Spread;
  /** Until all is done; see `fromSubmit` and `clock`. */
  readonly wall: Spread;
  /** What this process took of all cores together: with a software adapter, the work itself, whoever else is running. */
  readonly cpu: Spread;
  /** Repetitions in a block. */
  readonly times: number;
}

/**
 * What shares and rates are taken from: the time of all cores together where they do the work (software adapters), so
 * that a rate is that of one core; else the clock's.
 */
export type Costs = 'cpu' | 'wall';

export interface TimingOptions {
  /**
   * A block is repeated within one submit until it takes so long; then waiting, a fraction of a millisecond, does not
   * show.
   */
  readonly blockMs: number;
  /**
   * The clock starts when all is recorded. Not for a software adapter: it shares its cores with the recording, which may
   * be halted just after submitting.
   */
  readonly fromSubmit: boolean;
  /** Timestamps of the GPU, where it has them, instead of this process's clock: without the way there and back. */
  readonly clock?: Pick<GpuClock, 'time' | 'read'> | undefined;
  /** Blocks of each subject. */
  readonly rounds: number;
  /** Hears of every block, and may break the timing off by throwing; blocks that are found too short are one. */
  readonly onBlock?: (done: number, total: number) => void;
}

interface Block {
  readonly record: number;
  readonly wall: number;
  readonly cpu: number;
}

/** More would make one submit too large to record. */
const MOST_TIMES = 20_000;

/**
 * Times subjects in turns: a block of each, then the next block of each. What slows the machine down for a while slows
 * all of them down, so their ratios hold; the least of several blocks is the nearest to an idle machine.
 */
export async function timeInTurns(subjects: readonly Subject[], options: TimingOptions): Promise<readonly Timing[]> {
  const timed: { readonly subject: Subject; readonly times: number; readonly blocks: Block[] }[] = [];
  let done = 0;
  const tell = (): void => options.onBlock?.(++done, subjects.length * (1 + options.rounds));
  for (const subject of subjects) {
    timed.push({ subject, times: await timesToFill(subject, options), blocks: [] });
    tell();
  }
  for (let round = 0; round < options.rounds; round++) {
    for (const { subject, times, blocks } of timed) {
      blocks.push(await timeBlock(subject, times, options));
      tell();
    }
  }
  return timed.map(({ times, blocks }) => ({
    record: spreadOf(blocks.map(({ record }) => record / times)),
    wall: spreadOf(blocks.map(({ wall }) => wall / times)),
    cpu: spreadOf(blocks.map(({ cpu }) => cpu / times)),
    times,
  }));
}

/** How many repetitions fill a block; growing towards it also warms up. */
async function timesToFill(subject: Subject, options: TimingOptions): Promise<number> {
  await timeBlock(subject, 1, options);
  let times = 1;
  for (;;) {
    let { wall } = await timeBlock(subject, times, options);
    // Others may have held this one up: only a second long one is believed.
    if (wall >= options.blockMs) wall = Math.min(wall, (await timeBlock(subject, times, options)).wall);
    if (wall >= options.blockMs || times >= MOST_TIMES) return times;
    const wanted = Math.ceil((times * options.blockMs * 1.2) / Math.max(wall, 0.01));
    times = Math.min(Math.max(wanted, times + 1), times * 10, MOST_TIMES);
  }
}

async function timeBlock(subject: Subject, times: number, { fromSubmit, clock }: TimingOptions): Promise<Block> {
  await subject.idle();
  const before = cpuMs();
  const start = performance.now();
  if (clock === undefined) subject.run(times);
  else clock.time(() => subject.run(times));
  const submitted = performance.now();
  await subject.idle();
  const done = performance.now();
  const cpu = cpuMs() - before;
  const wall = clock === undefined ? done - (fromSubmit ? submitted : start) : await clock.read();
  return { record: submitted - start, wall, cpu };
}

/** Milliseconds that this process has had of all cores; NaN in a page, which cannot know. */
function cpuMs(): number {
  if (typeof process === 'undefined') return NaN;
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

export function spreadOf(samples: readonly number[]): Spread {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (position: number): number => sorted[position] ?? NaN;
  const middle = (sorted.length - 1) / 2;
  return { median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2, min: at(0), max: at(sorted.length - 1) };
}
