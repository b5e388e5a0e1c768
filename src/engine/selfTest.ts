import { keyOf, type Covered, type Refused, type VariantTable } from '../compile/choose.js';
import { stages } from '../compile/narrow.js';
import { readsAndWrites } from '../compile/order.js';
import type { Precision } from '../core/precision.js';
import type { Device } from '../gpu/device.js';
import { Pipelines } from '../gpu/pipelines.js';
import type { Graph, Node, Tensor } from '../graph/graph.js';
import { kernels as shipped } from '../kernels/index.js';
import type { Kernel } from '../kernels/kernel.js';
import { firstNonFiniteOp } from '../ops/control.js';
import { checkRun, compareRun, type RunCheck } from './check.js';
import type { InHalf } from './checkBounds.js';
import { caseOf, openRun, type CaseWithoutWork } from './checkCases.js';
import { runsOf } from './runs.js';
import { valuesInAStep } from './stepValues.js';
import type { StateData, Store } from './store.js';

export interface SelfTestOptions {
  /** Instead of the engine's own. */
  readonly kernels?: readonly Kernel[] | undefined;
  readonly table?: VariantTable | undefined;
  /** What is refused already. */
  readonly refused?: Refused | undefined;
  /** Tensors besides the states that the plan is compiled for. */
  readonly keep?: readonly Tensor[] | undefined;
  /** `f32` by default. */
  readonly precision?: Precision | undefined;
  /** Values of states by name; the others begin as zeros. Data that a net meets in earnest serve best. */
  readonly states: ReadonlyMap<string, StateData>;
  /** Share it with the session that is opened next, and nothing is compiled twice. */
  readonly pipelines?: Pipelines | undefined;
  readonly onCompile?: ((done: number, total: number) => void) | undefined;
}

/** A run of the plan, and how its kernel did. */
export interface RunVerdict {
  readonly key: string;
  readonly kernel: string;
  readonly variant: string;
  /** Its ops, as in `conv2d → add → relu`. */
  readonly covers: string;
  readonly check: RunCheck;
}

export interface SelfTestReport {
  /** What a plan for this adapter must not use, as `key variant`: what was refused before, and what was found wrong. */
  readonly refused: Refused;
  /** In the order of finding. */
  readonly wrong: readonly RunVerdict[];
  /** Different runs of the last round, all of them right. */
  readonly runs: readonly RunVerdict[];
  /** Keys of runs that a plan with everything kept computes otherwise, so that they could not be looked at. */
  readonly unchecked: readonly string[];
  /** Elements that were compared in the last round. */
  readonly samples: number;
  /** How often the plan was compiled and run. */
  readonly rounds: number;
  /** Milliseconds of compiling, and of all the rest. */
  readonly compileMs: number;
  readonly checkMs: number;
  /** Of `checkMs`, what the formulas took on the CPU. */
  readonly formulaMs: number;
  /** Mapped reads. */
  readonly reads: number;
}

/**
 * Runs a step of a graph on this adapter with the pipelines that its plan would use, and compares what every different
 * run of the plan writes with its formulas: all edges and some 256 elements. A variant that is wrong is refused, and the
 * rest is tried again until everything is right.
 *
 * A run that reads what a wrong one wrote is not blamed: it is looked at again in the next round.
 *
 * @throws EngineError 'limit' once a run has no variant left; 'shader', 'gpu' and 'device-lost' as sessions do
 */
export async function selfTest(device: Device, source: Graph, options: SelfTestOptions): Promise<SelfTestReport> {
  const { pipelines = new Pipelines(device), ...rest } = options;
  const refused = new Set(options.refused);
  const wrong: RunVerdict[] = [];
  const sums = { compileMs: 0, checkMs: 0, formulaMs: 0, reads: 0 };
  for (let rounds = 1; ; rounds++) {
    const round = await oneRound(device, source, { ...rest, pipelines, refused });
    sums.compileMs += round.compileMs;
    sums.checkMs += round.checkMs;
    sums.formulaMs += round.formulaMs;
    sums.reads += round.reads;
    const blamed = round.verdicts.filter(({ check }) => !check.passed);
    if (blamed.length === 0) {
      const samples = round.verdicts.reduce((sum, { check }) => sum + check.samples, 0);
      return { refused, wrong, runs: round.verdicts, unchecked: round.unchecked, samples, rounds, ...sums };
    }
    for (const { key, variant } of blamed) refused.add(`${key} ${variant}`);
    wrong.push(...blamed);
  }
}

interface Round {
  /** Of the runs whose operands are right. */
  readonly verdicts: readonly RunVerdict[];
  readonly unchecked: readonly string[];
  readonly compileMs: number;
  readonly checkMs: number;
  readonly formulaMs: number;
  readonly reads: number;
}

