import type { Cost } from './kernel.js';

// What kernels cost on a software adapter: cycles of one core for four invocations, measured on SwiftShader. It has no
// fused multiply-add and few registers; every access to memory is four accesses with their tests.

export const CYCLES = {
  /** A multiply-add in a chain. */
  product: 2.4,
  /** A load whose address differs between invocations; one whose address a loop counts. */
  load: 28,
  uniform: 14,
  store: 45,
  /** A swap within a quad, or a choice between two values. */
  swap: 1.5,
  /** A variable that a loop carries, each time around. */
  carried: 9,
  /** A workgroup. */
  workgroup: 1200,
} as const;

/** Cycles of a second: two cores of 2.7 GHz, the smallest machine that anyone trains on. */
const CYCLES_PER_SECOND = 2 * 2.7e9;
/** Seconds that the adapter's compiler takes for an access to memory, for each value that is alive beside it. */
const COMPILE_PER_ACCESS = 2.3e-5;
/** What any kernel takes to compile. */
const COMPILE_LEAST = 0.03;

/**
 * @param cycles of all invocations, four at a time
 * @param accesses loads and stores in the text, each group with the values that are alive there
 */
export function costOf(cycles: number, accesses: readonly (readonly [count: number, alive: number])[]): Cost {
  const compile = accesses.reduce((sum, [count, alive]) => sum + count * alive * COMPILE_PER_ACCESS, COMPILE_LEAST);
  return { compileSeconds: compile, seconds: cycles / CYCLES_PER_SECOND };
}

/** Lengths of a run, in steps, for which a kernel offers its best way. */
const LENGTHS = [50, 600, 20_000] as const;

/** Of many ways the best for a short, a longer and a long run: each once, the last for the longest. */
export function bestOf<T>(ways: readonly T[], costOfWay: (way: T) => Cost): readonly T[] {
  const best = LENGTHS.flatMap((steps) => {
    const total = (way: T): number => totalSeconds(costOfWay(way), steps);
    return ways.length === 0 ? [] : [ways.reduce((a, b) => (total(b) < total(a) ? b : a))];
  });
  return [...new Set(best)];
}

/** Seconds to compile and to run so many steps. */
export const totalSeconds = ({ compileSeconds, seconds }: Cost, steps: number): number =>
  compileSeconds + steps * seconds;
