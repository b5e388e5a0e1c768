import * as shaders from '../../shaders/movement.wgsl.js';
import { spreadGroups } from '../../shaders/lib/linear.js';
import { sizeOf, stridesOf, type Shape } from '../core/shape.js';
import type { Tensor } from '../graph/graph.js';
import { concatOp, startsOf } from '../ops/concat.js';
import { permuteOp } from '../ops/permute.js';
import { padOp, sliceOp } from '../ops/slice.js';
import type { Kernel, Step, Variant } from './kernel.js';
import { operandsOf, single } from './single.js';

const moving = (code: string, bind: Step['bind'], elements: number): Step => ({
  code,
  bind,
  groups: spreadGroups(elements),
  flops: 0,
});

/** Elements that a transposition must have along both sides, for tiles of workgroup memory to be full. */
const FEWEST_IN_LINE = 16;

export const permuteKernel: Kernel = {
  name: 'permute',
  match: (node) => {
    const operands = operandsOf(permuteOp, node);
    if (operands === undefined) return undefined;
    const {
      inputs: [x],
      outputs: [y],
      attrs,
    } = operands;
    const strides = stridesOf(x.shape);
    const axes = attrs.axes.map((axis, i) => ({ size: y.shape[i] ?? 1, stride: strides[axis] ?? 1 }));
    const code = (): string => shaders.strided({ name: 'permute', from: sizeOf(x.shape), offset: 0, axes });
    const plain: Variant = {
      name: 'plain',
      dialect: 'any',
      steps: () => [moving(code(), { x, y }, sizeOf(y.shape))],
    };
    const planes = exchangeOf(x.shape, attrs.axes);
    if (planes === undefined) return { nodes: [node], variants: [plain] };
    const groups = shaders.permuteGroups(planes);
    const tiled: Variant = {
      name: 'tiled',
      dialect: 'gpu',
      fits: ({ limits }) => groups.every((count) => count <= limits.maxComputeWorkgroupsPerDimension),
      steps: () => [{ code: shaders.permuteTiled(planes), bind: { x, y }, groups, flops: 0 }],
    };
    return { nodes: [node], variants: [tiled, plain] };
  },
};

/**
 * A permutation as planes of matrices that are transposed: axes that stay at the front, then two runs that change places.
 * Undefined for other orders, and for matrices so narrow that tiles would be mostly edge.
 */
function exchangeOf(
  shape: Shape,
  axes: readonly number[],
): { rows: number; columns: number; planes: number } | undefined {
  const still = axes.findIndex((axis, i) => axis !== i);
  const moved = axes.slice(still);
  const cut = moved.indexOf(still);
  const isExchange = moved.every((axis, i) => axis === still + ((i - cut + moved.length) % moved.length));
  if (still < 0 || !isExchange) return undefined;
  const sizes = (part: readonly number[]): number => sizeOf(part.map((axis) => shape[axis] ?? 1));
  const [columns, rows] = [sizes(moved.slice(0, cut)), sizes(moved.slice(cut))];
  if (Math.min(rows, columns) < FEWEST_IN_LINE) return undefined;
  return { rows, columns, planes: sizeOf(shape.slice(0, still)) };
}

export const sliceKernel = single(sliceOp, ({ inputs: [x], outputs: [y], attrs: { starts, steps } }) => {
  const strides = stridesOf(x.shape);
  const offset = starts.reduce((sum, start, axis) => sum + start * (strides[axis] ?? 1), 0);
  const axes = y.shape.map((size, axis) => ({ size, stride: (strides[axis] ?? 1) * (steps[axis] ?? 1) }));
  return [moving(shaders.strided({ name: 'slice', from: sizeOf(x.shape), offset, axes }), { x, y }, sizeOf(y.shape))];
});

export const padKernel = single(padOp, ({ inputs: [x], outputs: [y], attrs: { before, steps, value } }) => {
  const axes = y.shape.map((size, axis) => ({
    size,
    own: x.shape[axis] ?? 1,
    before: before[axis] ?? 0,
    step: steps[axis] ?? 1,
  }));
  const word = x.dtype === 'f32' ? (new Uint32Array(Float32Array.of(value).buffer)[0] ?? 0) : value;
  return [moving(shaders.pad({ axes, word }), { x, y }, sizeOf(y.shape))];
});

/** Parts of one dispatch: a kernel binds at most 8 buffers, and the result is one of them. */
const MOST_PARTS = 7;

export const concatKernel = single(concatOp, ({ inputs, outputs: [y], attrs: { axis } }) => {
  const inner = (tensor: Tensor): number => sizeOf(tensor.shape.slice(axis));
  const outer = sizeOf(y.shape.slice(0, axis));
  const unit = sizeOf(y.shape.slice(axis + 1));
  const starts = startsOf(inputs, axis);
  const steps: Step[] = [];
  for (let first = 0; first < inputs.length; first += MOST_PARTS) {
    const some = inputs.slice(first, first + MOST_PARTS);
    const parts = some.map((part, i) => ({ start: (starts[first + i] ?? 0) * unit, width: inner(part) }));
    const bind = Object.fromEntries([...some.map((part, i) => [`x${i}`, part] as const), ['y', y] as const]);
    const elements = some.reduce((sum, part) => sum + sizeOf(part.shape), 0);
    steps.push(moving(shaders.concat({ outer, width: inner(y), parts }), bind, elements));
  }
  return steps;
});
