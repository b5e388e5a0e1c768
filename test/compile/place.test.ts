import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { place, type Placement, type Touch } from '../../src/compile/place.js';
import type { Block } from '../../src/compile/storage.js';

interface Life {
  readonly bytes: number;
  readonly alone: boolean;
  readonly first: number;
  readonly length: number;
}

/** Dispatches of blocks that are written once and read until their end. */
function touchesOf(lives: readonly Life[], dispatches: number): { blocks: Block[]; touches: Touch[] } {
  const blocks = lives.map(({ bytes, alone }, i): Block => ({ name: `b${i}`, bytes, alone }));
  const touches = Array.from({ length: dispatches }, (_, at): Touch => {
    const having = (claim: (life: Life) => boolean) => blocks.filter((_block, i) => claim(lives[i]!));
    return {
      writes: having(({ first }) => first === at),
      reads: having(({ first, length }) => first < at && at <= first + length),
    };
  });
  return {
    blocks: blocks.filter((block) => touches.some(({ reads, writes }) => [...reads, ...writes].includes(block))),
    touches,
  };
}

const lives = fc.array(
  fc.record({
    bytes: fc.integer({ min: 4, max: 3000 }),
    alone: fc.boolean(),
    first: fc.nat(11),
    length: fc.nat(5),
  }),
  { minLength: 1, maxLength: 14 },
);

const rangeOf = ({ addresses }: Placement, block: Block) => {
  const { buffer, offsetBytes } = addresses.get(block)!;
  return { buffer, from: offsetBytes, to: offsetBytes + block.bytes };
};

const overlap = (placement: Placement, a: Block, b: Block): boolean => {
  const [one, other] = [rangeOf(placement, a), rangeOf(placement, b)];
  return one.buffer === other.buffer && one.from < other.to && other.from < one.to;
};

/** The dispatches at which a block's words must be its own: all of them for one that stands alone. */
function aliveAt(block: Block, touches: readonly Touch[]): readonly [number, number] {
  const at = touches.flatMap(({ reads, writes }, i) => ([...reads, ...writes].includes(block) ? [i] : []));
  return block.alone ? [0, touches.length] : [Math.min(...at), Math.max(...at)];
}

describe('placement, for random lifetimes', () => {
  const property = (law: (blocks: Block[], touches: Touch[], placement: Placement) => void, guardBytes = 0) =>
    fc.assert(
      fc.property(lives, (all) => {
        const { blocks, touches } = touchesOf(all, 12);
        law(blocks, touches, place(touches, guardBytes));
      }),
      { numRuns: 300, seed: 1 },
    );

  it('gives every block that is touched an address inside a buffer, where a binding may begin', () => {
    property((blocks, _, placement) => {
      expect(new Set(placement.addresses.keys())).toEqual(new Set(blocks));
      for (const block of blocks) {
        const { buffer, from, to } = rangeOf(placement, block);
        expect(from % 256).toBe(0);
        expect(to).toBeLessThanOrEqual(placement.buffers.find(({ name }) => name === buffer)?.bytes ?? 0);
      }
    });
  });

  it('lets no two blocks overlap that live at one dispatch, nor anything overlap a block that stands alone', () => {
    property((blocks, touches, placement) => {
      for (const [i, a] of blocks.entries()) {
        for (const b of blocks.slice(i + 1)) {
          const [[firstA, lastA], [firstB, lastB]] = [aliveAt(a, touches), aliveAt(b, touches)];
          if (firstA <= lastB && firstB <= lastA) expect(overlap(placement, a, b)).toBe(false);
        }
      }
    });
  });

  it('lets no dispatch read and write one buffer', () => {
    property((_, touches, placement) => {
      for (const { reads, writes } of touches) {
        const written = writes.map((block) => rangeOf(placement, block).buffer);
        for (const block of reads) expect(written).not.toContain(rangeOf(placement, block).buffer);
      }
    });
  });

  it('leaves free bytes after every block if asked to', () => {
    property((blocks, touches, placement) => {
      const wider = new Map(blocks.map((block) => [block, { ...block, bytes: block.bytes + 256 }]));
      const addresses = new Map([...placement.addresses].map(([block, address]) => [wider.get(block)!, address]));
      for (const [i, a] of blocks.entries()) {
        for (const b of blocks.slice(i + 1)) {
          const [[firstA, lastA], [firstB, lastB]] = [aliveAt(a, touches), aliveAt(b, touches)];
          if (firstA > lastB || firstB > lastA) continue;
          expect(overlap({ ...placement, addresses }, wider.get(a)!, wider.get(b)!)).toBe(false);
        }
      }
    }, 256);
  });
});

describe('placement reuses memory', () => {
  const block = (name: string, bytes: number, alone = false): Block => ({ name, bytes, alone });

  it('a chain of equal blocks needs two of them, in two buffers', () => {
    const chain = Array.from({ length: 10 }, (_, i) => block(`b${i}`, 1024));
    const touches = chain.map((written, i): Touch => ({ writes: [written], reads: i === 0 ? [] : [chain[i - 1]!] }));
    const { buffers } = place(touches);
    expect(buffers.map(({ bytes }) => bytes)).toEqual([1024, 1024]);
  });

  it('a small block lies where a large one was', () => {
    const [large, small, end] = [block('large', 4096), block('small', 512), block('end', 512)];
    const touches = [
      { writes: [large], reads: [] },
      { writes: [end], reads: [large] },
      { writes: [small], reads: [end] },
    ];
    const { addresses, buffers } = place(touches);
    expect(addresses.get(small)).toEqual(addresses.get(large));
    expect(buffers.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(4096 + 512);
  });

  it('but never that of a block which stands alone', () => {
    const [kept, later] = [block('kept', 1024, true), block('later', 1024)];
    const { addresses, buffers } = place([
      { writes: [kept], reads: [] },
      { writes: [later], reads: [] },
    ]);
    expect(addresses.get(later)).not.toEqual(addresses.get(kept));
    expect(buffers.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(2048);
  });

  it('nothing takes nothing', () => {
    expect(place([])).toEqual({ addresses: new Map(), buffers: [] });
  });
});
