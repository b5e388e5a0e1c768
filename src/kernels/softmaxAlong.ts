import { along, alongGroups, alongLaneGroups, alongLanes, type AlongParams } from '../../shaders/softmaxAlong.wgsl.js';
import { sizeOf } from '../core/shape.js';
import type { Op } from '../graph/op.js';
import { logSoftmaxGrad, logSoftmaxOp, softmaxGrad, softmaxOp } from '../ops/softmax.js';
import type { Kernel, Step, Variant } from './kernel.js';
import { operandsOf } from './single.js';
import { SHARED_TERMS } from './sum.js';

/** FLOPs of one element, an exponential counted as one. */
const FLOPS_EACH = 4;

const kernelOf = (op: Op<object>, name: AlongParams['op'], operands: readonly string[]): Kernel => ({
  name,
  match: (node) => {
    const found = operandsOf(op, node);
    if (found === undefined) return undefined;
    const [result] = found.outputs;
    const [N = 1, C = 1, M = 1] = result.shape;
    const params: AlongParams = { op: name, N, C, M };
    const bind = Object.fromEntries([
      ...operands.map((each, i) => [each, found.inputs[i]]),
      ['result', result],
    ]) as Step['bind'];
    const step = { bind, flops: FLOPS_EACH * sizeOf(result.shape) };
    const plain: Variant = {
      name: 'plain',
      dialect: 'any',
      steps: () => [{ ...step, code: along(params), groups: alongGroups(params) }],
    };
    const lanes: Variant = {
      name: 'lanes',
      dialect: 'gpu',
      steps: () => [{ ...step, code: alongLanes(params), groups: alongLaneGroups(params) }],
    };
    return { nodes: [node], variants: [...(C >= SHARED_TERMS ? [lanes] : []), plain] };
  },
});

export const softmaxKernel = kernelOf(softmaxOp, 'softmax', ['x']);
export const softmaxGradKernel = kernelOf(softmaxGrad, 'softmaxGrad', ['dy', 'y']);
export const logSoftmaxKernel = kernelOf(logSoftmaxOp, 'logSoftmax', ['x']);
export const logSoftmaxGradKernel = kernelOf(logSoftmaxGrad, 'logSoftmaxGrad', ['dy', 'y']);
