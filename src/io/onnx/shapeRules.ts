// Ops that move, choose and add up. ONNX operator specification, opset 17: Reshape, Flatten, Transpose, Concat, Slice, Pad,
// Expand, Gather, ReduceSum, ReduceMean, ReduceMax, ReduceMin, GlobalAveragePool, ArgMax, Softmax, LogSoftmax.

import { sizeOf } from '../../core/shape.js';
import { constantOp } from '../../ops/constant.js';
import { concatOp } from '../../ops/concat.js';
import { embeddingOp } from '../../ops/embedding.js';
import { amaxOp, aminOp, argmaxOp } from '../../ops/extremes.js';
import { permuteOp } from '../../ops/permute.js';
import { broadcastOp, sumOp } from '../../ops/reduce.js';
import { reshapeOp } from '../../ops/reshape.js';
import { scaleOp } from '../../ops/scale.js';
import { padOp, sliceOp, type SliceAttrs } from '../../ops/slice.js';
import { argmaxRowsOp, logSoftmaxOp, softmaxOp } from '../../ops/softmax.js';
import type { Call, Sizes } from './pieces.js';
import { alike, rule, type Rule, type Site } from './rule.js';

const sizesIn = (site: Site): Sizes => (site.node.inputs[0] ? site.sizesOf(site.node.inputs[0]) : []);
const sizesOut = (site: Site): Sizes => (site.node.outputs[0] ? site.sizesOf(site.node.outputs[0]) : []);

const whole = (site: Site, name: string, values: readonly number[]): string =>
  site.constant(name, values, [values.length], 'int64');

/** What Reshape takes: −1 for the one size that follows from the others. */
export function target(site: Site, sizes: Sizes): string {
  const growing = sizes.filter((size) => typeof size !== 'number');
  if (growing.length > 1) throw site.refuse('a shape with several sizes that grow with the batch');
  return whole(
    site,
    'shape',
    sizes.map((size) => (typeof size === 'number' ? size : -1)),
  );
}

function reshaped(site: Site): Call | string {
  const [from, to] = [sizesIn(site), sizesOut(site)];
  if (from.length === to.length && from.every((size, axis) => size !== undefined && size === to[axis]))
    return site.input(0);
  if (to.length === 2 && from.length > 0 && from[0] !== undefined && from[0] === to[0])
    return { op: 'Flatten', inputs: [site.input(0)], attributes: { axis: { int: 1 } } };
  return { op: 'Reshape', inputs: [site.input(0), target(site, to)] };
}

function repeated(site: Site): Call {
  const [from, to] = [sizesIn(site), sizesOut(site)];
  // A size of 1 leaves an axis as it is, so one that grows with the batch need not be known.
  const shape = to.map((size, axis) => {
    if (typeof size === 'number') return size;
    if (from[axis - to.length + from.length] === size && size !== undefined) return 1;
    throw site.refuse('repeated for each image of a batch');
  });
  return { op: 'Expand', inputs: [site.input(0), whole(site, 'shape', shape)] };
}

function sliced(site: Site, { starts, ends, steps }: SliceAttrs): Call {
  const [from, to] = [sizesIn(site), sizesOut(site)];
  const axes = [...from.keys()].filter((axis) => {
    const isWhole = starts[axis] === 0 && steps[axis] === 1 && from[axis] === to[axis] && from[axis] !== undefined;
    if (!isWhole && typeof from[axis] !== 'number') throw site.refuse('a part of the batch');
    return !isWhole;
  });
  const along = (name: string, values: readonly number[]): string =>
    whole(
      site,
      name,
      axes.map((axis) => values[axis] ?? 0),
    );
  return {
    op: 'Slice',
    inputs: [
      site.input(0),
      along('starts', starts),
      along('ends', ends),
      whole(site, 'axes', axes),
      along('steps', steps),
    ],
  };
}

/** A sum that is divided by the number of its terms is a mean. */
function scaled(site: Site, { factor }: { readonly factor: number }): Call {
  const sum = site.only(0);
  const axes = sum && sumOp.attrsOf(sum.node)?.axes;
  const shape = sum?.node.inputs[0]?.shape ?? [];
  // The very quotient that `mean` says.
  if (sum && axes && factor === sizeOf(sum.node.outputs[0]?.shape ?? []) / sizeOf(shape)) {
    const isOfImages = shape.length === 4 && axes.join() === '2,3';
    return isOfImages
      ? { op: 'GlobalAveragePool', inputs: [sum.input(0)] }
      : { op: 'ReduceMean', inputs: [sum.input(0)], attributes: { axes: { ints: axes }, keepdims: { int: 1 } } };
  }
  return { op: 'Mul', inputs: [site.input(0), site.constant('factor', [factor])] };
}

const extreme = (op: typeof amaxOp, name: string): Rule =>
  rule(op, (site, { axes }) => ({
    op: name,
    inputs: [site.input(0)],
    attributes: { axes: { ints: axes }, keepdims: { int: 1 } },
  }));

export const shapeRules: readonly Rule[] = [
  rule(reshapeOp, reshaped, { grows: true }),
  rule(broadcastOp, repeated, { grows: true }),
  rule(sliceOp, sliced, { grows: true }),
  rule(permuteOp, (site, { axes }) => ({
    op: 'Transpose',
    inputs: [site.input(0)],
    attributes: { perm: { ints: axes } },
  })),
  rule(concatOp, (site, { axis }) => ({
    op: 'Concat',
    inputs: site.node.inputs.map((_, place) => site.input(place)),
    attributes: { axis: { int: axis } },
  })),
  rule(padOp, (site, { before, after, steps, value }) => {
    if (steps.some((step) => step !== 1)) throw site.refuse('zeros between elements');
    const type = site.node.inputs[0]?.dtype === 'f32' ? 'float' : 'int64';
    return {
      op: 'Pad',
      inputs: [site.input(0), whole(site, 'pads', [...before, ...after]), site.constant('around', [value], [], type)],
    };
  }),
  rule(constantOp, (site, { values, shape, dtype }) =>
    site.constant('values', values, shape, dtype === 'f32' ? 'float' : 'int64'),
  ),
  alike(embeddingOp, 'Gather'),
  rule(sumOp, (site, { axes }) => ({ op: 'ReduceSum', inputs: [site.input(0), whole(site, 'axes', axes)] })),
  rule(scaleOp, scaled),
  extreme(amaxOp, 'ReduceMax'),
  extreme(aminOp, 'ReduceMin'),
  rule(argmaxOp, (site, { axis }) => ({
    op: 'ArgMax',
    inputs: [site.input(0)],
    attributes: { axis: { int: axis }, keepdims: { int: 1 } },
  })),
  alike(argmaxRowsOp, 'ArgMax', { axis: { int: 1 }, keepdims: { int: 0 } }),
  alike(softmaxOp, 'Softmax', { axis: { int: 1 } }),
  alike(logSoftmaxOp, 'LogSoftmax', { axis: { int: 1 } }),
];
