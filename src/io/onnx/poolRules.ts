// Pools. ONNX operator specification, opset 17: MaxPool, AveragePool, Pad. Where a window reaches past the padded image,
// runtimes disagree about `ceil_mode` and its divisors, so what lies there is said in numbers.

import { sizes4, type Shape } from '../../core/shape.js';
import { adaptiveAvgPool2dOp, adaptiveMaxPool2dOp, windowAlong, type AdaptiveAttrs } from '../../ops/adaptivePool2d.js';
import { avgPool2dOp, divisorAt, type AvgPoolAttrs } from '../../ops/avgPool2d.js';
import { reachOf } from '../../ops/convWindow.js';
import { maxPool2dOp } from '../../ops/maxPool2d.js';
import { imageOf, type PoolAttrs } from '../../ops/poolWindow.js';
import type { Attributes, Call } from './pieces.js';
import { rule, type Rule, type Site } from './rule.js';

const shapeIn = (site: Site): Shape => site.node.inputs[0]?.shape ?? [];
const shapeOut = (site: Site): Shape => site.node.outputs[0]?.shape ?? [];

/** Pixels after the last row and column, such that there are exactly the op's windows. */
function endsOf(
  site: Site,
  { window, stride, padding, dilation = [1, 1], ceil }: PoolAttrs,
): readonly [number, number] {
  const image = imageOf(shapeIn(site));
  const results = imageOf(shapeOut(site));
  const along = (axis: 0 | 1): number => {
    const last = (results[axis] - 1) * stride[axis] + reachOf(window[axis], dilation[axis]);
    return ceil ? Math.max(0, last - padding[axis] - image[axis]) : padding[axis];
  };
  return [along(0), along(1)];
}

const windows = ({ window, stride }: PoolAttrs): Attributes => ({
  kernel_shape: { ints: window },
  strides: { ints: stride },
});

/** The images with a constant around them. */
const padded = (site: Site, { padding }: PoolAttrs, ends: readonly [number, number], value: number): string =>
  site.call('Pad', [
    site.input(0),
    site.constant('pads', [0, 0, ...padding, 0, 0, ...ends], [8], 'int64'),
    site.constant('around', [value]),
  ]);

function largest(site: Site, attrs: PoolAttrs): Call {
  const { padding, window, dilation = [1, 1] } = attrs;
  const ends = endsOf(site, attrs);
  const walk = { ...windows(attrs), dilations: { ints: dilation } };
  // Runtimes refuse padding that is not smaller than the window without its holes.
  const fits = [...padding, ...ends].every((pixels, side) => pixels < (window[side % 2] ?? 1));
  return fits
    ? { op: 'MaxPool', inputs: [site.input(0)], attributes: { ...walk, pads: { ints: [...padding, ...ends] } } }
    : { op: 'MaxPool', inputs: [padded(site, attrs, ends, -Infinity)], attributes: walk };
}

function average(site: Site, attrs: AvgPoolAttrs): Call {
  const { window, padding, divisor } = attrs;
  const isPadded = Math.max(...padding) > 0;
  if (divisor === undefined || (divisor === 'image' && !attrs.ceil)) {
    return {
      op: 'AveragePool',
      inputs: [site.input(0)],
      attributes: {
        ...windows(attrs),
        pads: { ints: [...padding, ...padding] },
        count_include_pad: { int: divisor === undefined && isPadded ? 1 : 0 },
      },
    };
  }
  const image = imageOf(shapeIn(site));
  const [P, Q] = imageOf(shapeOut(site));
  const mean = site.call('AveragePool', [padded(site, attrs, endsOf(site, attrs), 0)], windows(attrs));
  const factors = Array.from({ length: P * Q }, (_, i) => {
    return (window[0] * window[1]) / divisorAt(Math.floor(i / Q), i % Q, image, attrs);
  });
  return { op: 'Mul', inputs: [mean, site.constant('factors', factors, [P, Q])] };
}

/** Means of unequal windows: rows are averaged by one matrix, columns by another. */
function adaptiveAverage(site: Site, { size: [P, Q] }: AdaptiveAttrs): Call {
  const [, , H, W] = sizes4(shapeIn(site));
  const weights = (count: number, pixels: number): number[][] =>
    Array.from({ length: count }, (_, p) => {
      const [first, end] = windowAlong(p, count, pixels);
      return Array.from({ length: pixels }, (__, h) => (h >= first && h < end ? 1 / (end - first) : 0));
    });
  const columns = weights(Q, W);
  const ofRows = site.constant('rows', weights(P, H).flat(), [P, H]);
  const ofColumns = site.constant(
    'columns',
    Array.from({ length: W * Q }, (_, i) => columns[i % Q]?.[Math.floor(i / Q)] ?? 0),
    [W, Q],
  );
  return { op: 'MatMul', inputs: [ofRows, site.call('MatMul', [site.input(0), ofColumns])] };
}

/** The largest of unequal windows: of rows first, then of columns, each window by itself. */
function adaptiveLargest(site: Site, { size }: AdaptiveAttrs): Call {
  const image = imageOf(shapeIn(site));
  const along = (from: string, axis: 0 | 1): Call => {
    const at = site.constant(`axis${axis}`, [axis + 2], [1], 'int64');
    const parts = Array.from({ length: size[axis] }, (_, p) => {
      const [first, end] = windowAlong(p, size[axis], image[axis]);
      const [start, stop] = [first, end].map((pixel) => site.constant(`pixel${pixel}`, [pixel], [1], 'int64'));
      const part = site.call('Slice', [from, start ?? '', stop ?? '', at]);
      return site.call('ReduceMax', [part], { axes: { ints: [axis + 2] }, keepdims: { int: 1 } });
    });
    return { op: 'Concat', inputs: parts, attributes: { axis: { int: axis + 2 } } };
  };
  const { op, inputs, attributes } = along(site.input(0), 0);
  return along(site.call(op, inputs, attributes), 1);
}

export const poolRules: readonly Rule[] = [
  rule(maxPool2dOp, largest),
  rule(avgPool2dOp, average),
  rule(adaptiveAvgPool2dOp, adaptiveAverage),
  rule(adaptiveMaxPool2dOp, adaptiveLargest),
];
