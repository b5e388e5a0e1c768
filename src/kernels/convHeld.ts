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
  /** Rows of sums in an invocation. */
  readonly rows: number;
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
  const { C, K, results, taps } = conv;
  const widest = Math.ceil(results[1] / unit);
  const widths = wholeRows
    ? [widest]
    : [...new Set([1, 2, 3, 4].map((parts) => evenly(widest, Math.ceil(widest / parts))))];
  const tiles: HeldTile[] = [];
  for (const columns of widths.map((width) => width * unit)) {
    for (const filters of [1, 2, 3, 4, 6, 8, 12, 16]) {
      for (const quads of [false, true]) {
        for (const walksFilters of [false, true]) {
          const sums = rows * columns * filters;
          const products = sums * taps[0] * taps[1] * (walksFilters ? C : 1);
          if (quads && (filters % 4 !== 0 || Math.ceil(K / 4) * 4 < filters)) continue;
          if (!quads && filters > K) continue;
          if (walksFilters && (filters !== (quads ? 4 : 1) || C * pixelsOf(conv, rows, columns) > MOST_PIXELS))
            continue;
          if ((!walksFilters && sums > MOST_SUMS) || products > MOST_PRODUCTS) continue;
          const draft = { rows, columns, filters, walksFilters, quads, lanes: 4 };
          tiles.push({ ...draft, lanes: lanesFor(heldPlaces(conv, draft) * heldBlocks(conv, draft)) });
        }
      }
    }
  }
  return tiles;
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
  const window = taps[0] * taps[1];
  const weight = quads ? CYCLES.load / 4 + CYCLES.swap : CYCLES.uniform;
  const finish = sums * (store.storesPerSum * CYCLES.store + store.loadsPerSum * CYCLES.load);
  const stores = filters * sums * (store.storesPerSum + store.loadsPerSum);
  const walked = Math.ceil(K / filters) * filters;
  const accesses = (filters * window) / (quads ? 4 : 1);
  const groups = heldPlaces(conv, tile) / 4;
  if (walksFilters) {
    const cycles = C * loads * CYCLES.load + walked * (C * window * (weight + sums * CYCLES.product * 1.15) + finish);
    const held = C * pixels;
    return costOf(groups * cycles, [[C * loads + C * accesses + stores, held]]);
  }
  const blocks = Math.ceil(K / filters);
  const each = loads * CYCLES.load + filters * (window * (weight + sums * CYCLES.product) + sums * CYCLES.carried);
  const cycles = blocks * (C * each + filters * finish);
  return costOf(groups * cycles, [
    [loads + accesses, filters * sums + pixels],
    [stores, filters * sums],
  ]);
}
