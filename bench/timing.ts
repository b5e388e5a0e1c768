// How long something takes, on a machine that does other things as well.

/** Something that can be submitted so many times as one, and waited for. */
export interface Subject {
  run(times: number): void;
  idle(): Promise<void>;
}

/** Milliseconds of one repetition. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export interface TimingOptions {
  /** A block is repeated in one submit until it takes so long: then submitting and waiting do not show. */
  readonly blockMs: number;
  /** Blocks of each subject. */
  readonly rounds: number;
}

/** More repetitions would make one submit too large to record. */
const MOST_REPETITIONS = 20_000;

/**
 * Times subjects in turns: a block of each, then the next block of each. What slows the machine down for a while slows
 * all of them down, so their ratios hold; the least of several blocks is the nearest to an idle machine.
 */
export async function timeInTurns(
  subjects: readonly Subject[],
  { blockMs, rounds }: TimingOptions,
): Promise<readonly Spread[]> {
  const blocks: { readonly subject: Subject; readonly times: number; readonly perRun: number[] }[] = [];
  for (const subject of subjects) blocks.push({ subject, times: await repetitions(subject, blockMs), perRun: [] });
  for (let round = 0; round < rounds; round++) {
    for (const { subject, times, perRun } of blocks) perRun.push((await blockTime(subject, times)) / times);
  }
  return blocks.map(({ perRun }) => spreadOf(perRun));
}

/** How many repetitions fill a block; growing towards it also warms up. */
async function repetitions(subject: Subject, blockMs: number): Promise<number> {
  await blockTime(subject, 1);
  for (let times = 1; ;) {
    const took = await blockTime(subject, times);
    if (took >= blockMs || times >= MOST_REPETITIONS) return times;
    const wanted = Math.ceil((times * blockMs * 1.2) / Math.max(took, 0.01));
    times = Math.min(Math.max(wanted, times + 1), times * 10, MOST_REPETITIONS);
  }
}

async function blockTime(subject: Subject, times: number): Promise<number> {
  await subject.idle();
  const start = performance.now();
  subject.run(times);
  await subject.idle();
  return performance.now() - start;
}

export function spreadOf(samples: readonly number[]): Spread {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (position: number): number => sorted[position] ?? NaN;
  const middle = (sorted.length - 1) / 2;
  return { median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2, min: at(0), max: at(sorted.length - 1) };
}
