import { aliasRoot } from '../compile/storage.js';
import type { Device } from '../gpu/device.js';
import type { Graph, Tensor } from '../graph/graph.js';
import { Session, type SessionOptions } from './session.js';
import { Store, type StateData } from './store.js';

export interface StepOptions extends Omit<SessionOptions, 'name' | 'keep'> {
  /** Sets the states before the first step. */
  prepare(store: Store): void;
  /** Steps before the one whose values are taken, so that momentum and counters are not all zero; 2 by default. */
  readonly warmUp?: number;
  /** By name, what `prepare` gave to states that no step changes: they are not read back. */
  readonly known?: ReadonlyMap<string, StateData>;
}

/** What tensors of a graph held in one step on a GPU. */
export interface StepValues {
  readonly values: ReadonlyMap<Tensor, StateData>;
  /** Those that are stored in f16. */
  readonly halves: ReadonlySet<Tensor>;
  /** Milliseconds until every pipeline was there. */
  readonly compileMs: number;
  /** Mapped reads that it took. */
  readonly reads: number;
}

/**
 * What the states hold before a step, and what the step makes of everything else.
 *
 * The whole graph is compiled with all of these tensors kept, and runs a step. Two mapped reads bring everything, and
 * the second does not wait for the first.
 */
export async function valuesInAStep(
  device: Device,
  graph: Graph,
  tensors: ReadonlySet<Tensor>,
  { prepare, known = new Map<string, StateData>(), warmUp = 2, ...options }: StepOptions,
): Promise<StepValues> {
  const changed = new Set(graph.assignments.map(({ state }) => state.place?.arena));
  const isKnown = ({ name, place }: Tensor): boolean => known.has(name) && !changed.has(place?.arena);
  const all = [...tensors];
  const roots = [...new Set(all.map(aliasRoot))];
  const states = roots.filter((root) => root.node === undefined && !isKnown(root));
  const made = roots.filter((root) => root.node !== undefined);

  const start = performance.now();
  using store = new Store(device);
  using session = await Session.compile(store, graph, { ...options, name: 'operands', keep: made });
  const compileMs = performance.now() - start;
  prepare(store);
  if (warmUp > 0) session.run(warmUp);
  using before = states.length === 0 ? undefined : await session.readerOf(states);
  using after = made.length === 0 ? undefined : await session.readerOf(made);
  // The copies are recorded in the order of these calls: the first before the step, the second after it.
  const early = before?.read();
  session.run();
  const late = after?.read();
  const read = new Map([...((await early) ?? []), ...((await late) ?? [])]);
  const valueOf = (tensor: Tensor): StateData | undefined => {
    const root = aliasRoot(tensor);
    return isKnown(root) ? known.get(root.name) : read.get(root);
  };
  return {
    values: new Map(
      all.flatMap((tensor) => {
        const data = valueOf(tensor);
        return data === undefined ? [] : [[tensor, data] as const];
      }),
    ),
    halves: new Set(all.filter((tensor) => session.plan.where(aliasRoot(tensor))?.dtype === 'f16')),
    compileMs,
    reads: [before, after].filter((reader) => reader !== undefined).length,
  };
}
