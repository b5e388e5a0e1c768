import { keyOf, type Refused, type VariantTable } from '../compile/choose.js';
import { EngineError } from '../core/errors.js';
import type { Device } from '../gpu/device.js';
import { Pipelines } from '../gpu/pipelines.js';
import type { Graph } from '../graph/graph.js';
import { kernels as shipped } from '../kernels/index.js';
import type { Kernel } from '../kernels/kernel.js';
import { classOf, type AdapterClass } from './adapterClass.js';
import { checkRun } from './check.js';
import { openRun, runCases, type OpenRun, type RunCase } from './checkCases.js';
import { DEFAULT_HALVING, fastest, timeByHalving, type HalvingOptions } from './halving.js';
import { addNotes, type Notes } from './notes.js';
import { otherPlanOf } from './otherPlan.js';
import { runsOf } from './runs.js';
import { selfTest } from './selfTest.js';
import { timePlans, timeSession, type CandidatePlan, type TimedPlan, type TimeSession } from './tunePlans.js';
import type { StateData, Store } from './store.js';
import { fittingVariants, tuneKey } from './variants.js';

export interface TuneOptions {
  /** Instead of the engine's own. */
  readonly kernels?: readonly Kernel[] | undefined;
  /** Values of states by name; the others begin as zeros. */
  readonly states: ReadonlyMap<string, StateData>;
  readonly halving?: HalvingOptions | undefined;
  /** Other ways to compute the whole step, such as other kernels; checked as a self-test does, then timed. */
  readonly plans?: readonly CandidatePlan[] | undefined;
  /** Milliseconds that a session takes for so many repetitions: by the clock, unless a test says otherwise. */
  readonly time?: TimeSession | undefined;
  /** Where the outcome is kept; nowhere if absent. */
  readonly notes?: Notes | undefined;
  /** Breaks it off before the next run is checked or timed: its reason is thrown, and nothing is kept. */
  readonly signal?: AbortSignal | undefined;
  /** Hears of each run when it is timed. */
  readonly onRun?: ((run: TunedRun, done: number, total: number) => void) | undefined;
}

export interface TunedVariant {
  readonly name: string;
  /** Milliseconds; absent where it is wrong or alone. */
  readonly ms?: number;
  /** What was found wrong with it; absent where it is right. */
  readonly wrong?: string;
}

/** One run of nodes, and how its variants did. */
export interface TunedRun {
  /** As `keyOf`: kernel, shapes, attributes. */
  readonly key: string;
  readonly kernel: string;
  readonly covers: string;
  /** How often the step has it. */
  readonly count: number;
  /** Those that this adapter can be given, the default first. */
  readonly variants: readonly TunedVariant[];
  /** The fastest that is right; undefined if none is. */
  readonly chosen: string | undefined;
}

export interface Tuned {
  readonly adapterClass: AdapterClass;
  readonly runs: readonly TunedRun[];
  /** Whole steps. */
  readonly plans: readonly TimedPlan[];
  /** The name of the fastest plan that is right. */
  readonly chosenPlan: string;
  /** Kernels that the chosen plan does without, though it could have them. */
  readonly without: readonly string[];
  /** For `compile`: the variants of the chosen plan. */
  readonly table: VariantTable;
  /** For `compile`: what is wrong on this adapter, as `key variant`. */
  readonly refused: Refused;
}

/** A variant, opened and right. */
interface Right {
  readonly name: string;
  readonly open: OpenRun;
}

/**
 * Finds the fastest variant of every run of a step on this adapter: each is checked against its formulas first, and only
 * if it is right is it timed. Then whole steps are timed, with the defaults and with the winners: the winners of single
 * kernels need not be the best step. So are both without the kernels that a plan can do without.
 *
 * @throws EngineError 'limit' if a run has no variant that is right
 */
