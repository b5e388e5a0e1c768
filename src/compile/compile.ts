import { EngineError } from '../core/errors.js';
import { mustSupport, type Precision } from '../core/precision.js';
import type { Profile } from '../core/profile.js';
import { bytesOf, sizeOf } from '../core/shape.js';
import { ARENA_ALIGNMENT, type Graph, type Tensor } from '../graph/graph.js';
import type { Kernel, Slot } from '../kernels/kernel.js';
import { bindingsOf, entryOf, mustBindAll, mustBindFew, type Binding } from './bindings.js';
import { choose, keyOf, type Refused, type VariantTable } from './choose.js';
import { cover } from './cover.js';
import { fold } from './fold.js';
import { halved, halvesOf, inHalf } from './halves.js';
import { merge } from './merge.js';
import { copiesOf, nodesOf, order, readsAndWrites, type Unit } from './order.js';
import { place, type Placement, type Touch } from './place.js';
import type { Plan, PlannedDispatch, PlannedState, Range } from './plan.js';
import { rewrite } from './rewrite.js';
import { storageOf, type Block, type Home, type Storage } from './storage.js';

export interface CompileOptions {
  /** For people: `train`, `evaluate`. */
  readonly name: string;
  readonly kernels: readonly Kernel[];
  readonly profile: Profile;
  /** Tensors besides the states that will be read after a run. Anything else may lose its memory within the step. */
  readonly keep?: readonly Tensor[];
  readonly table?: VariantTable;
  readonly refused?: Refused;
  /** How many times the plan will be replayed, where that is known: a long run is worth kernels that compile slowly. */
  readonly expectedSteps?: number | undefined;
  /** `f32` by default. */
  readonly precision?: Precision | undefined;
  /** Free bytes after every piece of scratch, for tests that look for writes past the end. */
  readonly guardBytes?: number;
}

/**
 * Compiles a graph into a plan, in four stages: rewrite the graph by identities; cover it with kernels; choose a variant
 * of each for this adapter; place every tensor in memory. A pure function: it never sees a device.
 *
 * @throws EngineError 'graph' if no kernel covers an op, 'limit' if the adapter is too small or has no f16 for mixed precision
 */
export function compile(source: Graph, options: CompileOptions): Plan {
  mustHaveOwnNames(source);
  mustSupport(options.precision ?? 'f32', options.profile);
  const refused = new Set(options.refused);
  const most = mostBindings(options.profile);
  let merges = true;
  let first: Crowded | undefined;
  for (;;) {
    try {
      const { plan, crowded } = compileOnce(source, { ...options, refused, merges });
      if (crowded === undefined) return plan;
      first ??= crowded;
      // What binds too much is computed otherwise: in dispatches of its own, or by another variant.
      if (crowded.key !== undefined) refused.add(crowded.key);
      else if (merges) merges = false;
      else mustBindFew(crowded.entry, crowded.count, most);
    } catch (error) {
      // Where nothing else is left, it was the buffers that were too many.
      if (first !== undefined) mustBindFew(first.entry, first.count, most);
      throw error;
    }
  }
}

/** A dispatch that binds more buffers than it may. */
interface Crowded {
  readonly key: string | undefined;
  readonly entry: string;
  readonly count: number;
}

const mostBindings = ({ limits }: Profile): number => Math.min(8, limits.maxStorageBuffersPerShaderStage);

