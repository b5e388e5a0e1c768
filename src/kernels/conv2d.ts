import * as shaders from '../../shaders/conv2d.wgsl.js';
import { linearGroups } from '../../shaders/lib/linear.js';
import { sizeOf } from '../core/shape.js';
import { conv2dGradW, conv2dGradX, conv2dOp } from '../ops/conv2d.js';
import { conv2dFlops, conv2dSizes } from './conv2dSizes.js';
import { single } from './single.js';

export const conv2dKernel = single(conv2dOp, ({ inputs: [x, w], outputs: [y], attrs }) => {
  const sizes = conv2dSizes(x.shape, w.shape, y.shape, attrs);
  const code = shaders.conv2d(sizes, { bias: false, relu: false });
  return [{ code, bind: { x, w, y }, groups: linearGroups(sizeOf(y.shape)), flops: conv2dFlops(sizes) }];
});

export const conv2dGradXKernel = single(conv2dGradX, ({ inputs: [dy, w], outputs: [dx], attrs }) => {
  const sizes = conv2dSizes(dx.shape, w.shape, dy.shape, attrs);
  const code = shaders.conv2dGradX(sizes);
  return [{ code, bind: { dy, w, dx }, groups: linearGroups(sizeOf(dx.shape)), flops: conv2dFlops(sizes) }];
});

export const conv2dGradWKernel = single(conv2dGradW, ({ inputs: [dy, x], outputs: [dw], attrs }) => {
  const sizes = conv2dSizes(x.shape, dw.shape, dy.shape, attrs);
  const code = shaders.conv2dGradW(sizes);
  return [{ code, bind: { dy, x, dw }, groups: linearGroups(sizeOf(dw.shape)), flops: conv2dFlops(sizes) }];
});
