import * as shaders from '../../shaders/relu.wgsl.js';
import { sizeOf } from '../core/shape.js';
import { reluGrad, reluOp } from '../ops/relu.js';
import { spreadGroups } from '../../shaders/lib/linear.js';
import { single } from './single.js';

export const reluKernel = single(reluOp, ({ inputs: [x], outputs: [y] }) => {
  const size = sizeOf(y.shape);
  return [{ code: shaders.relu({ size }), bind: { x, y }, groups: spreadGroups(size), flops: size }];
});

export const reluGradKernel = single(reluGrad, ({ inputs: [dy, y], outputs: [dx] }) => {
  const size = sizeOf(dx.shape);
  return [{ code: shaders.reluGrad({ size }), bind: { dy, y, dx }, groups: spreadGroups(size), flops: size }];
});
