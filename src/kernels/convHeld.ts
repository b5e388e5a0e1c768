import { convHeld, heldBlocks, heldPatch, heldPlaces, type HeldConv, type HeldTile } from '../../shaders/convHeld.wgsl.js';
import type { Tensor } from '../graph/graph.js';
import type { Variant } from './kernel.js';
import { evenly, lanesFor, quadVariant, tileGroups } from './tiling.js';

/** Pixels that an invocation holds in named scalars: more take the adapter's compiler seconds. */
const MOST_PIXELS_ = 680;
/** Sums that a loop carries. */
const MOST_SUMS = 96;
/** Products in the text of one iteration: the adapter's compiler takes about 0.1 ms for each. */
const MOST_PRODUCTS = 9000;

/** What decides how a convolution is cut, besides its sizes. */
export interface HeldCut {
  /** Rows and columns of sums must be multiples of these. */
  readonly unit: readonly [number, number];
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
  const steps =
    (tile: HeldTile): Variant['steps'] =>
    () => [
      {
        code: convHeld(conv, tile),
        bind,
        groups: tileGroups(heldPlaces(conv, tile), tile.lanes, heldBlocks(conv, tile)),
        flops,
      },
    ];
  const [shared, alone] = [heldTile(conv, cut, true), heldTile(conv, cut, false)];
  return [
    ...(shared === undefined ? [] : [quadVariant(steps(shared))]),
    ...(alone === undefined ? [] : [{ name: 'held', dialect: 'cpu' as const, steps: steps(alone) }]),
  ];
}

/** The largest tile whose text an adapter compiles in a second or two; undefined where quads gain nothing. */
export function heldTile(conv: HeldConv, { unit, rows, wholeRows }: HeldCut, quads: boolean): HeldTile | undefined {
  const { C, K, results, taps } = conv;
  const widest = Math.ceil(results[1] / unit[1]);
  const pixels = (units: number): number => {
    const patch = heldPatch(conv, { rows, columns: units * unit[1] });
    const [down, across] = [
      patch.rows.filter((row) => !patch.rowMisses(row)),
      patch.columns.filter((column) => !patch.columnMisses(column)),
    ];
    return C * down.length * across.length;
  };
  let most = widest;
  while (most > 1 && pixels(most) > ((globalThis as any).KNOBS?.px ?? MOST_PIXELS_)) most--;
  const even = evenly(widest, most);
  const walksFilters = pixels(even) <= ((globalThis as any).KNOBS?.px ?? MOST_PIXELS_) && even >= Math.min(3, widest);
  // Four by four a load brings the weights of four filters, if there are that many; what is left over would be wasted.
  const isShared = quads && ((globalThis as any).KNOBS?.q6 ? K >= 6 : K % 4 === 0 || K > 12) && !(globalThis as any).KNOBS?.noquad;
  if (quads !== isShared) return undefined;
  const least = quads ? 4 : 1;
  const wanted = walksFilters ? even : evenly(widest, Math.max(1, Math.floor(MOST_SUMS / (8 * rows * unit[1]))));
  const columns = wanted * unit[1];
  if (wholeRows && columns < results[1]) return undefined;
  const most8 = Math.max(least, Math.floor(MOST_SUMS / (rows * columns) / least) * least);
  const filters = walksFilters ? least : Math.min(most8, Math.ceil(K / least) * least);
  const products = filters * (walksFilters ? C : 1) * taps[0] * taps[1] * rows * columns;
  if (products > MOST_PRODUCTS) return undefined;
  const KN = (globalThis as any).KNOBS ?? {};
  const draft = KN.walk ? { rows, columns: KN.cols ?? results[1], filters: KN.filters ?? K, walksFilters: false, depth: KN.depth ?? 1, quads, lanes: 4 } : { rows, columns, filters, walksFilters, depth: 1, quads, lanes: 4 };
  return { ...draft, lanes: (globalThis as any).KNOBS?.lanes ?? lanesFor(heldPlaces(conv, draft) * heldBlocks(conv, draft)) };
}
