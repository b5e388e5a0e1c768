import * as shaders from '../../shaders/conv2d.wgsl.js';
import { conv2dGradXTiled, conv2dTiled, type ConvTile } from '../../shaders/conv2dTiled.wgsl.js';
import { linearGroups } from '../../shaders/lib/linear.js';
import type { Tensor } from '../graph/graph.js';
import { conv2dGradX, conv2dOp } from '../ops/conv2d.js';
import { sizeOf } from '../core/shape.js';
import { conv2dFlops, conv2dSizes } from './conv2dSizes.js';
import { directForwardTile, directGradXTile } from './convDirect.js';
import { forwardGemmVariant, gradXGemmVariant } from './convGemm.js';
import { forwardTile, gradXTile } from './convTile.js';
import { forwardGemm, gradXGemm } from './gemmTile.js';
import type { Kernel, Step, Variant } from './kernel.js';
import { operandsOf } from './single.js';
import { quadVariant, tileGroups } from './tiling.js';

/** A convolution and what may follow it in the same kernel. */
interface Forward {
  readonly sizes: shaders.Conv2dSizes;
  readonly x: Tensor;
  readonly w: Tensor;
  /** [K] in memory, whatever its shape; absent for a convolution alone. */
  readonly b?: Tensor;
  readonly relu: boolean;
  readonly y: Tensor;
}

/** The ways to compute a convolution with what follows it. */
export function forwardVariants({ sizes, x, w, b, relu, y }: Forward): readonly Variant[] {
  const epilogue = { bias: b !== undefined, relu };
  const bind = b === undefined ? { x, w, y } : { x, w, b, y };
  const flops = conv2dFlops(sizes) + (Number(epilogue.bias) + Number(relu)) * sizeOf(y.shape);
  const plain: Variant = {
    name: 'plain',
    dialect: 'any',
    steps: () => [{ code: shaders.conv2d(sizes, epilogue), bind, groups: linearGroups(sizeOf(y.shape)), flops }],
  };
  const { N, K, P, Q, groups } = sizes;
  const gemm = forwardGemm(sizes);
  const tiled = tiledVariants(
    (quads) => forwardTile(sizes, quads),
    directForwardTile(sizes),
    (tile) => ({
      code: conv2dTiled(sizes, tile, epilogue),
      bind,
      groups: tileGroups(
        N * P * Math.ceil(Q / tile.pixels),
        tile.lanes,
        groups * Math.ceil(K / groups / tile.channels),
      ),
      flops,
    }),
  );
  return [...(gemm === undefined ? [] : [forwardGemmVariant(sizes, gemm, epilogue, bind, flops)]), ...tiled, plain];
}

export const conv2dKernel: Kernel = {
  name: 'conv2d',
  match: (node) => {
    const operands = operandsOf(conv2dOp, node);
    if (operands === undefined) return undefined;
    const {
      inputs: [x, w],
      outputs: [y],
      attrs,
    } = operands;
    const sizes = conv2dSizes(x.shape, w.shape, y.shape, attrs);
    return { nodes: [node], variants: forwardVariants({ sizes, x, w, relu: false, y }) };
  },
};

export const conv2dGradXKernel: Kernel = {
  name: 'conv2dGradX',
  match: (node) => {
    const operands = operandsOf(conv2dGradX, node);
    if (operands === undefined) return undefined;
    const {
      inputs: [dy, w],
      outputs: [dx],
      attrs,
    } = operands;
    const sizes = conv2dSizes(dx.shape, w.shape, dy.shape, attrs);
    const bind = { dy, w, dx };
    const flops = conv2dFlops(sizes);
    const plain: Variant = {
      name: 'plain',
      dialect: 'any',
      steps: () => [{ code: shaders.conv2dGradX(sizes), bind, groups: linearGroups(sizeOf(dx.shape)), flops }],
    };
    const { N, C, H, W, groups } = sizes;
    const gemm = gradXGemm(sizes);
    const tiled = tiledVariants(
      (quads) => gradXTile(sizes, quads),
      directGradXTile(sizes),
      (tile) => ({
        code: conv2dGradXTiled(sizes, tile),
        bind,
        groups: tileGroups(
          N * H * Math.ceil(W / tile.pixels),
          tile.lanes,
          groups * Math.ceil(C / groups / tile.channels),
        ),
        flops,
      }),
    );
    const shared = gemm === undefined ? [] : [gradXGemmVariant(sizes, gemm, bind)];
    return { nodes: [node], variants: [...shared, ...tiled, plain] };
  },
};

/**
 * The variants without workgroup memory. For software adapters: with filters shared in quads where subgroups are offered
 * and it gains, without. For GPUs: a smaller tile.
 */
function tiledVariants(
  tileOf: (quads: boolean) => ConvTile | undefined,
  direct: ConvTile | undefined,
  step: (tile: ConvTile) => Step,
): readonly Variant[] {
  const shared = tileOf(true);
  const alone = tileOf(false);
  return [
    ...(shared === undefined ? [] : [quadVariant(() => [step(shared)])]),
    ...(alone === undefined ? [] : [{ name: 'tiled', dialect: 'cpu' as const, steps: () => [step(alone)] }]),
    ...(direct === undefined ? [] : [{ name: 'direct', dialect: 'gpu' as const, steps: () => [step(direct)] }]),
  ];
}
