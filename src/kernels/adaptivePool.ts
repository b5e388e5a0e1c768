import * as shaders from '../../shaders/adaptivePool.wgsl.js';
import { linearGroups } from '../../shaders/lib/linear.js';
import { sizeOf, sizes4, type Shape } from '../core/shape.js';
import { adaptiveAvgPool2dGrad, adaptiveAvgPool2dOp, adaptiveMaxPool2dOp } from '../ops/adaptivePool2d.js';
import { single } from './single.js';

/** The sizes of an adaptive pool from the shapes of its image and its result (or their gradients). */
function sizesOf(x: Shape, y: Shape): shaders.AdaptiveSizes {
  const [N, C, H, W] = sizes4(x);
  const [, , P, Q] = sizes4(y);
  return { planes: N * C, H, W, P, Q };
}

/** Every pixel is seen by at least one window. */
const flopsOf = (x: Shape, y: Shape): number => Math.max(sizeOf(x), sizeOf(y));

export const adaptiveAvgPool2dKernel = single(adaptiveAvgPool2dOp, ({ inputs: [x], outputs: [y] }) => [
  {
    code: shaders.adaptiveAvgPool2d(sizesOf(x.shape, y.shape)),
    bind: { x, y },
    groups: linearGroups(sizeOf(y.shape)),
    flops: flopsOf(x.shape, y.shape),
  },
]);

export const adaptiveMaxPool2dKernel = single(adaptiveMaxPool2dOp, ({ inputs: [x], outputs: [y, index] }) => [
  {
    code: shaders.adaptiveMaxPool2d(sizesOf(x.shape, y.shape)),
    bind: { x, y, index },
    groups: linearGroups(sizeOf(y.shape)),
    flops: flopsOf(x.shape, y.shape),
  },
]);

export const adaptiveAvgPool2dGradKernel = single(adaptiveAvgPool2dGrad, ({ inputs: [dy], outputs: [dx] }) => [
  {
    code: shaders.adaptiveAvgPool2dGrad(sizesOf(dx.shape, dy.shape)),
    bind: { dy, dx },
    groups: linearGroups(sizeOf(dx.shape)),
    flops: flopsOf(dx.shape, dy.shape),
  },
]);
