// Who is fastest, on a machine that does other things as well: candidates are timed in turns, and the slower half leaves.

export interface HalvingOptions {
  /** Milliseconds that one block of repetitions should last, so that waiting for it does not show. */
  readonly blockMs: number;
  /** Blocks of each candidate in each round: the first few drop out after the first, the best are timed most. */
  readonly blocks: readonly number[];
}

/** Enough to tell apart kernels that differ by a tenth. */
export const DEFAULT_HALVING: HalvingOptions = { blockMs: 20, blocks: [2, 3, 4] };

/** More would make one submit too large to record. */
const MOST_TIMES = 10_000;

/**
 * Milliseconds of one repetition of each candidate: the least of its blocks, which is the nearest to an idle machine.
 * Blocks of different candidates alternate, so what slows the machine down for a while slows all of them. After each
 * round but the last the slower half is timed no more; two always stay to the end.
 *
 * @param time runs a candidate so many times, and says how many milliseconds that took
 */
export async function timeByHalving<T>(
  candidates: readonly T[],
  time: (candidate: T, times: number) => Promise<number>,
  { blockMs, blocks }: HalvingOptions = DEFAULT_HALVING,
): Promise<ReadonlyMap<T, number>> {
  const best = new Map<T, number>();
  const times = new Map<T, number>();
  for (const candidate of candidates) times.set(candidate, await timesToFill(candidate, time, blockMs));
  let left = [...candidates];
  for (const count of blocks) {
    for (let block = 0; block < count; block++) {
      for (const candidate of left) {
        const repeated = times.get(candidate) ?? 1;
        const ms = (await time(candidate, repeated)) / repeated;
        best.set(candidate, Math.min(ms, best.get(candidate) ?? Infinity));
      }
    }
    left = survivors(left, best);
  }
  return best;
}

/** The faster half, rounded up, and never fewer than two where there are two. */
export function survivors<T>(candidates: readonly T[], ms: ReadonlyMap<T, number>): T[] {
  const order = [...candidates].sort((a, b) => (ms.get(a) ?? Infinity) - (ms.get(b) ?? Infinity));
  return order.slice(0, Math.max(2, Math.ceil(order.length / 2)));
}

/** The candidate of the least time; the first of those that are given if nothing was timed. */
export function fastest<T>(candidates: readonly T[], ms: ReadonlyMap<T, number>): T | undefined {
  return candidates.reduce<T | undefined>((best, one) => {
    if (best === undefined) return one;
    return (ms.get(one) ?? Infinity) < (ms.get(best) ?? Infinity) ? one : best;
  }, undefined);
}

/** How many repetitions fill a block; growing towards it also warms up. */
async function timesToFill<T>(
  candidate: T,
  time: (candidate: T, times: number) => Promise<number>,
  blockMs: number,
): Promise<number> {
  await time(candidate, 1);
  for (let times = 1; ;) {
    const ms = await time(candidate, times);
    if (ms >= blockMs || times >= MOST_TIMES) return times;
    const wanted = Math.ceil((times * blockMs * 1.2) / Math.max(ms, 0.01));
    times = Math.min(Math.max(wanted, times + 1), times * 10, MOST_TIMES);
  }
}
