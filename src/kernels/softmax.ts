import * as shaders from '../../shaders/softmax.wgsl.js';
import { sizes2, type Shape } from '../core/shape.js';
import { mixedCrossEntropyRowsGrad, mixedCrossEntropyRowsOp } from '../ops/mixedLoss.js';
import { argmaxRowsOp, crossEntropyRowsGrad, crossEntropyRowsOp } from '../ops/softmax.js';
import type { Slot, Step } from './kernel.js';
import { single } from './single.js';

/** FLOPs of one logit, an exponential counted as one. */
const FLOPS_EACH = 4;

function rows(
  shader: (params: shaders.RowsParams) => string,
  logits: Shape,
  bind: Readonly<Record<string, Slot>>,
): readonly Step[] {
  const [N, C] = sizes2(logits);
  return [{ code: shader({ N, C }), bind, groups: shaders.rowGroups(N), flops: FLOPS_EACH * N * C }];
}

export const crossEntropyRowsKernel = single(crossEntropyRowsOp, ({ inputs: [logits, labels], outputs: [loss] }) =>
  rows(shaders.crossEntropyRows, logits.shape, { logits, labels, loss }),
);
export const crossEntropyRowsGradKernel = single(
  crossEntropyRowsGrad,
  ({ inputs: [dy, logits, labels], outputs: [dx] }) =>
    rows(shaders.crossEntropyRowsGrad, logits.shape, { dy, logits, labels, dx }),
);
export const mixedCrossEntropyRowsKernel = single(
  mixedCrossEntropyRowsOp,
  ({ inputs: [logits, labels, others, own], outputs: [loss] }) =>
    rows(shaders.mixedCrossEntropyRows, logits.shape, { logits, labels, others, own, loss }),
);
export const mixedCrossEntropyRowsGradKernel = single(
  mixedCrossEntropyRowsGrad,
  ({ inputs: [dy, logits, labels, others, own], outputs: [dx] }) =>
    rows(shaders.mixedCrossEntropyRowsGrad, logits.shape, { dy, logits, labels, others, own, dx }),
);
export const argmaxRowsKernel = single(argmaxRowsOp, ({ inputs: [logits], outputs: [y] }) =>
  rows(shaders.argmaxRows, logits.shape, { logits, y }),
);
