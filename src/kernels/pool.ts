import { linearGroups } from '../../shaders/lib/linear.js';
import * as shaders from '../../shaders/pool.wgsl.js';
import { sizeOf, sizes4, type Shape } from '../core/shape.js';
import { avgPool2dGrad, avgPool2dOp } from '../ops/avgPool2d.js';
import { maxPool2dGrad, maxPool2dOp, winners } from '../ops/maxPool2d.js';
import type { PoolAttrs } from '../ops/poolWindow.js';
import { single } from './single.js';

/** The sizes of a pool from the shapes of its image and its result (or their gradients). */
function poolSizes(x: Shape, y: Shape, { window, stride, padding }: PoolAttrs): shaders.PoolSizes {
  const [N, C, H, W] = sizes4(x);
  const [, , P, Q] = sizes4(y);
  return { planes: N * C, H, W, P, Q, window, stride, padding };
}

/** One comparison or addition a tap. */
const poolFlops = ({ planes, P, Q, window }: shaders.PoolSizes): number => planes * P * Q * window[0] * window[1];

export const maxPool2dKernel = single(maxPool2dOp, ({ inputs: [x], outputs: [y, index], attrs }) => {
  const sizes = poolSizes(x.shape, y.shape, attrs);
  const code = shaders.maxPool2d(sizes);
  return [{ code, bind: { x, y, index }, groups: linearGroups(sizeOf(y.shape)), flops: poolFlops(sizes) }];
});

export const maxPool2dGradKernel = single(maxPool2dGrad, ({ inputs: [dy, index], outputs: [dx], attrs }) => {
  const sizes = poolSizes(dx.shape, dy.shape, attrs);
  const code = shaders.maxPool2dGrad(sizes);
  return [{ code, bind: { dy, index, dx }, groups: linearGroups(sizeOf(dx.shape)), flops: sizeOf(dy.shape) }];
});

export const winnersKernel = single(winners, ({ inputs: [x, index], outputs: [y] }) => {
  const [N, C, H, W] = sizes4(x.shape);
  const code = shaders.winners({ planes: N * C, plane: H * W, windows: sizeOf(y.shape) / (N * C) });
  return [{ code, bind: { x, index, y }, groups: linearGroups(sizeOf(y.shape)), flops: 0 }];
});

export const avgPool2dKernel = single(avgPool2dOp, ({ inputs: [x], outputs: [y], attrs }) => {
  const sizes = poolSizes(x.shape, y.shape, attrs);
  const code = shaders.avgPool2d(sizes);
  return [{ code, bind: { x, y }, groups: linearGroups(sizeOf(y.shape)), flops: poolFlops(sizes) }];
});

export const avgPool2dGradKernel = single(avgPool2dGrad, ({ inputs: [dy], outputs: [dx], attrs }) => {
  const sizes = poolSizes(dx.shape, dy.shape, attrs);
  const code = shaders.avgPool2dGrad(sizes);
  return [{ code, bind: { dy, dx }, groups: linearGroups(sizeOf(dx.shape)), flops: poolFlops(sizes) }];
});
