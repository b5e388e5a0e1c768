import { hasEpilogue, tilesAlong, type MatmulParams, type MatmulTile } from '../../shaders/matmul.wgsl.js';
import { quadsAlong, type QuadTile } from '../../shaders/matmulQuad.wgsl.js';
import { sharedGroups, type SharedTile } from '../../shaders/matmulShared.wgsl.js';

// Which tile a product gets: large tiles reuse what they load, small ones and slices of the sums keep every core busy.

/** The largest divisor of K up to `most` that leaves at least `terms` to each part. */
export function slicesOf(K: number, most: number, terms: number): number {
  for (let slices = Math.min(Math.floor(most), Math.floor(K / terms)); slices > 1; slices--) {
    if (K % slices === 0) return slices;
  }
  return 1;
}

/** Invocations that keep the cores of a software adapter busy; below these, smaller tiles or slices are better. */
const ENOUGH_INVOCATIONS = 128;

/** A tile of named registers, for any adapter. */
export function registerTile(p: MatmulParams): MatmulTile {
  const sizes = [
    [8, 8],
    [4, 8],
    [4, 4],
    [2, 4],
    [1, 4],
  ] as const;
  const count = ([rows, columns]: readonly [number, number]): number => {
    const tiles = tilesAlong(p, { rows, columns });
    return tiles.rows * tiles.columns;
  };
  const [rows, columns] = sizes.find((size) => count(size) >= ENOUGH_INVOCATIONS) ?? [1, 4];
  const invocations = count([rows, columns]);
  const slices = hasEpilogue(p) ? 1 : slicesOf(p.K, ENOUGH_INVOCATIONS / invocations, 64);
  return { rows, columns, lanes: invocations >= 2048 ? 32 : invocations >= 512 ? 16 : 4, slices };
}

// Cycles of SwiftShader for four invocations at once, measured: a multiply-add, a load, a swap between neighbours; a
// variable that a loop carries is paid once a chunk of four terms, and a store once. Compiling takes 4 ms for each sum in
// registers, spread here over 500 steps: twice the sums are a few percent faster, but twice as late.
const CYCLES = { product: 2.5, load: 27, swap: 1, carried: 2.5, store: 45, compile: 22_000 } as const;
/** Sums in the registers of one invocation, so that no product takes over half a second to compile. */
const MOST_SUMS = 96;
/** Pieces of equal size that a software adapter deals its cores. */
const DEALT = 4;

/** The quad's tile that should take the fewest cycles. */
export function quadTile(p: MatmulParams): QuadTile {
  let best: QuadTile = { rows: 1, columns: 4, slices: 1 };
  let fewest = Infinity;
  for (const rows of [1, 2, 3, 4, 6, 8]) {
    for (let columns = 4; columns <= 32 && rows * columns <= MOST_SUMS; columns += 4) {
      const quads = quadsAlong(p, { rows, columns, slices: 1 });
      const count = quads.rows * quads.columns;
      const slices = hasEpilogue(p) ? 1 : slicesOf(p.K, 8 / count, 128);
      const sums = rows * columns;
      const term =
        sums * (CYCLES.product + CYCLES.carried) + (rows + columns / 4) * CYCLES.load + (3 * columns * CYCLES.swap) / 4;
      const quad = (p.K / slices) * term + sums * CYCLES.store;
      const cycles = Math.ceil((count * slices) / DEALT) * quad + (sums * CYCLES.compile) / DEALT;
      if (cycles < fewest) [best, fewest] = [{ rows, columns, slices }, cycles];
    }
  }
  return best;
}

/** Workgroups that a GPU should have at least, so that most of its cores have work. */
const ENOUGH_WORKGROUPS = 128;

/** The tile of workgroup memory: as many rows as leave enough workgroups, then slices; fewer barriers where sums are long. */
export function sharedTile(p: MatmulParams): SharedTile {
  const count = (rows: number): number => {
    const [x, y] = sharedGroups(p, { rows, depth: 8, slices: 1 });
    return x * y;
  };
  const rows = [4, 2, 1].find((candidate) => count(candidate) >= ENOUGH_WORKGROUPS) ?? 1;
  const slices = hasEpilogue(p) ? 1 : slicesOf(p.K, ENOUGH_WORKGROUPS / count(rows), 64);
  return { rows, depth: p.K / slices >= 32 ? 16 : 8, slices };
}
