import { overlap, type Graph, type Node, type Tensor } from '../graph/graph.js';
import { copyStep } from '../kernels/copy.js';
import { temporary, type Match, type Slot, type Step } from '../kernels/kernel.js';
import { aliasRoot, type PackCopy, type Storage } from './storage.js';

/** Steps that stay together: a run's kernel, or a copy that the compiler adds. */
export interface Unit {
  readonly label: string;
  readonly variant: string;
  /** The run's key and variant, as a refusal names them; absent for a copy, and for what several runs became. */
  readonly key?: string;
  readonly steps: readonly Step[];
  /** What is read from before the unit, by identity. */
  readonly reads: readonly Slot[];
  readonly writes: readonly Slot[];
  /** Where a packed operand is copied to; absent for everything else. */
  readonly pack?: PackCopy;
  /** The state that a final copy overwrites. */
  readonly assigns?: Tensor;
  /** The in-place output that this copy gives its input's values. */
  readonly prepares?: Tensor;
}

/** An order, or the in-place outputs that make one impossible. */
export type Ordering = { readonly units: readonly Unit[] } | { readonly demote: readonly Tensor[] };

/** A copy of one tensor's words into another's memory. */
const copyUnit = (label: string, from: Slot, to: Slot, rest: Partial<Unit>): Unit => ({
  label,
  variant: 'plain',
  steps: [copyStep(from, to)],
  reads: [from],
  writes: [],
  ...rest,
});

/** The copies that storage asks for: in-place inputs beforehand, packed operands, states at the end. */
export function copiesOf(graph: Graph, storage: Storage): readonly Unit[] {
  const inState = (value: Tensor, state: Tensor): boolean => {
    const home = storage.homeOf(value);
    return value !== state && home.kind === 'state' && home.state === state;
  };
  return [
    ...[...storage.preloads].map(([output, input]) =>
      copyUnit(`copy ${input.name}`, input, output, { prepares: output, writes: [output] }),
    ),
    ...storage.packCopies.map((pack) => copyUnit(`copy ${pack.from.name}`, pack.from, pack.pack, { pack })),
    ...graph.assignments
      .filter(({ state, value }) => aliasRoot(value) !== state && !inState(value, state))
      .flatMap(({ state, value }) => assignment(graph, storage, state, value)),
  ];
}

/**
 * The copy that gives a state its value. A value that is itself a state is set aside first if the step overwrites it
 * too, so that states can change places, and if both lie in one arena, which no dispatch may both read and write.
 */
function assignment(graph: Graph, storage: Storage, state: Tensor, value: Tensor): readonly Unit[] {
  const direct = (from: Slot): Unit => copyUnit(`assign ${state.name}`, from, state, { assigns: state });
  const home = storage.homeOf(value);
  const sharesArena = home.kind === 'state' && home.state.place?.arena === state.place?.arena;
  const isOverwritten = graph.assignments.some((other) => overlap(other.state, aliasRoot(value)));
  if (!sharesArena && !isOverwritten) return [direct(value)];
  const aside = temporary(`${value.name} before`, value.shape, value.dtype);
  return [copyUnit(`copy ${value.name}`, value, aside, { writes: [aside] }), direct(aside)];
}

/**
 * Orders units so that every tensor is made before it is read, and a state is overwritten only after its last reader.
 * Among the possible orders: the first unit of the list that is ready, so the order of the graph where it can be kept.
 */
export function order(units: readonly Unit[], storage: Storage): Ordering {
  const before = dependencies(units, storage);
  const done = new Set<Unit>();
  const ordered: Unit[] = [];
  while (ordered.length < units.length) {
    const next = units.find(
      (unit) => !done.has(unit) && [...(before.get(unit) ?? [])].every((other) => done.has(other)),
    );
    if (next === undefined) {
      const stuck = units.filter((unit) => !done.has(unit)).flatMap((unit) => inPlaceOutputs(unit, storage));
      return { demote: stuck.slice(0, 1) };
    }
    done.add(next);
    ordered.push(next);
  }
  return { units: ordered };
}

function dependencies(units: readonly Unit[], storage: Storage): ReadonlyMap<Unit, ReadonlySet<Unit>> {
  const makers = new Map<Slot, Unit[]>();
  for (const unit of units) {
    for (const tensor of unit.writes) makers.set(tensor, [...(makers.get(tensor) ?? []), unit]);
    if (unit.pack !== undefined) makers.set(unit.pack.pack, [...(makers.get(unit.pack.pack) ?? []), unit]);
  }
  const before = new Map<Unit, Set<Unit>>(units.map((unit) => [unit, new Set<Unit>()]));
  for (const unit of units) {
    for (const tensor of unit.reads) {
      for (const source of madeFrom(tensor)) {
        makers.get(source)?.forEach((maker) => maker !== unit && before.get(unit)?.add(maker));
      }
    }
    if (unit.prepares !== undefined) {
      makers.get(unit.prepares)?.forEach((kernel) => kernel !== unit && before.get(kernel)?.add(unit));
    }
    for (const state of overwritten(unit, storage)) {
      for (const reader of units) {
        if (reader !== unit && reader.reads.some((tensor) => readsState(tensor, state))) before.get(unit)?.add(reader);
      }
    }
  }
  return before;
}

/** A tensor, and for an alias or a pack everything that its memory shows. */
function madeFrom(slot: Slot): readonly Slot[] {
  if ('temporary' in slot || slot.node === undefined || slot.node.behaviour.form === 'compute') return [slot];
  return [slot, ...slot.node.inputs.flatMap(madeFrom)];
}

const readsState = (slot: Slot, state: Tensor): boolean =>
  madeFrom(slot).some((source) => !('temporary' in source) && overlap(source, state));

/** States that a unit overwrites. */
function overwritten(unit: Unit, storage: Storage): readonly Tensor[] {
  const inPlace = inPlaceOutputs(unit, storage).map((output) => storage.homeOf(output));
  const states = inPlace.flatMap((home) => (home.kind === 'state' ? [home.state] : []));
  return unit.assigns === undefined ? states : [...states, unit.assigns];
}

const inPlaceOutputs = (unit: Unit, storage: Storage): readonly Tensor[] =>
  unit.writes.filter(
    (output): output is Tensor =>
      !('temporary' in output) && output.node !== undefined && storage.homeOf(output).kind === 'state',
  );

/** The nodes that a run computes, those of its loads first. */
export const nodesOf = ({ nodes, again = [] }: Pick<Match, 'nodes' | 'again'>): readonly Node[] => [...again, ...nodes];

/** What a run reads from outside itself, and what it makes. */
export function readsAndWrites(run: Pick<Match, 'nodes' | 'again'>): {
  readonly reads: readonly Tensor[];
  readonly writes: readonly Tensor[];
} {
  const inside = new Set(nodesOf(run).flatMap((node) => node.outputs));
  const reads = nodesOf(run)
    .flatMap((node) => node.inputs)
    .filter((input) => !inside.has(input));
  return { reads: [...new Set(reads)], writes: run.nodes.flatMap((node) => node.outputs) };
}
