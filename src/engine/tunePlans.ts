import type { Refused, VariantTable } from '../compile/choose.js';
import { EngineError } from '../core/errors.js';
import type { Device } from '../gpu/device.js';
import type { Pipelines } from '../gpu/pipelines.js';
import type { Graph } from '../graph/graph.js';
import type { Kernel } from '../kernels/kernel.js';
import { timeByHalving, type HalvingOptions } from './halving.js';
import { selfTest } from './selfTest.js';
import { Session } from './session.js';
import { Store, type StateData } from './store.js';

/** A way to compute a whole step. */
export interface CandidatePlan {
  readonly name: string;
  /** Instead of the others' kernels. */
  readonly kernels?: readonly Kernel[];
  readonly table: VariantTable;
}

export interface TimedPlan {
  readonly name: string;
  readonly dispatches: number;
  /** Milliseconds of a step; absent where a kernel of it is wrong. */
  readonly ms?: number;
  readonly wrong?: string;
}

interface PlanOptions {
  readonly kernels: readonly Kernel[];
  readonly states: ReadonlyMap<string, StateData>;
  readonly refused: Refused;
  readonly halving: HalvingOptions;
  readonly time: TimeSession;
  readonly pipelines: Pipelines;
  prepare(store: Store): void;
}

interface OpenPlan extends Disposable {
  readonly name: string;
  readonly session: Session;
}

/** Times whole steps of a graph by several plans, those that are right, in turns. */
export async function timePlans(
  device: Device,
  graph: Graph,
  candidates: readonly CandidatePlan[],
  options: PlanOptions,
): Promise<readonly TimedPlan[]> {
  const opened: OpenPlan[] = [];
  const wrong = new Map<string, string>();
  try {
    for (const candidate of candidates) {
      const reason = candidate.kernels === undefined ? undefined : await faultOf(device, graph, candidate, options);
      if (reason === undefined) opened.push(await openPlan(device, graph, candidate, options));
      else wrong.set(candidate.name, reason);
    }
    const { time, halving } = options;
    const ms = await timeByHalving(opened, ({ session }, times) => time(device, session, times), halving);
    return [
      ...opened.map((plan) => ({
        name: plan.name,
        dispatches: plan.session.plan.dispatches.length,
        ms: ms.get(plan) ?? Infinity,
      })),
      ...[...wrong].map(([name, reason]) => ({ name, dispatches: 0, wrong: reason })),
    ];
  } finally {
    for (const plan of opened) plan[Symbol.dispose]();
  }
}

/** What is wrong with a plan of other kernels, if anything is. */
async function faultOf(
  device: Device,
  graph: Graph,
  { kernels, table }: CandidatePlan,
  { states, refused, pipelines }: PlanOptions,
): Promise<string | undefined> {
  try {
    const report = await selfTest(device, graph, { kernels, table, states, refused, pipelines });
    return report.wrong[0]?.check.where;
  } catch (error) {
    if (!(error instanceof EngineError) || error.code === 'device-lost') throw error;
    return error.message;
  }
}

async function openPlan(
  device: Device,
  graph: Graph,
  { name, kernels, table }: CandidatePlan,
  options: PlanOptions,
): Promise<OpenPlan> {
  const store = new Store(device);
  const { refused, pipelines, prepare } = options;
  const session = await Session.compile(store, graph, {
    name: `tune ${name}`,
    kernels: kernels ?? options.kernels,
    table,
    refused,
    pipelines,
  });
  prepare(store);
  return {
    name,
    session,
    [Symbol.dispose]: () => {
      session[Symbol.dispose]();
      store[Symbol.dispose]();
    },
  };
}

/** Milliseconds of so many repetitions as one submit. */
export type TimeSession = (device: Device, session: Session, times: number) => Promise<number>;

export const timeSession: TimeSession = async (device, session, times) => {
  await device.idle();
  const start = performance.now();
  session.run(times);
  await device.idle();
  return performance.now() - start;
};
