import { matmul, matmulTiled, tiledGroups, type MatmulParams } from '../../shaders/matmul.wgsl.js';
import { matmulQuad, quadGroups, type QuadTile } from '../../shaders/matmulQuad.wgsl.js';
import { matmulShared, SHARED_LANES, sharedBytes, sharedGroups } from '../../shaders/matmulShared.wgsl.js';
import { linearGroups } from '../../shaders/lib/linear.js';
import type { Node, Tensor } from '../graph/graph.js';
import { matmulOp, productSizes } from '../ops/matmul.js';
import { sharedVariant } from './gemmTile.js';
import type { Kernel, Step, Variant } from './kernel.js';
import { gemmVariant, largeTile, slicedSteps } from './matmulGemm.js';
import { quadCost, quadTiles, registerTile, sharedTile } from './matmulTile.js';
import { operandsOf } from './single.js';
import { quadVariant } from './tiling.js';

/** A product of two matrices, and what is done to its elements before they are stored. */
export interface Product {
  readonly params: MatmulParams;
  /** The bindings; those of an epilogue are there if it is. */
  readonly bind: Readonly<Record<'a' | 'b' | 'y', Tensor>> & {
    readonly bias?: Tensor;
    readonly gate?: Tensor;
    readonly sums?: Tensor;
  };
}

/** The product that a node computes; undefined for a node of another op. */
export function productOf(node: Node): Product | undefined {
  const operands = operandsOf(matmulOp, node);
  if (operands === undefined) return undefined;
  const [a, b] = operands.inputs;
  const [y] = operands.outputs;
  const { layout } = operands.attrs;
  return { params: { layout, ...productSizes(layout, a.shape, b.shape) }, bind: { a, b, y } };
}

export const matmulKernel: Kernel = {
  name: 'matmul',
  match: (node) => {
    const product = productOf(node);
    return product && { nodes: [node], variants: productVariants(product) };
  },
};

/** The ways that add up rows beside the product. */
export function rowSumsVariants({ params, bind }: Product): readonly Variant[] {
  const whole = { ...params, rowSums: true };
  const quads = quadVariants(whole, (tile) =>
    slicedSteps(whole, bind, matmulQuad(whole, tile), quadGroups(whole, tile), 1),
  );
  const variants = [...(params.M < 4 ? [] : quads), ...sharedVariants({ params: whole, bind })];
  // Gradients of weights wait for each other, as the sums of their slices do.
  return variants.map(({ steps, ...variant }) => ({
    ...variant,
    steps: (profile) => steps(profile).map((step) => ({ merge: 'weights', ...step })),
  }));
}

/** The ways through workgroup memory, for GPUs: large tiles where there is work for many. */
function sharedVariants({ params, bind }: Product): readonly Variant[] {
  const large = largeTile(params);
  const tile = sharedTile(params);
  const steps = () => slicedSteps(params, bind, matmulShared(params, tile), sharedGroups(params, tile), tile.slices);
  return [
    ...(large === undefined ? [] : [gemmVariant(params, bind, large)]),
    sharedVariant('shared', sharedBytes(tile), SHARED_LANES, steps),
  ];
}

/** A variant for each tile of a quad, the one for the longest run first. */
const quadVariants = (p: MatmulParams, steps: (tile: QuadTile) => readonly Step[]): readonly Variant[] =>
  quadTiles(p)
    .toReversed()
    .map((tile) =>
      quadVariant(() => steps(tile), {
        name: `quad ${tile.rows}×${tile.columns}×${tile.chunk}`,
        cost: quadCost(p, tile),
      }),
    );

/** Every way to compute a product with its epilogue. */
export function productVariants({ params, bind }: Product): readonly Variant[] {
  const { M, N, K } = params;
  const flops = 2 * M * N * K;

  const sliced = (code: string, groups: Step['groups'], slices: number) =>
    slicedSteps(params, bind, code, groups, slices);
  const tile = registerTile(params);
  return [
    ...sharedVariants({ params, bind }),
    ...(M < 4
      ? []
      : quadVariants(params, (quad) => sliced(matmulQuad(params, quad), quadGroups(params, quad), quad.slices))),
    {
      name: 'tiled',
      dialect: 'any',
      steps: () => sliced(matmulTiled(params, tile), tiledGroups(params, tile), tile.slices),
    },
    {
      name: 'plain',
      dialect: 'any',
      steps: () => [{ code: matmul(params), bind, groups: linearGroups(M * N), flops }],
    },
  ];
}
