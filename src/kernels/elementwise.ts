import * as shaders from '../../shaders/elementwise.wgsl.js';
import { spreadGroups } from '../../shaders/lib/linear.js';
import { sizeOf, type Shape } from '../core/shape.js';
import type { Tensor } from '../graph/graph.js';
import { accumulate, fill } from '../graph/tape.js';
import { addOp, mulOp } from '../ops/arithmetic.js';
import { broadcastOp } from '../ops/reduce.js';
import { scaleOp } from '../ops/scale.js';
import type { Step } from './kernel.js';
import { single } from './single.js';

const step = (code: string, bind: Step['bind'], shape: Shape, flopsEach = 1): Step => ({
  code,
  bind,
  groups: spreadGroups(sizeOf(shape)),
  flops: flopsEach * sizeOf(shape),
});

const binary = (name: shaders.BinaryParams['name'], a: Tensor, b: Tensor, y: Tensor): readonly Step[] => [
  step(shaders.binary({ name, shape: y.shape, a: a.shape, b: b.shape }), { a, b, y }, y.shape),
];

export const fillKernel = single(fill, ({ outputs: [y], attrs: { value } }) => [
  step(shaders.constant({ size: sizeOf(y.shape), value }), { y }, y.shape, 0),
]);

export const scaleKernel = single(scaleOp, ({ inputs: [x], outputs: [y], attrs: { factor } }) => [
  step(shaders.scale({ size: sizeOf(y.shape), factor }), { x, y }, y.shape),
]);

export const accumulateKernel = single(accumulate, ({ inputs: [a, b], outputs: [y] }) => binary('accumulate', a, b, y));
export const addKernel = single(addOp, ({ inputs: [a, b], outputs: [y] }) => binary('add', a, b, y));
export const mulKernel = single(mulOp, ({ inputs: [a, b], outputs: [y] }) => binary('mul', a, b, y));

export const broadcastKernel = single(broadcastOp, ({ inputs: [x], outputs: [y] }) => [
  step(shaders.broadcast({ shape: y.shape, x: x.shape }), { x, y }, y.shape, 0),
]);