function compileOnce(
  source: Graph,
  options: CompileOptions & { readonly refused: Refused; readonly merges: boolean },
): { readonly plan: Plan; readonly crowded: Crowded | undefined } {
  const { profile, keep = [], table = new Map<string, string>(), refused } = options;
  const { graph, of } = rewrite(source, keep);
  const kept = new Set(keep.flatMap((tensor) => of(tensor) ?? []));

  const runs = cover(graph, { kernels: options.kernels, profile, kept, refused }).map((run): Unit => {
    const variant = choose(run, profile, table, refused, options.expectedSteps);
    return {
      label: nodesOf(run)
        .map((node) => node.op)
        .join(' → '),
      variant: variant.name,
      key: `${keyOf(run)} ${variant.name}`,
      steps: variant.steps(profile),
      ...readsAndWrites(run),
    };
  });

  const { units, storage } = orderWithStorage(graph, kept, runs);
  const whole = (options.merges ? merge(units, storage) : units).flatMap((unit) => resolveUnit(unit, storage));
  const isMixed = options.precision === 'mixed';
  const halves = isMixed ? halvesOf(graph, storage, whole) : new Map();
  const resolved = isMixed ? whole.map((dispatch) => inHalf(dispatch, halves)) : whole;
  const placement = place(
    resolved.map((dispatch) => touchOf(dispatch)),
    options.guardBytes,
  );
  const dispatches = resolved.map((dispatch) => finish(dispatch, placement, profile));
  const plan: Plan = {
    name: options.name,
    dispatches,
    states: statesOf(graph),
    arenas: arenasOf(graph),
    scratch: placement.buffers,
    occupied: [...placement.addresses].map(([block, address]) => ({ ...address, bytes: block.bytes })),
    where: (old) => {
      const tensor = of(old);
      if (tensor === undefined) return undefined;
      const own = storage.homeOf(tensor);
      const home = halved(own, halves);
      if (home.kind === 'scratch' && !placement.addresses.has(home.block)) return undefined;
      const dtype = home === own ? old.dtype : 'f16';
      return {
        ...rangeOf(home, bytesOf(tensor.shape, dtype), placement),
        shape: old.shape,
        dtype,
        kept: home.kind === 'state' || home.block.alone,
      };
    },
  };
  const crowded = dispatches.findIndex(({ bindings }) => bindings.length > mostBindings(profile));
  const culprit = resolved[crowded];
  if (culprit !== undefined) {
    const count = dispatches[crowded]?.bindings.length ?? 0;
    return { plan, crowded: { key: culprit.unit.key, entry: culprit.entry, count } };
  }
  mustFit(plan, profile);
  return { plan: Object.freeze(plan), crowded: undefined };
}

/** Throws unless the arenas are called otherwise than the plan's own memory. */
function mustHaveOwnNames(graph: Graph): void {
  const taken = graph.states
    .map(({ place: at, name }) => at?.arena ?? name)
    .find((arena) => /^scratch\d+$/.test(arena));
  if (taken === undefined) return;
  throw new EngineError('graph', {
    place: 'compile',
    given: `an arena named ${taken}`,
    wanted: 'another name: the memory within a step is called so',
  });
}

/** Finds an order; where an in-place write would overwrite a state too early, that value is copied at the end instead. */
function orderWithStorage(
  graph: Graph,
  kept: ReadonlySet<Tensor>,
  runs: readonly Unit[],
): { units: readonly Unit[]; storage: Storage } {
  const demoted = new Set<Tensor>();
  for (;;) {
    const storage = storageOf(graph, kept, demoted);
    const ordering = order([...runs, ...copiesOf(graph, storage)], storage);
    if ('units' in ordering) return { units: ordering.units, storage };
    if (ordering.demote.length === 0) {
      throw new EngineError('graph', {
        place: 'compile',
        given: 'assignments that overwrite each other’s operands in a circle',
        wanted: 'an order in which every state is read before it is overwritten',
      });
    }
    ordering.demote.forEach((tensor) => demoted.add(tensor));
  }
}

/** A dispatch whose bindings know their homes, but not yet their addresses. */
interface Resolved {
  readonly unit: Unit;
  readonly step: Unit['steps'][number];
  readonly entry: string;
  readonly bindings: readonly (Binding &
    Pick<Slot, 'shape' | 'dtype'> & { readonly home: Home; readonly bytes: number })[];
}

function resolveUnit(unit: Unit, storage: Storage): readonly Resolved[] {
  return unit.steps.map((step) => {
    const entry = entryOf(step.code);
    const declared = bindingsOf(step.code);
    mustBindAll(entry, declared, step);
    const bindings = declared.map((binding) => {
      const slot = step.bind[binding.name] as Slot;
      const { shape, dtype } = slot;
      const whole = { ...binding, shape, dtype, home: storage.homeOf(slot), bytes: bytesOf(shape, dtype) };
      if (unit.pack === undefined || slot !== unit.pack.pack || whole.home.kind === 'state') return whole;
      const { from, offsetBytes } = unit.pack;
      return { ...whole, home: { ...whole.home, offsetBytes }, bytes: bytesOf(from.shape, from.dtype) };
    });
    return { unit, step, entry, bindings };
  });
}

