import { bytesOf } from '../core/shape.js';
import type { Graph, Tensor } from '../graph/graph.js';
import type { Slot } from '../kernels/kernel.js';

/** A piece of a state's arena, or of a block of scratch memory that placement puts somewhere. */
export type Home =
  | { readonly kind: 'state'; readonly state: Tensor }
  | { readonly kind: 'scratch'; readonly block: Block; readonly offsetBytes: number };

/** Scratch memory that is placed as one: a tensor, a temporary, or a packed run of tensors. */
export interface Block {
  readonly name: string;
  readonly bytes: number;
  /** Shares its memory with no other block: the words between packed tensors must stay zero. */
  readonly alone: boolean;
}

/** Where every tensor's words are, before blocks have addresses. */
export interface Storage {
  homeOf(slot: Slot): Home;
  /** Inputs of pack nodes that could not be placed inside, and must be copied: [from, to, byte offset in to]. */
  readonly packCopies: readonly PackCopy[];
  /** In-place outputs that do not write a state and must first be given their input's values. */
  readonly preloads: ReadonlyMap<Tensor, Tensor>;
}

export interface PackCopy {
  readonly from: Tensor;
  readonly pack: Tensor;
  readonly offsetBytes: number;
}

/**
 * Decides who shares whose memory: an alias is its operand; a value that its kernel writes in place is the state it is
 * assigned to; the operands of a pack lie inside its result.
 *
 * @param demoted in-place outputs that may not write their state because another node still reads it later
 */
export function storageOf(graph: Graph, kept: ReadonlySet<Tensor>, demoted: ReadonlySet<Tensor>): Storage {
  const homes = new Map<Slot, Home>();
  const preloads = new Map<Tensor, Tensor>();
  const packCopies: PackCopy[] = [];
  // Who keeps an alias keeps the memory that it shows.
  const keptRoots = new Set([...kept].map(aliasRoot));

  const arenaOf = (tensor: Tensor): string | undefined => {
    const root = aliasRoot(tensor);
    const home = homes.get(root);
    return (home?.kind === 'state' ? home.state : root).place?.arena;
  };
  for (const node of graph.nodes) {
    const { inPlace } = node.behaviour;
    const onlyRead = node.inputs.filter((_, position) => !inPlace.some(([, input]) => input === position)).map(arenaOf);
    for (const [output, input] of inPlace) {
      const value = node.outputs[output];
      const source = node.inputs[input];
      if (value === undefined || source === undefined) continue;
      const assignsItsOwn = graph.assignments.some((both) => both.value === value && both.state === source);
      // No dispatch may both read and write one buffer, and an arena is one.
      const isFree = !onlyRead.includes(source.place?.arena) && !demoted.has(value);
      if (assignsItsOwn && isFree) homes.set(value, { kind: 'state', state: source });
      else preloads.set(value, source);
    }
  }

  // The last pack wins an operand; operands that someone else needs elsewhere are copied.
  for (const node of graph.nodes) {
    const [packed] = node.outputs;
    if (node.behaviour.form !== 'pack' || packed === undefined) continue;
    const block: Block = { name: packed.name, bytes: bytesOf(packed.shape, packed.dtype), alone: true };
    homes.set(packed, { kind: 'scratch', block, offsetBytes: 0 });
    const { offsets } = node.attrs as { offsets: readonly number[] };
    node.inputs.forEach((input, position) => {
      const offsetBytes = (offsets[position] ?? 0) * 4;
      const root = aliasRoot(input);
      if (canLieInside(graph, root, keptRoots) && !homes.has(root)) {
        homes.set(root, { kind: 'scratch', block, offsetBytes });
      } else packCopies.push({ from: input, pack: packed, offsetBytes });
    });
  }

  const homeOf = (slot: Slot): Home => {
    const known = homes.get(slot);
    if (known !== undefined) return known;
    const home = newHome(slot);
    homes.set(slot, home);
    return home;
  };
  const newHome = (slot: Slot): Home => {
    if (!('temporary' in slot)) {
      if (slot.place !== undefined) return { kind: 'state', state: slot };
      const root = aliasRoot(slot);
      if (root !== slot) return homeOf(root);
    }
    const alone = !('temporary' in slot) && keptRoots.has(slot);
    return {
      kind: 'scratch',
      block: { name: slot.name, bytes: bytesOf(slot.shape, slot.dtype), alone },
      offsetBytes: 0,
    };
  };
  return { homeOf, packCopies, preloads };
}

/** The tensor whose memory this one shows under another shape. */
export function aliasRoot(tensor: Tensor): Tensor {
  let root = tensor;
  while (root.node?.behaviour.form === 'alias' && root.node.inputs[0] !== undefined) root = root.node.inputs[0];
  return root;
}

/** A packed operand may be written straight into the pack if nobody but packs reads it, and nothing else decides its place. */
function canLieInside(graph: Graph, root: Tensor, keptRoots: ReadonlySet<Tensor>): boolean {
  if (root.place !== undefined || keptRoots.has(root)) return false;
  if (root.node === undefined || root.node.behaviour.form !== 'compute') return false;
  if (root.node.behaviour.inPlace.some(([output]) => output === root.output)) return false;
  if (graph.assignments.some(({ value }) => aliasRoot(value) === root)) return false;
  const packs = graph.nodes.filter((node) => node.behaviour.form === 'pack');
  const reads = graph.nodes.filter(
    (node) => node.behaviour.form === 'compute' && node.inputs.some((operand) => aliasRoot(operand) === root),
  );
  const packed = packs.flatMap((node) => node.inputs).filter((operand) => aliasRoot(operand) === root);
  return reads.length === 0 && packed.length === 1;
}
