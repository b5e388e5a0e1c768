import {
  convHeld,
  heldBlocks,
  heldPatch,
  heldPlaces,
  type HeldConv,
  type HeldTile,
} from '../../shaders/convHeld.wgsl.js';
import type { Tensor } from '../graph/graph.js';
import { bestOf, costOf, CYCLES } from './cost.js';
import type { Cost, Variant } from './kernel.js';
import { evenly, lanesFor, quadVariant, tileGroups } from './tiling.js';

/** Past these a text is too long for anybody: pixels held, sums carried, products in the text of an iteration. */
const MOST_PIXELS = 340;
const MOST_SUMS = 336;
const MOST_PRODUCTS = 6000;

/** What decides how a convolution is cut, besides its sizes. */
export interface HeldCut {
  /** Columns of sums come in multiples of this. */
  readonly unit: number;
  /** Rows of sums that an invocation may have. */
  readonly rows: readonly number[];
  /** Whether a row of results must be whole. */
  readonly wholeRows: boolean;
}

/** The ways to compute a convolution from named scalars; none where its text would be too long. */
export function heldVariants(
  conv: HeldConv,
  cut: HeldCut,
  bind: Readonly<Record<string, Tensor>>,
  flops: number,
): readonly Variant[] {
  const variant = (tile: HeldTile): Variant => {
    const { rows, columns, filters, walksFilters, quads } = tile;
    const groups = tileGroups(heldPlaces(conv, tile), tile.lanes, heldBlocks(conv, tile));
    const steps = () => [{ code: convHeld(conv, tile), bind, groups, flops }];
    const size = `${walksFilters ? 'held' : 'sums'} ${rows}×${columns}×${filters}`;
    const cost = heldCost(conv, tile);
    return quads ? quadVariant(steps, { name: `quad ${size}`, cost }) : { name: size, dialect: 'cpu', steps, cost };
  };
  const tiles = heldTiles(conv, cut);
  // Without subgroups the others stand.
  const alone = tiles.filter(({ quads }) => !quads);
  const best = bestOf(tiles, (tile) => heldCost(conv, tile));
  const least = bestOf(alone, (tile) => heldCost(conv, tile)).slice(-1);
  return [...new Set([...best.toReversed(), ...least])].map(variant);
}

/** Every tile worth a thought. */
export function heldTiles(conv: HeldConv, { unit, rows, wholeRows }: HeldCut): readonly HeldTile[] {
  const { C, K, results, load } = conv;
  const widest = Math.ceil(results[1] / unit);
  const widths = wholeRows
    ? [widest]
    : [...new Set([1, 2, 3, 4].map((parts) => evenly(widest, Math.ceil(widest / parts))))];
  const sizes = rows.flatMap((down) => widths.map((width) => [down, width * unit] as const));
  return sizes.flatMap(([down, columns]) => {
    const pixels = C * pixelsOf(conv, down, columns);
    const products = productsOf(conv, down, columns);
    return WAYS.flatMap(({ filters, quads, walksFilters }) => {
      if (quads ? Math.ceil(K / 4) * 4 < filters : filters > K) return [];
      // Beside pixels that are scattered, the swaps of a quad take longer than what they save: 306 ms instead of 262.
      if (quads && !walksFilters && load.scatters) return [];
      if (walksFilters ? pixels > MOST_PIXELS : down * columns * filters > MOST_SUMS) return [];
      if (products * filters * (walksFilters ? C : 1) > MOST_PRODUCTS) return [];
      const draft = { rows: down, columns, filters, walksFilters, quads, lanes: 4 };
      return [{ ...draft, lanes: lanesFor(heldPlaces(conv, draft) * heldBlocks(conv, draft)) }];
    });
  });
}

/** How many filters at once, shared by four or not: all of them walked, or the channels. */
const WAYS: readonly Pick<HeldTile, 'filters' | 'quads' | 'walksFilters'>[] = [
  { filters: 1, quads: false, walksFilters: true },
  { filters: 4, quads: true, walksFilters: true },
  ...[1, 2, 3, 4, 6, 8, 12, 16].map((filters) => ({ filters, quads: false, walksFilters: false })),
  ...[4, 8, 12, 16].map((filters) => ({ filters, quads: true, walksFilters: false })),
];

/** Products of one filter and one channel with so many sums: those with what lies outside for all are left out. */
function productsOf(conv: HeldConv, rows: number, columns: number): number {
  const { taps, stride, dilation } = conv;
  const patch = heldPatch(conv, { rows, columns });
  const along = (axis: 0 | 1, count: number, misses: (at: number) => boolean): number => {
    let seen = 0;
    for (let i = 0; i < count; i++) {
      for (let tap = 0; tap < taps[axis]; tap++) if (!misses(i * stride[axis] + tap * dilation[axis])) seen++;
    }
    return seen;
  };
  return along(0, rows, patch.rowMisses) * along(1, columns, patch.columnMisses);
}

/** Pixels of one channel that are read for so many sums. */
function pixelsOf(conv: HeldConv, rows: number, columns: number): number {
  const patch = heldPatch(conv, { rows, columns });
  const down = patch.rows.filter((row) => !patch.rowMisses(row));
  const across = patch.columns.filter((column) => !patch.columnMisses(column));
  return down.length * across.length;
}

/** What a tile costs. */
function heldCost(conv: HeldConv, tile: HeldTile): Cost {
  const { C, K, taps, load, store } = conv;
  const { rows, columns, filters, walksFilters, quads } = tile;
  const pixels = pixelsOf(conv, rows, columns);
  const loads = pixels * load.perPixel;
  const sums = rows * columns;
  const products = productsOf(conv, rows, columns) * CYCLES.product;
  const window = taps[0] * taps[1];
  const weight = quads ? CYCLES.load / 4 + CYCLES.swap : CYCLES.uniform;
  const finish = sums * (store.storesPerSum * CYCLES.store + store.loadsPerSum * CYCLES.load);
  const stores = filters * sums * (store.storesPerSum + store.loadsPerSum);
  const walked = Math.ceil(K / filters) * filters;
  const accesses = (filters * window) / (quads ? 4 : 1);
  const groups = heldPlaces(conv, tile) / 4;
  if (walksFilters) {
    const cycles = C * loads * CYCLES.load + walked * (C * (window * weight + products * 1.15) + finish);
    const held = C * pixels;
    return costOf(groups * cycles, [[C * loads + C * accesses + stores, held]]);
  }
  const blocks = Math.ceil(K / filters);
  const each = loads * CYCLES.load + filters * (window * weight + products + sums * CYCLES.carried);
  const cycles = blocks * (C * each + filters * finish);
  return costOf(groups * cycles, [
    [loads + accesses, filters * sums + pixels],
    [stores, (filters * sums) / 2],
  ]);
}