function touchOf({ bindings }: Resolved): Touch {
  const blocksOf = (access: Binding['access']): Block[] =>
    bindings.flatMap(({ access: own, home }) => (own === access && home.kind === 'scratch' ? [home.block] : []));
  return { reads: blocksOf('read'), writes: blocksOf('read_write') };
}

function finish({ unit, step, entry, bindings }: Resolved, placement: Placement, profile: Profile): PlannedDispatch {
  const planned = bindings.map(({ home, bytes, number, name, access }) => ({
    number,
    name,
    access,
    ...rangeOf(home, bytes, placement),
  }));
  const written = new Set(planned.flatMap(({ access, buffer }) => (access === 'read_write' ? [buffer] : [])));
  const clash = planned.find(({ access, buffer }) => access === 'read' && written.has(buffer));
  if (clash !== undefined) {
    throw new EngineError('graph', {
      place: entry,
      given: `buffer ${clash.buffer} bound both to read and to write`,
      wanted: 'states that one dispatch reads and writes in arenas of their own',
    });
  }
  const final =
    planned.length <= mostBindings(profile) ? { code: step.code, bindings: planned } : fold(step.code, planned);
  return {
    entry,
    variant: unit.variant,
    covers: unit.label,
    ...final,
    groups: step.groups,
    flops: step.flops,
    bytes: touchedBytes(bindings),
  };
}

/** Bytes are a set's pixels and labels, of which a dispatch takes as many as it makes elements. */
function touchedBytes(bindings: Resolved['bindings']): number {
  const written = bindings.filter(({ access }) => access === 'read_write');
  const made = Math.max(0, ...written.map(({ shape }) => sizeOf(shape)));
  const touched = bindings.map(({ dtype, bytes }) => (dtype === 'u8' ? Math.min(bytes, made) : bytes));
  return touched.reduce((sum, bytes) => sum + bytes, 0);
}

function rangeOf(home: Home, bytes: number, placement: Placement): Range {
  if (home.kind === 'state') {
    const { arena, offset } = home.state.place ?? { arena: home.state.name, offset: 0 };
    return { buffer: arena, offsetBytes: offset * 4, bytes };
  }
  const address = placement.addresses.get(home.block) ?? { buffer: 'scratch0', offsetBytes: 0 };
  return { buffer: address.buffer, offsetBytes: address.offsetBytes + home.offsetBytes, bytes };
}

const statesOf = (graph: Graph): readonly PlannedState[] =>
  graph.states.map(({ name, shape, dtype, place: at }) => ({
    name,
    arena: at?.arena ?? name,
    offsetBytes: (at?.offset ?? 0) * 4,
    bytes: bytesOf(shape, dtype),
    shape,
    dtype,
  }));

function arenasOf(graph: Graph): ReadonlyMap<string, number> {
  const arenas = new Map<string, number>();
  for (const { arena, offsetBytes, bytes } of statesOf(graph)) {
    const end = Math.ceil((offsetBytes + bytes) / (ARENA_ALIGNMENT * 4)) * ARENA_ALIGNMENT * 4;
    arenas.set(arena, Math.max(arenas.get(arena) ?? 0, end));
  }
  return arenas;
}

function mustFit(plan: Plan, { limits }: Profile): void {
  const most = Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize);
  for (const [name, bytes] of [...plan.arenas, ...plan.scratch.map((buffer) => [buffer.name, buffer.bytes] as const)]) {
    if (bytes <= most) continue;
    throw new EngineError('limit', {
      place: `plan ${plan.name}`,
      given: `${name} of ${bytes} bytes`,
      wanted: `at most ${most}`,
      wayOut: 'Use a smaller batch or fewer images.',
    });
  }
  for (const { entry, groups } of plan.dispatches) {
    if (groups.every((count) => count >= 1 && count <= limits.maxComputeWorkgroupsPerDimension)) continue;
    throw new EngineError('limit', {
      place: entry,
      given: `${groups.join(' × ')} workgroups`,
      wanted: `1 to ${limits.maxComputeWorkgroupsPerDimension} along each axis`,
    });
  }
}
