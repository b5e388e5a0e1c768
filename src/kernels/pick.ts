import { spreadGroups } from '../../shaders/lib/linear.js';
import * as shaders from '../../shaders/pick.wgsl.js';
import { sizeOf, sizes2 } from '../core/shape.js';
import { isCountedOp, pickGrad, pickOp } from '../ops/pick.js';
import { single } from './single.js';

export const pickKernel = single(pickOp, ({ inputs: [x, labels], outputs: [y], attrs }) => {
  const [N, M] = sizes2(labels.shape);
  const code = shaders.pick({ N, C: x.shape[1] ?? 1, M, x: x.shape, ...attrs });
  return [{ code, bind: { x, labels, y }, groups: spreadGroups(N * M), flops: 0 }];
});

export const pickGradKernel = single(pickGrad, ({ inputs: [dy, labels], outputs: [dx], attrs }) => {
  const [N, M] = sizes2(labels.shape);
  const code = shaders.pickGrad({ N, C: attrs.classes, M, ...attrs });
  return [{ code, bind: { dy, labels, dx }, groups: spreadGroups(sizeOf(dx.shape)), flops: 0 }];
});

export const isCountedKernel = single(isCountedOp, ({ inputs: [labels], outputs: [y], attrs }) => {
  const size = sizeOf(y.shape);
  const code = shaders.isCounted({ size, ...attrs });
  return [{ code, bind: { labels, y }, groups: spreadGroups(size), flops: 0 }];
});
