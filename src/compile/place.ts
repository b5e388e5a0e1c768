import type { Block } from './storage.js';

/** Which blocks a dispatch reads and which it writes. */
export interface Touch {
  readonly reads: readonly Block[];
  readonly writes: readonly Block[];
}

export interface Address {
  readonly buffer: string;
  readonly offsetBytes: number;
}

export interface Placement {
  readonly addresses: ReadonlyMap<Block, Address>;
  readonly buffers: readonly { readonly name: string; readonly bytes: number }[];
}

/** Storage bindings begin at multiples of this in every adapter (WebGPU, minStorageBufferOffsetAlignment). */
const ALIGNMENT = 256;

interface Placed {
  readonly block: Block;
  readonly first: number;
  readonly last: number;
  readonly color: number;
  readonly offset: number;
}

/**
 * Gives each block a buffer and an offset such that no two blocks alive at one dispatch overlap.
 *
 * A block is alive from the first dispatch that touches it to the last, both inclusive. WebGPU tracks usage per whole
 * buffer, so buffers are coloured: no dispatch reads and writes the same one. Greedy by size: the largest block first,
 * in the buffer that grows least, at the lowest free offset.
 * Source: Pisarchyk & Lee 2020, arXiv 2001.03288, greedy by size for offsets.
 *
 * @param guardBytes left free after every block, for tests that look for writes past the end
 */
export function place(touches: readonly Touch[], guardBytes = 0): Placement {
  const lives = lifetimes(touches);
  const conflicts = readWriteConflicts(touches);
  const placed: Placed[] = [];
  const sizes: number[] = [];
  const spaceOf = (block: Block): number => Math.ceil((block.bytes + guardBytes) / ALIGNMENT) * ALIGNMENT;

  const bySize = [...lives].sort(([a], [b]) => b.bytes - a.bytes);
  for (const [block, [first, last]] of bySize) {
    const rivals = conflicts.get(block);
    const options = [...sizes.keys(), sizes.length]
      .filter((color) => !placed.some((other) => other.color === color && rivals?.has(other.block)))
      .map((color) => {
        const neighbours = placed.filter(
          (other) => other.color === color && other.first <= last && first <= other.last,
        );
        const offset = lowestGap(neighbours, spaceOf(block), spaceOf);
        return { color, offset, growth: Math.max(0, offset + spaceOf(block) - (sizes[color] ?? 0)) };
      });
    const best = options.reduce((a, b) => (b.growth < a.growth ? b : a));
    placed.push({ block, first, last, color: best.color, offset: best.offset });
    sizes[best.color] = Math.max(sizes[best.color] ?? 0, best.offset + spaceOf(block));
  }

  return {
    addresses: new Map(
      placed.map(({ block, color, offset }) => [block, { buffer: `scratch${color}`, offsetBytes: offset }]),
    ),
    buffers: sizes.map((bytes, color) => ({ name: `scratch${color}`, bytes })),
  };
}

function lifetimes(touches: readonly Touch[]): ReadonlyMap<Block, readonly [number, number]> {
  const lives = new Map<Block, [number, number]>();
  touches.forEach(({ reads, writes }, at) => {
    for (const block of [...reads, ...writes]) {
      const life = lives.get(block);
      if (life === undefined) lives.set(block, block.alone ? [0, touches.length] : [at, at]);
      else life[1] = Math.max(life[1], at);
    }
  });
  return lives;
}

/** Pairs that may not share a buffer, because some dispatch reads one and writes the other. */
function readWriteConflicts(touches: readonly Touch[]): ReadonlyMap<Block, ReadonlySet<Block>> {
  const conflicts = new Map<Block, Set<Block>>();
  const add = (a: Block, b: Block): void => {
    const rivals = conflicts.get(a) ?? new Set<Block>();
    rivals.add(b);
    conflicts.set(a, rivals);
  };
  for (const { reads, writes } of touches) {
    for (const read of reads) {
      for (const written of writes) {
        add(read, written);
        add(written, read);
      }
    }
  }
  return conflicts;
}

function lowestGap(neighbours: readonly Placed[], space: number, spaceOf: (block: Block) => number): number {
  let offset = 0;
  for (const other of [...neighbours].sort((a, b) => a.offset - b.offset)) {
    if (offset + space <= other.offset) break;
    offset = Math.max(offset, other.offset + spaceOf(other.block));
  }
  return offset;
}
