import type { Conv2dSizes, Epilogue } from '../../shaders/conv2d.wgsl.js';
import {
  conv2dGemm,
  conv2dGradXGemm,
  convGemmGroups,
  termsOf,
  type ConvGemmTile,
} from '../../shaders/convGemm.wgsl.js';
import { conv2dGradWGemm, gradWGemmGroups, gradWSlices, type GradWGemmTile } from '../../shaders/convGemmGradW.wgsl.js';
import { gemmBytes, lanesOf } from '../../shaders/lib/gemmTile.js';
import type { Shape } from '../core/shape.js';
import { sizeOf } from '../core/shape.js';
import type { Tensor } from '../graph/graph.js';
import { conv2dFlops } from './conv2dSizes.js';
import { sharedVariant } from './gemmTile.js';
import { temporary, type Step, type Variant } from './kernel.js';
import { sumStep } from './sum.js';

// The convolution and its gradients as products of matrices: variants for GPUs. Each takes its tile, so that tests can
// give it one that needs little workgroup memory.

const variantOf = (tile: ConvGemmTile, sizes: Conv2dSizes, step: () => Step): Variant =>
  sharedVariant('gemm', gemmBytes(tile, termsOf(sizes, tile)), lanesOf(tile), () => [step()]);

/** A convolution with what follows it. */
export const forwardGemmVariant = (
  sizes: Conv2dSizes,
  tile: ConvGemmTile,
  epilogue: Epilogue,
  bind: Step['bind'],
  flops: number,
): Variant =>
  variantOf(tile, sizes, () => ({
    code: conv2dGemm(sizes, tile, epilogue),
    bind,
    groups: convGemmGroups(sizes.N * sizes.P * sizes.Q, sizes.K, sizes.groups, tile),
    flops,
  }));

/** @param bind dy, w and dx */
export const gradXGemmVariant = (sizes: Conv2dSizes, tile: ConvGemmTile, bind: Step['bind']): Variant =>
  variantOf(tile, sizes, () => ({
    code: conv2dGradXGemm(sizes, tile),
    bind,
    groups: convGemmGroups(sizes.N * sizes.H * sizes.W, sizes.C, sizes.groups, tile),
    flops: conv2dFlops(sizes),
  }));

/** One dispatch where the pixels are one slice; else each slice's plane, and then their sum. */
export const gradWGemmVariant = (
  sizes: Conv2dSizes,
  tile: GradWGemmTile,
  { dy, x, dw }: Readonly<Record<'dy' | 'x' | 'dw', Tensor>>,
): Variant =>
  sharedVariant('gemm', gemmBytes(tile, tile.depth), lanesOf(tile), () => {
    const slices = gradWSlices(sizes, tile);
    const planes: Shape = [slices, sizeOf(dw.shape)];
    const parts = slices === 1 ? dw : temporary('conv2dGradW.planes', planes);
    const product: Step = {
      code: conv2dGradWGemm(sizes, tile),
      bind: { dy, x, parts },
      groups: gradWGemmGroups(sizes, tile),
      flops: conv2dFlops(sizes),
    };
    return slices === 1 ? [product] : [product, sumStep(parts, dw, { shape: planes, axes: [0] }, 0)];
  });
