import { gemmBytes, lanesOf, type GemmTile } from '../../shaders/lib/gemmTile.js';
import { columnsOf, hasEpilogue, type MatmulParams } from '../../shaders/matmul.wgsl.js';
import { matmulGemm, matmulGemmGroups, type MatmulGemmTile } from '../../shaders/matmulGemm.wgsl.js';
import type { Tensor } from '../graph/graph.js';
import { ENOUGH_WORKGROUPS, gemmTileOf, LARGEST, sharedVariant, TILES, workgroupsOf } from './gemmTile.js';
import type { Step, Variant } from './kernel.js';
import { slicesOf } from './matmulTile.js';
import { planesOf } from './sum.js';

// Large products on GPUs.

/** The smallest tile of 4 × 4 elements an invocation that is square: products that it cannot spread over a GPU are small. */
const SMALLEST: GemmTile = { lanes: [8, 8], each: [4, 4] };
/** Planes that a sum may be put together from, and the terms of each that outweigh its stores. */
const MOST_SLICES = 64;
const FEWEST_TERMS = 256;

/**
 * The tile of a large product.
 * @returns undefined where even its smallest tiles leave cores without work: `sharedTile` cuts small products finer
 */
export function largeTile(p: MatmulParams): MatmulGemmTile | undefined {
  const fewest = workgroupsOf({ rows: p.M, columns: p.N, groups: 1, slices: 1 }, SMALLEST);
  // Planes are written and read once more, so sums are cut only where tiles alone leave cores without work.
  const isCut = fewest < ENOUGH_WORKGROUPS && !hasEpilogue(p);
  const slicesUpTo = (most: number): number => (isCut ? slicesOf(p.K, most, FEWEST_TERMS) : 1);
  const work = { rows: p.M, columns: columnsOf(p), groups: 1, slices: slicesUpTo(MOST_SLICES) };
  if (fewest * work.slices < ENOUGH_WORKGROUPS) return undefined;
  const tile = gemmTileOf(work, [LARGEST, ...TILES]);
  if (tile === undefined) return undefined;
  // A tile of many sums has few registers left for what it stages.
  const depth = Math.min(tile === LARGEST || lanesOf(tile) < lanesOf(SMALLEST) ? 8 : 16, p.K);
  const slices = slicesUpTo(Math.min(MOST_SLICES, Math.ceil(ENOUGH_WORKGROUPS / workgroupsOf(work, tile))));
  return { ...tile, depth, slices };
}

type Bind = Readonly<Record<string, Tensor>> &
  Readonly<Record<'a' | 'b' | 'y', Tensor>> & { readonly sums?: Tensor | undefined };

/** One dispatch; or slices of the sums, and then their sum. */
export function slicedSteps(
  { M, N, K }: MatmulParams,
  bind: Bind,
  code: string,
  groups: Step['groups'],
  slices: number,
): readonly Step[] {
  const { y: result, sums: rows, ...operands } = bind;
  const y = planesOf('matmul', result, slices);
  const sums = rows && planesOf('matmul.sums', rows, slices);
  const flops = 2 * M * N * K + (sums ? M * K : 0);
  const product = { code, bind: { ...operands, y: y.to, ...(sums && { sums: sums.to }) }, groups, flops };
  return [product, ...y.steps, ...(sums?.steps ?? [])];
}

/** A large product; the tile is given, so that tests can give one that needs little workgroup memory. */
export const gemmVariant = (p: MatmulParams, bind: Bind, tile: MatmulGemmTile): Variant =>
  sharedVariant('gemm', gemmBytes(tile, tile.depth), lanesOf(tile), () =>
    slicedSteps(p, bind, matmulGemm(p, tile), matmulGemmGroups(p, tile), tile.slices),
  );