async function oneRound(
  device: Device,
  source: Graph,
  {
    kernels = shipped,
    table = new Map<string, string>(),
    refused = new Set<string>(),
    keep = [],
    states,
    ...rest
  }: SelfTestOptions,
): Promise<Round> {
  const start = performance.now();
  const { profile } = device;
  const { graph, runs } = runsOf(source, { kernels, profile, refused, keep });
  const compile = { kernels, table, refused };
  const cases = runs.map((run) => caseOf(run, profile, compile));
  const outputs = runs.map((run, i) => outputsOf(run, cases[i]));
  const tensors = new Set([...runs.flatMap((run) => readsAndWrites(run).reads), ...outputs.flat()]);
  const prepare = (store: Store): void => {
    for (const { name } of graph.states) {
      const data = states.get(name);
      if (data !== undefined) store.write(name, data);
    }
  };
  const step = await valuesInAStep(device, graph, tensors, { ...rest, ...compile, prepare, known: states });

  const formulas = performance.now();
  // What is kept may change a run: a kernel that swallows a tensor no longer can.
  const kept = [...tensors].filter((tensor) => tensor.node !== undefined);
  const alike = new Set(runsOf(graph, { kernels, profile, refused, keep: kept }).runs.map(keyOf));
  const keys = runs.map(keyOf);
  const checks = new Map<string, RunVerdict>();
  let reads = step.reads;
  for (const [i, { variant, moved, withValues }] of cases.entries()) {
    const key = keys[i] ?? '';
    if (checks.has(key) || !alike.has(key)) continue;
    const run = withValues(step.values);
    const found = new Map(
      (outputs[i] ?? []).map((output) => [moved(output), step.values.get(output) ?? new Float32Array()] as const),
    );
    const { kernel, covers } = run;
    const own = [...readsAndWrites(runs[i] ?? { nodes: [] }).reads, ...(outputs[i] ?? [])];
    const stored = new Set(own.filter((tensor) => step.halves.has(tensor)).map(moved));
    const isStaging = rest.precision === 'mixed' && variant.steps(profile).some(({ code }) => stages(code));
    let check = compareRun(run, found, true, halfOf(run.graph, stored, isStaging));
    const diverging = check.passed ? withNaN(run) : undefined;
    if (diverging !== undefined) {
      using open = await openRun(device, diverging, rest.pipelines);
      check = await checkRun(device, open);
      reads++;
    }
    checks.set(key, { key, kernel, variant: variant.name, covers, check });
  }
  const done = performance.now();
  const isWrong = (run: number): boolean => checks.get(keys[run] ?? '')?.check.passed === false;
  const before = runsBefore(runs);
  const innocent = runs.flatMap((_, i) => ([...(before[i] ?? [])].some(isWrong) ? [] : [keys[i] ?? '']));
  return {
    verdicts: [...new Set(innocent)].flatMap((key) => checks.get(key) ?? []),
    unchecked: [...new Set(keys)].filter((key) => !alike.has(key)),
    compileMs: step.compileMs,
    checkMs: done - start - step.compileMs,
    formulaMs: done - formulas,
    reads,
  };
}

/** What a run has in f16: what is stored so, and the operands of its products where they are staged. */
function halfOf(graph: Graph, stored: ReadonlySet<Tensor>, isStaging: boolean): InHalf {
  const products = graph.nodes.filter(({ inputs, behaviour }) => inputs.length === 2 && (behaviour.terms ?? 0) > 1);
  const staged = isStaging ? products.flatMap(({ inputs }) => inputs.filter((input) => !stored.has(input))) : [];
  return { stored, staged: new Set(staged) };
}

/**
 * The run that looks for numbers that are not finite, with one to find: where the last gradient begins. Undefined for
 * every other run.
 */
export function withNaN<Run extends CaseWithoutWork>(run: Run): Run | undefined {
  for (const node of run.graph.nodes) {
    const last = firstNonFiniteOp.attrsOf(node)?.starts.at(-1);
    const slopes = node.inputs[2];
    const found = slopes && run.values.get(slopes);
    if (last === undefined || slopes === undefined || found === undefined) continue;
    const data = Float32Array.from(found);
    data[last] = NaN;
    return { ...run, values: new Map([...run.values, [slopes, data]]) };
  }
  return undefined;
}

/** The tensors of the old graph that a case's outputs stand for. */
function outputsOf(
  run: Covered,
  single: Pick<ReturnType<typeof caseOf>, 'outputs' | 'moved'> | undefined,
): readonly Tensor[] {
  if (single === undefined) return [];
  const wanted = new Set(single.outputs);
  return run.nodes.flatMap((node) => node.outputs).filter((output) => wanted.has(single.moved(output)));
}

/** For each run the runs whose results reach it. */
function runsBefore(runs: readonly Covered[]): readonly ReadonlySet<number>[] {
  const runOf = new Map<Node, number>();
  runs.forEach((run, i) => run.nodes.forEach((node) => runOf.set(node, i)));
  const known = new Map<number, ReadonlySet<number>>();
  const beforeNode = (node: Node, own: number): readonly number[] => {
    const run = runOf.get(node);
    if (run === own) return [];
    // Aliases and packs belong to no run: what they show is what counts.
    if (run === undefined) return node.inputs.flatMap((input) => (input.node ? beforeNode(input.node, own) : []));
    return [run, ...beforeRun(run)];
  };
  const beforeRun = (run: number): ReadonlySet<number> => {
    const answer = known.get(run);
    if (answer !== undefined) return answer;
    const { reads } = readsAndWrites(runs[run] ?? { nodes: [] });
    const found = new Set(reads.flatMap((read) => (read.node ? beforeNode(read.node, run) : [])));
    known.set(run, found);
    return found;
  };
  return runs.map((_, i) => beforeRun(i));
}
