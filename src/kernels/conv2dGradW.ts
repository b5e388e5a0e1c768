import { conv2dGradW as plainShader } from '../../shaders/conv2d.wgsl.js';
import { conv2dGradWSplit, conv2dGradWSum, gradWLanes, type GradWTile } from '../../shaders/conv2dGradWSplit.wgsl.js';
import { linearGroups } from '../../shaders/lib/linear.js';
import type { Profile } from '../core/profile.js';
import { sizeOf } from '../core/shape.js';
import { conv2dGradW } from '../ops/conv2d.js';
import { conv2dFlops, conv2dSizes } from './conv2dSizes.js';
import { gradWGemmVariant } from './convGemm.js';
import { gradWBlocks, gradWTile, slicesOf } from './convTile.js';
import { gradWGemm } from './gemmTile.js';
import { temporary, type Kernel, type Step, type Variant } from './kernel.js';
import { operandsOf } from './single.js';
import { quadVariant, tileGroups } from './tiling.js';

export const conv2dGradWKernel: Kernel = {
  name: 'conv2dGradW',
  match: (node) => {
    const operands = operandsOf(conv2dGradW, node);
    if (operands === undefined) return undefined;
    const {
      inputs: [dy, x],
      outputs: [dw],
      attrs,
    } = operands;
    const sizes = conv2dSizes(x.shape, dw.shape, dy.shape, attrs);
    const flops = conv2dFlops(sizes);
    const weights = sizeOf(dw.shape);
    const plain: Variant = {
      name: 'plain',
      dialect: 'any',
      steps: () => [{ code: plainShader(sizes), bind: { dy, x, dw }, groups: linearGroups(weights), flops }],
    };
    const split = (tile: GradWTile, { dialect }: Profile): readonly Step[] => {
      const slices = slicesOf(sizes, tile, dialect);
      const parts = temporary('parts', [slices, ...dw.shape]);
      const invocations = (slices * sizes.C) / sizes.groups;
      return [
        {
          code: conv2dGradWSplit(sizes, tile, slices),
          bind: { dy, x, parts },
          groups: tileGroups(invocations, gradWLanes(tile), gradWBlocks(sizes, tile)),
          flops,
        },
        {
          code: conv2dGradWSum({ weights, slices }),
          bind: { parts, dw },
          groups: linearGroups(weights),
          flops: slices * weights,
        },
      ];
    };
    const [shared, alone] = [gradWTile(sizes, true), gradWTile(sizes, false)];
    const gemm = gradWGemm(sizes);
    const variants: readonly Variant[] = [
      ...(gemm === undefined ? [] : [gradWGemmVariant(sizes, gemm, { dy, x }, { dw })]),
      ...(shared === undefined ? [] : [quadVariant((profile) => split(shared, profile))]),
      ...(alone === undefined
        ? []
        : [{ name: 'split', dialect: 'any' as const, steps: (profile: Profile) => split(alone, profile) }]),
      plain,
    ];
    return { nodes: [node], variants };
  },
};