export async function tune(device: Device, graph: Graph, options: TuneOptions): Promise<Tuned> {
  const { kernels = shipped, states, halving = DEFAULT_HALVING, notes, signal, onRun } = options;
  const time: TimeSession = (...of) => {
    signal?.throwIfAborted();
    return (options.time ?? timeSession)(...of);
  };
  signal?.throwIfAborted();
  const { profile } = device;
  const prepare = (store: Store): void => {
    for (const { name } of graph.states) {
      const data = states.get(name);
      if (data !== undefined) store.write(name, data);
    }
  };
  const pipelines = new Pipelines(device);
  // The operands' values are to come from kernels that are right.
  const tested = await selfTest(device, graph, { kernels, states, pipelines });
  const covered = runsOf(graph, { kernels, profile, refused: tested.refused }).runs;
  const byKey = new Map(covered.map((run) => [keyOf(run), run]));
  const cases = await runCases(device, graph, {
    kernels,
    pipelines,
    prepare,
    known: states,
    refused: tested.refused,
  });
  const runs: TunedRun[] = [];
  for (const one of cases) {
    signal?.throwIfAborted();
    const run = byKey.get(one.key);
    const names = run === undefined ? [one.variant] : fittingVariants(run, profile).map(({ name }) => name);
    runs.push(await tuneRun(device, one, names, { halving, time, pipelines }));
    onRun?.(runs.at(-1) as TunedRun, runs.length, cases.length);
  }
  // A run whose every variant is wrong is no run of the step any more: other kernels have its nodes.
  for (const { key, kernel, variant, covers, check } of tested.wrong) {
    if (runs.some((run) => run.key === key)) continue;
    runs.push({ key, kernel, covers, count: 0, variants: [{ name: variant, wrong: check.where }], chosen: undefined });
  }
  const refused = new Set(
    runs.flatMap(({ key, variants }) =>
      variants.flatMap(({ name, wrong }) => (wrong === undefined ? [] : [`${key} ${name}`])),
    ),
  );
  const winners = new Map(runs.flatMap(({ key, chosen }) => (chosen === undefined ? [] : [[key, chosen] as const])));
  const own: readonly CandidatePlan[] = [
    { name: 'default', table: new Map() },
    { name: 'tuned', table: winners },
  ];
  const other = otherPlanOf(graph, { kernels, profile, refused });
  const others = own.flatMap(({ name, table }): readonly CandidatePlan[] =>
    other === undefined ? [] : [{ name: `${name} without ${other.without.join(', ')}`, kernels: other.kernels, table }],
  );
  const candidates = [...own, ...others, ...(options.plans ?? [])];
  const plans = await timePlans(device, graph, candidates, {
    kernels,
    states,
    refused,
    prepare,
    halving,
    time,
    pipelines,
  });
  const chosenPlan = fastest(
    plans.filter(({ ms }) => ms !== undefined).map(({ name }) => name),
    new Map(plans.map(({ name, ms = Infinity }) => [name, ms])),
  );
  const table = candidates.find(({ name }) => name === chosenPlan)?.table ?? new Map<string, string>();
  const tuned = Object.fromEntries(
    runs.flatMap(({ key, variants }) => {
      const run = byKey.get(key);
      const variant = table.get(key) ?? variants.find(({ wrong }) => wrong === undefined)?.name;
      if (run === undefined || variant === undefined) return [];
      const ms = variants.find(({ name }) => name === variant)?.ms ?? 0;
      return [[tuneKey(run, profile), { variant, ms }]];
    }),
  );
  const without = others.some(({ name }) => name === chosenPlan) ? (other?.without ?? []) : [];
  const ms = plans.find(({ name }) => name === chosenPlan)?.ms ?? 0;
  const kept = other === undefined ? {} : { [other.key()]: { without, ms } };
  await addNotes(notes, profile, { tuned, plans: kept, wrong: [...refused] });
  return { adapterClass: classOf(profile), runs, plans, chosenPlan: chosenPlan ?? 'default', without, table, refused };
}

interface TimingOfRuns {
  readonly halving: HalvingOptions;
  readonly time: TimeSession;
  readonly pipelines: Pipelines;
}

/** Checks the variants of a run, times those that are right, and closes them again. */
async function tuneRun(
  device: Device,
  run: RunCase,
  names: readonly string[],
  { halving, time, pipelines }: TimingOfRuns,
): Promise<TunedRun> {
  const right: Right[] = [];
  const wrong = new Map<string, string>();
  try {
    for (const name of names) {
      const found = await openRight(device, run, name, pipelines);
      if (typeof found === 'string') wrong.set(name, found);
      else right.push({ name, open: found });
    }
    const ms =
      right.length < 2
        ? new Map<Right, number>()
        : await timeByHalving(right, ({ open }, times) => time(device, open.session, times), halving);
    const msOf = new Map([...ms].map(([{ name }, least]) => [name, least]));
    return {
      key: run.key,
      kernel: run.kernel,
      covers: run.covers,
      count: run.count,
      variants: names.map((name) => {
        const [reason, least] = [wrong.get(name), msOf.get(name)];
        return { name, ...(least !== undefined && { ms: least }), ...(reason !== undefined && { wrong: reason }) };
      }),
      chosen: fastest(right, ms)?.name,
    };
  } finally {
    for (const { open } of right) open[Symbol.dispose]();
  }
}

/** A variant that is right, or what is wrong with it. */
async function openRight(
  device: Device,
  run: RunCase,
  variant: string,
  pipelines: Pipelines,
): Promise<OpenRun | string> {
  let open: OpenRun;
  try {
    const compile = { ...run.compile, table: new Map([[run.key, variant]]), refused: new Set<string>() };
    open = await openRun(device, { ...run, compile, variant }, pipelines);
  } catch (error) {
    if (!(error instanceof EngineError) || !['shader', 'gpu', 'limit'].includes(error.code)) throw error;
    return error.message;
  }
  const check = await checkRun(device, open);
  if (check.passed) return open;
  open[Symbol.dispose]();
  return check.where;
}
