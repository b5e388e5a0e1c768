import type { Graph } from '../graph/graph.js';
import type { Step } from '../kernels/kernel.js';
import { canNarrow, narrowed } from './narrow.js';
import type { Block, Home, Storage } from './storage.js';

/** A dispatch whose bindings know their homes. */
interface Placed {
  readonly step: Step;
  readonly bindings: readonly { readonly name: string; readonly home: Home; readonly bytes: number }[];
}

/** Blocks that are stored in f16, each with the block of half its bytes that takes its place. */
export type Halves = ReadonlyMap<Block, Block>;

const halfOf = (bytes: number): number => Math.ceil(bytes / 8) * 4;

/**
 * Chooses what a plan in mixed precision stores in f16: results within the step of ops that allow it, where every kernel
 * that touches them reads and writes them element by element. What lies in a pack, which updates read, stays f32.
 */
export function halvesOf(graph: Graph, storage: Storage, dispatches: readonly Placed[]): Halves {
  const blockOf = (home: Home): readonly Block[] => (home.kind === 'scratch' ? [home.block] : []);
  const packs = new Set(
    graph.nodes
      .filter(({ behaviour }) => behaviour.form === 'pack')
      .flatMap(({ outputs }) => outputs.flatMap((output) => blockOf(storage.homeOf(output)))),
  );
  const blocks = new Set(
    graph.nodes
      .filter(({ behaviour }) => behaviour.half)
      .flatMap(({ outputs }) => outputs.filter(({ dtype }) => dtype === 'f32'))
      .flatMap((output) => blockOf(storage.homeOf(output)))
      .filter((block) => !packs.has(block)),
  );
  for (const { step, bindings } of dispatches) {
    for (const { name, home } of bindings) {
      if (home.kind === 'scratch' && blocks.has(home.block) && !canNarrow(step.code, name)) blocks.delete(home.block);
    }
  }
  return new Map([...blocks].map((block) => [block, { ...block, bytes: halfOf(block.bytes) }]));
}

/** Where something is, once these blocks are in f16. */
export function halved(home: Home, halves: Halves): Home {
  const block = home.kind === 'scratch' ? halves.get(home.block) : undefined;
  return block === undefined || home.kind === 'state' ? home : { ...home, block };
}

/** A dispatch in mixed precision: its bindings of these blocks, and what it stages of operands, are in f16. */
export function inHalf<D extends Placed>(dispatch: D, halves: Halves): D {
  const isHalf = ({ home }: D['bindings'][number]): boolean => home.kind === 'scratch' && halves.has(home.block);
  const names = new Set(dispatch.bindings.filter(isHalf).map(({ name }) => name));
  const code = narrowed(dispatch.step.code, names) ?? dispatch.step.code;
  const bindings = dispatch.bindings.map((binding) =>
    isHalf(binding) ? { ...binding, home: halved(binding.home, halves), bytes: halfOf(binding.bytes) } : binding,
  );
  return { ...dispatch, step: { ...dispatch.step, code }, bindings };
}
