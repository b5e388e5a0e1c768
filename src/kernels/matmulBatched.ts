import { gemmBytes, lanesOf } from '../../shaders/lib/gemmTile.js';
import { linearGroups } from '../../shaders/lib/linear.js';
import { batchOf, matmul, matmulTiled, tiledGroups, type MatmulParams } from '../../shaders/matmul.wgsl.js';
import { matmulGemm, matmulGemmGroups, type MatmulGemmTile } from '../../shaders/matmulGemm.wgsl.js';
import { productSizes } from '../ops/matmul.js';
import { matmulBatchedOp } from '../ops/matmulBatched.js';
import { gemmTileOf, sharedVariant, TILES } from './gemmTile.js';
import type { Kernel, Step, Variant } from './kernel.js';
import { batchedTile } from './matmulTile.js';
import { operandsOf } from './single.js';

/** Rows and columns below which tiles of workgroup memory are mostly edge. */
const FEWEST_IN_TILE = 8;

/** Many products at once: tiles of registers, or of workgroup memory on GPUs; sums are never cut. */
export const matmulBatchedKernel: Kernel = {
  name: 'matmulBatched',
  match: (node) => {
    const operands = operandsOf(matmulBatchedOp, node);
    if (operands === undefined) return undefined;
    const [a, b] = operands.inputs;
    const [y] = operands.outputs;
    const { layout } = operands.attrs;
    const batches = { shape: y.shape.slice(0, -2), a: a.shape.slice(0, -2), b: b.shape.slice(0, -2) };
    const sizes = productSizes(layout, a.shape.slice(-2), b.shape.slice(-2));
    const params: MatmulParams = { layout, ...sizes, batches };
    const { M, N, K } = sizes;
    const { count } = batchOf(params);
    const bind = { a, b, y };
    const flops = 2 * count * M * N * K;

    const registers = batchedTile(params);
    const tiled: Variant = {
      name: 'tiled',
      dialect: 'any',
      steps: () => [{ code: matmulTiled(params, registers), bind, groups: tiledGroups(params, registers), flops }],
    };
    const plain: Variant = {
      name: 'plain',
      dialect: 'any',
      steps: () => [{ code: matmul(params), bind, groups: linearGroups(count * M * N), flops }],
    };
    return { nodes: [node], variants: [...gemmVariants(params, bind, flops), tiled, plain] };
  },
};

function gemmVariants(params: MatmulParams, bind: Step['bind'], flops: number): readonly Variant[] {
  const { M, N, K } = params;
  const { count } = batchOf(params);
  const tile = gemmTileOf({ rows: M, columns: N, groups: count, slices: 1 }, TILES);
  if (tile === undefined || Math.min(M, N) < FEWEST_IN_TILE) return [];
  const whole: MatmulGemmTile = { ...tile, depth: Math.min(lanesOf(tile) < 64 ? 8 : 16, K), slices: 1 };
  const groups = matmulGemmGroups(params, whole);
  const shared = sharedVariant('gemm', gemmBytes(whole, whole.depth), lanesOf(whole), () => [
    { code: matmulGemm(params, whole), bind, groups, flops },
  ]);
  const fits: Variant['fits'] = (profile) =>
    (shared.fits?.(profile) ?? true) && groups.every((some) => some <= profile.limits.maxComputeWorkgroupsPerDimension);
  return [{ ...shared, fits }];
}
