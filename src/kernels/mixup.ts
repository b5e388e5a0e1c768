import { linearGroups, spreadGroups } from '../../shaders/lib/linear.js';
import * as shaders from '../../shaders/mixup.wgsl.js';
import { largerPartQuantiles } from '../core/beta.js';
import { sizeOf } from '../core/shape.js';
import { MIXUP_CELLS, MIXUP_DRAW, mixRowsOp, mixupOp } from '../ops/mixup.js';
import { single } from './single.js';

export const mixupKernel = single(mixupOp, ({ inputs, outputs, attrs }) => {
  const [indices, live, step] = inputs;
  const [partners, images, own] = outputs;
  const batch = sizeOf(indices.shape);
  const { alpha, seed, stream, perEpoch } = attrs;
  const quantiles = largerPartQuantiles(alpha, MIXUP_CELLS);
  const code = shaders.mixup({ batch, seed, stream, perEpoch, quantiles, draws: MIXUP_DRAW });
  return [{ code, bind: { indices, live, step, partners, images, own }, groups: linearGroups(batch), flops: 0 }];
});

export const mixRowsKernel = single(mixRowsOp, ({ inputs: [x, partners, own], outputs: [y] }) => {
  const [rows = 1] = x.shape;
  const size = sizeOf(x.shape);
  const code = shaders.mixRows({ rows, size: size / rows });
  return [{ code, bind: { x, partners, own, y }, groups: spreadGroups(size), flops: 3 * size }];
});
