import type { Conv2dSizes, Epilogue } from '../../shaders/conv2d.wgsl.js';
import {
  conv2dGemm,
  conv2dGradXGemm,
  convGemmGroups,
  termsOf,
  type ConvGemmTile,
  type GradXAround,
} from '../../shaders/convGemm.wgsl.js';
import {
  conv2dGradWGemm,
  gradWGemmGroups,
  gradWSlices,
  type GradWAround,
  type GradWGemmTile,
} from '../../shaders/convGemmGradW.wgsl.js';
import { gemmBytes, lanesOf } from '../../shaders/lib/gemmTile.js';
import type { Tensor } from '../graph/graph.js';
import { conv2dFlops } from './conv2dSizes.js';
import { sharedVariant } from './gemmTile.js';
import type { Step, Variant } from './kernel.js';
import { planesOf } from './sum.js';

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

/** @param bind w and dx, dy or what it is scattered from, and the gate if there is one */
export const gradXGemmVariant = (
  sizes: Conv2dSizes,
  tile: ConvGemmTile,
  bind: Step['bind'],
  around: GradXAround = { gate: false },
): Variant =>
  variantOf(tile, sizes, () => ({
    code: conv2dGradXGemm(sizes, tile, around),
    bind,
    groups: convGemmGroups(sizes.N * sizes.H * sizes.W, sizes.C, sizes.groups, tile),
    flops: conv2dFlops(sizes),
  }));

/**
 * One dispatch where the pixels are one slice; else each slice's plane, and then their sum, which waits for others.
 * @param bind dy or what it is scattered from, x or where it is gathered
 * @param db where the sums of dy go, if they are wanted
 */
export const gradWGemmVariant = (
  sizes: Conv2dSizes,
  tile: GradWGemmTile,
  bind: Step['bind'],
  { dw, db }: { readonly dw: Tensor; readonly db?: Tensor | undefined },
  around: Omit<GradWAround, 'bias'> = {},
): Variant =>
  sharedVariant('gemm', gemmBytes(tile, tile.depth), lanesOf(tile), () => {
    const slices = gradWSlices(sizes, tile);
    const bias = db !== undefined;
    const parts = planesOf('parts', dw, slices);
    const sums = db && planesOf('sums', db, slices);
    const product: Step = {
      code: conv2dGradWGemm(sizes, tile, { ...around, bias }),
      bind: { ...bind, parts: parts.to, ...(sums && { sums: sums.to }) },
      groups: gradWGemmGroups(sizes, tile, bias),
      flops: conv2dFlops(sizes) + (bias ? sizes.N * sizes.K * sizes.P * sizes.Q : 0),
      merge: 'filters',
    };
    return [product, ...parts.steps, ...(sums?.steps ?? [])];
  });
