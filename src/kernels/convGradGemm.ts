import type { ConvGemmTile } from '../../shaders/convGemm.wgsl.js';
import type { GradWGemmTile } from '../../shaders/convGemmGradW.wgsl.js';
import type { Conv2dSizes } from '../../shaders/conv2d.wgsl.js';
import { conv2dGradW, conv2dGradX } from '../ops/conv2d.js';
import { sumOp } from '../ops/reduce.js';
import { reluGrad } from '../ops/relu.js';
import { conv2dSizes } from './conv2dSizes.js';
import { gradWGemmVariant, gradXGemmVariant } from './convGemm.js';
import { filtersBeside } from './convGradWHeld.js';
import { scatteredFrom } from './convGradXHeld.js';
import { gatheredFrom } from './gathered.js';
import { FEWEST_FUSED, gradWGemm, gradXGemm } from './gemmTile.js';
import type { Kernel } from './kernel.js';
import { operandsOf } from './single.js';

// The runs of a convolutional layer's way back on GPUs, as products of matrices with what is done as they stage and store.

/**
 * [maxPool2dGrad →] conv2dGradX [→ reluGrad], at least one of the two beside the convolution: slopes are scattered as
 * they are staged, and the gate is read as a result is stored.
 * @param tileOf other tiles than those of a GPU, for tests
 */
export const convGradXGemmKernel = (
  tileOf = (sizes: Conv2dSizes): ConvGemmTile | undefined => gradXGemm(sizes, FEWEST_FUSED),
): Kernel => ({
  name: 'convGradXGemm',
  match: (node, uses) => {
    const conv = operandsOf(conv2dGradX, node);
    if (conv === undefined || uses.profile.dialect !== 'gpu') return undefined;
    const [dy, w] = conv.inputs;
    const [sum] = conv.outputs;
    const scattered = scatteredFrom(dy);
    const next = uses.soleReader(sum);
    const gate = next && operandsOf(reluGrad, next);
    const isGated = next !== undefined && gate?.inputs[0] === sum;
    const sizes = conv2dSizes(sum.shape, w.shape, dy.shape, conv.attrs);
    const tile = tileOf(sizes);
    if (tile === undefined || (scattered === undefined && !isGated)) return undefined;
    const bind = {
      ...(scattered?.bind ?? { dy }),
      w,
      dx: isGated ? gate.outputs[0] : sum,
      ...(isGated && { gate: gate.inputs[1] }),
    };
    const variant = gradXGemmVariant(sizes, tile, bind, { pool: scattered?.pool, gate: isGated });
    return { nodes: isGated ? [node, next] : [node], variants: [variant], again: scattered?.again ?? [] };
  },
});

/**
 * [gatherImages, maxPool2dGrad →] conv2dGradW beside the sum of the slopes that is the gradient of the bias, each but the
 * convolution if it is there.
 * @param tileOf other tiles than those of a GPU, for tests
 */
export const convGradWGemmKernel = (
  tileOf = (sizes: Conv2dSizes, bias: boolean): GradWGemmTile | undefined => gradWGemm(sizes, bias, FEWEST_FUSED),
): Kernel => ({
  name: 'convGradWGemm',
  match: (node, uses) => {
    if (uses.profile.dialect !== 'gpu') return undefined;
    const bias = operandsOf(sumOp, node);
    const filters = bias === undefined ? node : filtersBeside(node, bias.inputs[0], bias.attrs.axes, uses);
    const conv = filters && operandsOf(conv2dGradW, filters);
    if (filters === undefined || conv === undefined) return undefined;
    const [dy, x] = conv.inputs;
    const [dw] = conv.outputs;
    const scattered = scatteredFrom(dy);
    const gathered = gatheredFrom(x);
    const sizes = conv2dSizes(x.shape, dw.shape, dy.shape, conv.attrs);
    const tile = tileOf(sizes, bias !== undefined);
    if (tile === undefined || (bias === undefined && scattered === undefined && gathered === undefined)) {
      return undefined;
    }
    const bind = { ...(scattered?.bind ?? { dy }), ...(gathered?.bind ?? { x }) };
    const around = { pool: scattered?.pool, bytes: gathered?.bytes };
    const variant = gradWGemmVariant(sizes, tile, bind, { dw, db: bias?.outputs[0] }, around);
    const nodes = bias === undefined ? [filters] : [node, filters];
    return { nodes, variants: [variant], again: [...(scattered?.again ?? []), ...(gathered?.again ?? [])] };
  },
});
