import { batchOf, hasEpilogue, tilesAlong, type MatmulParams, type MatmulTile } from '../../shaders/matmul.wgsl.js';
import { quadsAlong, type QuadTile } from '../../shaders/matmulQuad.wgsl.js';
import { bestOf, costOf, CYCLES } from './cost.js';
import type { Cost } from './kernel.js';
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

/** The same for products in a batch, whose sums are never cut. */
export function batchedTile(p: MatmulParams): MatmulTile {
  const { count } = batchOf(p);
  const sizes = [
    [8, 8],
    [4, 8],
    [4, 4],
    [2, 4],
  ] as const;
  const fitting = sizes.filter(([rows, columns]) => {
    const tiles = tilesAlong(p, { rows, columns });
    // Past the edge of a small matrix a large tile computes more than it stores.
    const isFull = tiles.rows * rows * tiles.columns * columns <= 1.5 * p.M * p.N;
    return isFull && count * tiles.rows * tiles.columns >= ENOUGH_INVOCATIONS;
  });
  const [rows, columns] = fitting[0] ?? [1, 4];
  const tiles = tilesAlong(p, { rows, columns });
  return { rows, columns, lanes: tiles.rows * tiles.columns >= 16 ? 16 : 4, slices: 1 };
}

/** Sums in the registers of one invocation: past these a text takes seconds to compile. */
const MOST_SUMS = 320;
/** Pieces of equal size that a software adapter deals its cores. */
const DEALT = 2;

/** The quad's tiles that should take the least time: the last for the longest run. */
export function quadTiles(p: MatmulParams): readonly QuadTile[] {
  const tiles: QuadTile[] = [];
  for (const rows of [1, 2, 3, 4, 6, 8]) {
    for (let columns = 4; columns <= 40 && rows * columns <= MOST_SUMS; columns += 4) {
      for (const chunk of [4, 8]) {
        const { rows: down, columns: across } = quadsAlong(p, { rows, columns, slices: 1, chunk });
        const isCut = !hasEpilogue(p) && p.rowSums !== true;
        const slices = isCut ? slicesOf(p.K, 8 / (down * across), 128) : 1;
        tiles.push({ rows, columns, slices, chunk });
      }
    }
  }
  return bestOf(tiles, (tile) => quadCost(p, tile));
}

/** What a tile of a quad costs. */
export function quadCost(p: MatmulParams, tile: QuadTile): Cost {
  const { rows, columns, slices, chunk } = tile;
  const along = quadsAlong(p, tile);
  const sums = rows * columns;
  const term =
    sums * (CYCLES.product + CYCLES.carried / chunk) +
    (rows + columns / 4) * CYCLES.load +
    ((3 * columns) / 4) * CYCLES.swap;
  const quad = (p.K / slices) * term + sums * (CYCLES.store + (p.gate === true ? CYCLES.load : 0)) + CYCLES.workgroup;
  const dealt = Math.ceil((along.rows * along.columns * slices) / DEALT) * DEALT;
  const loads = chunk * (rows + columns / 4);
  return costOf(dealt * quad, [
    [loads, sums + loads / 2],
    [sums, sums / 2],
  ]);
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
