import type { Device } from '../src/index.js';
import {
  checkRun,
  openRun,
  runCases,
  type CaseOptions,
  type Graph,
  type OpenRun,
  type RunCase,
  type RunCheck,
} from '../src/lab.js';
import { timeInTurns, type Subject, type Timing, type TimingOptions } from './timing.js';

/** One kernel alone: checked, and timed if it is right. */
export interface KernelRow {
  readonly kernel: string;
  readonly variant: string;
  readonly covers: string;
  /** Shapes of its operands. */
  readonly shape: string;
  /** How often the graph has it. */
  readonly count: number;
  /** Floating-point operations of the mathematics: recomputation earns no credit. */
  readonly flops: number;
  /** Bytes of operands and results, each once. */
  readonly bytes: number;
  readonly passed: boolean;
  /** The largest error found, in units of its bound: up to 1 is right. */
  readonly error: number;
  readonly where: string;
  /** Absent for a kernel that is wrong. */
  readonly time?: Timing;
}

/**
 * Every different kernel of a graph, alone: checked against its formulas, then timed in turns with the others and with
 * `more`, whose timings come first.
 */
export async function benchKernels(
  device: Device,
  graph: Graph,
  options: CaseOptions,
  timing: TimingOptions,
  more: readonly Subject[] = [],
): Promise<{ readonly rows: readonly KernelRow[]; readonly others: readonly Timing[] }> {
  const opened: { readonly one: OpenRun; readonly check: RunCheck }[] = [];
  try {
    for (const run of await runCases(device, graph, options)) {
      const one = await openRun(device, run);
      opened.push({ one, check: await checkRun(device, one) });
    }
    const right = opened.filter(({ check }) => check.passed);
    const times = await timeInTurns([...more, ...right.map(({ one }) => one.session)], timing);
    const timeOf = new Map(right.map(({ one }, i) => [one, times[more.length + i]]));
    const rows = opened.map(({ one, check: { passed, worst, where } }): KernelRow => {
      const time = timeOf.get(one);
      return { ...summary(one.run), passed, error: worst, where, ...(time === undefined ? {} : { time }) };
    });
    return { rows, others: times.slice(0, more.length) };
  } finally {
    for (const { one } of opened) one[Symbol.dispose]();
  }
}

const summary = ({ kernel, variant, covers, count, flops, bytes, graph }: RunCase) => ({
  kernel,
  variant,
  covers,
  shape: graph.states.map(({ shape }) => shape.join('×') || '1').join(' '),
  count,
  flops,
  bytes,
});
