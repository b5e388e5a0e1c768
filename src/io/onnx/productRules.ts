// Products of matrices and convolutions; a bias that is added to one goes into it. ONNX operator specification, opset 17:
// Gemm, MatMul, Conv, ConvTranspose, Add.

import type { Shape } from '../../core/shape.js';
import { addOp } from '../../ops/arithmetic.js';
import { conv2dGradX, conv2dOp, type Conv2dGradXAttrs } from '../../ops/conv2d.js';
import { reachOf, type Conv2dAttrs } from '../../ops/convWindow.js';
import { matmulOp, type MatmulLayout } from '../../ops/matmul.js';
import { matmulBatchedOp } from '../../ops/matmulBatched.js';
import { imageOf } from '../../ops/poolWindow.js';
import { reshapeOp } from '../../ops/reshape.js';
import type { Call } from './pieces.js';
import { rule, type Rule, type Site } from './rule.js';

const shapeOf = (site: Site, place: number): Shape => site.node.inputs[place]?.shape ?? [];

function product(site: Site, { layout }: { readonly layout: MatmulLayout }, bias?: string): Call {
  const operands = [site.input(0), site.input(1)];
  if (layout === 'nn' && bias === undefined) return { op: 'MatMul', inputs: operands };
  return {
    op: 'Gemm',
    inputs: bias === undefined ? operands : [...operands, bias],
    attributes: { transA: { int: layout === 'tn' ? 1 : 0 }, transB: { int: layout === 'nt' ? 1 : 0 } },
  };
}

function batched(site: Site, { layout }: { readonly layout: MatmulLayout }): Call {
  const operand = (place: number, isTransposed: boolean): string => {
    if (!isTransposed) return site.input(place);
    const axes = [...shapeOf(site, place).keys()];
    const perm = [...axes.slice(0, -2), axes.length - 1, axes.length - 2];
    return site.call('Transpose', [site.input(place)], { perm: { ints: perm } });
  };
  return { op: 'MatMul', inputs: [operand(0, layout === 'tn'), operand(1, layout === 'nt')] };
}

const walk = ({ stride, dilation, groups }: Conv2dAttrs, window: readonly [number, number]) => ({
  kernel_shape: { ints: window },
  strides: { ints: stride },
  dilations: { ints: dilation },
  group: { int: groups },
});

const operandsOf = (site: Site, bias: string | undefined): string[] => [
  site.input(0),
  site.input(1),
  ...(bias === undefined ? [] : [bias]),
];

function convolution(site: Site, attrs: Conv2dAttrs, bias?: string): Call {
  const { padding, end = padding } = attrs;
  if (Math.min(...end) < 0) throw site.refuse(`${end.join('×')} zeros at the end`);
  return {
    op: 'Conv',
    inputs: operandsOf(site, bias),
    attributes: { ...walk(attrs, imageOf(shapeOf(site, 1))), pads: { ints: [...padding, ...end] } },
  };
}

/** The adjoint of a convolution: its result is as large as the image, by what is cut off at the end or added there. */
function transposed(site: Site, attrs: Conv2dGradXAttrs, bias?: string): Call {
  const { stride, padding, dilation, image } = attrs;
  const results = imageOf(shapeOf(site, 0));
  const window = imageOf(shapeOf(site, 1));
  const cutAlong = (axis: 0 | 1): number => {
    const whole = (results[axis] - 1) * stride[axis] + reachOf(window[axis], dilation[axis]);
    return whole - padding[axis] - image[axis];
  };
  const rest = [cutAlong(0), cutAlong(1)];
  return {
    op: 'ConvTranspose',
    inputs: operandsOf(site, bias),
    attributes: {
      ...walk(attrs, window),
      pads: { ints: [...padding, ...rest.map((cut) => Math.max(cut, 0))] },
      output_padding: { ints: rest.map((cut) => Math.max(-cut, 0)) },
    },
  };
}

/** A bias [K] under the shape [K, 1, 1] that broadcasting wants, as a name; undefined for another operand. */
function biasOfChannels(site: Site): string | undefined {
  const from = site.from(1);
  if (from === undefined || reshapeOp.attrsOf(from.node) === undefined) return undefined;
  const channels = site.node.outputs[0]?.shape[1] ?? 0;
  const isBias = (shape: Shape, rank: number): boolean =>
    shape.length === rank && shape[0] === channels && shape.slice(1).every((size) => size === 1);
  return isBias(shapeOf(from, 0), 1) && isBias(shapeOf(site, 1), 3) ? from.input(0) : undefined;
}

function sum(site: Site): Call {
  const made = site.only(0);
  const matmul = made && matmulOp.attrsOf(made.node);
  const [bias] = shapeOf(site, 1);
  if (made && matmul && shapeOf(site, 1).length === 1 && bias === shapeOf(site, 0)[1])
    return product(made, matmul, site.input(1));
  const conv = made && conv2dOp.attrsOf(made.node);
  const adjoint = made && conv2dGradX.attrsOf(made.node);
  const ofChannels = conv || adjoint ? biasOfChannels(site) : undefined;
  if (made && conv && ofChannels) return convolution(made, conv, ofChannels);
  if (made && adjoint && ofChannels) return transposed(made, adjoint, ofChannels);
  return { op: 'Add', inputs: [site.input(0), site.input(1)] };
}

export const productRules: readonly Rule[] = [
  rule(addOp, sum),
  rule(matmulOp, product),
  rule(matmulBatchedOp, batched),
  rule(conv2dOp, convolution),
  rule(conv2dGradX, transposed),
];
