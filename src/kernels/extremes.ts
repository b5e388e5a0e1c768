import { extreme, extremeLanes, type ExtremeParams } from '../../shaders/extremes.wgsl.js';
import { laneGroups, outputsOf, termsOf } from '../../shaders/lib/axes.js';
import { linearGroups } from '../../shaders/lib/linear.js';
import { sizeOf } from '../core/shape.js';
import type { Op } from '../graph/op.js';
import { amaxOp, aminOp, argmaxOp } from '../ops/extremes.js';
import type { Kernel, Variant } from './kernel.js';
import { operandsOf } from './single.js';
import { SHARED_TERMS } from './sum.js';

const kernelOf = <Attrs extends object>(
  op: Op<Attrs>,
  name: ExtremeParams['op'],
  axesOf: (attrs: Attrs) => readonly number[],
): Kernel => ({
  name,
  match: (node) => {
    const operands = operandsOf(op, node);
    if (operands === undefined) return undefined;
    const {
      inputs: [x],
      outputs: [y],
    } = operands;
    const params: ExtremeParams = { op: name, shape: x.shape, axes: axesOf(operands.attrs) };
    const step = { bind: { x, y }, flops: sizeOf(x.shape) };
    const plain: Variant = {
      name: 'plain',
      dialect: 'any',
      steps: () => [{ ...step, code: extreme(params), groups: linearGroups(outputsOf(params)) }],
    };
    const lanes: Variant = {
      name: 'lanes',
      dialect: 'gpu',
      steps: () => [{ ...step, code: extremeLanes(params), groups: laneGroups(params) }],
    };
    return { nodes: [node], variants: [...(termsOf(params) >= SHARED_TERMS ? [lanes] : []), plain] };
  },
});

export const amaxKernel = kernelOf(amaxOp, 'amax', ({ axes }) => axes);
export const aminKernel = kernelOf(aminOp, 'amin', ({ axes }) => axes);
export const argmaxKernel = kernelOf(argmaxOp, 'argmax', ({ axis }) => [axis]);
