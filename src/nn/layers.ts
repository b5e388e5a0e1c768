import { EngineError } from '../core/errors.js';
import { mustHaveRank, sizeOf, sizes2, sizes4 } from '../core/shape.js';
import type { Tensor } from '../graph/graph.js';
import { add } from '../ops/arithmetic.js';
import { avgPool2d as avgPool } from '../ops/avgPool2d.js';
import { conv2d as convolve, pairOf, type Conv2dOptions } from '../ops/conv2d.js';
import { dense as denseOp } from '../ops/matmul.js';
import { maxPool2d as maxPool } from '../ops/maxPool2d.js';
import { relu as reluOp } from '../ops/relu.js';
import { flatten as flattenOp, reshape } from '../ops/reshape.js';
import type { Layer } from './layer.js';

export interface Conv2dLayerOptions extends Conv2dOptions {
  /** True by default. */
  readonly bias?: boolean;
}

export interface PoolLayerOptions {
  /** The window's size by default. */
  readonly stride?: number | readonly [number, number];
  /** 0 by default, at most half the window. */
  readonly padding?: number | readonly [number, number];
}

/** A parameter that the net made because the layer asked for it. */
function parameterOf(parameters: Readonly<Record<string, Tensor>>, name: string): Tensor {
  const tensor = parameters[name];
  if (tensor !== undefined) return tensor;
  throw new EngineError('graph', {
    place: 'layer',
    given: `no parameter ${name}`,
    wanted: 'the parameters it asked for',
  });
}

/**
 * Convolution of [N, C, H, W] with so many filters, plus a bias: `weight` [filters, C/groups, R, S], `bias` [filters].
 * @param window R and S
 */
export function conv2d(
  filters: number,
  window: number | readonly [number, number],
  options: Conv2dLayerOptions = {},
): Layer {
  const [R, S] = pairOf(window, 1);
  const { bias = true, groups = 1 } = options;
  return {
    label: `conv2d ${filters} ${R}×${S}`,
    prefix: 'conv',
    parameters: (input) => {
      mustHaveRank('conv2d', 'x', input, 4, '[N, C, H, W]');
      const channels = sizes4(input)[1] / groups;
      const fanIn = channels * R * S;
      const weight = { shape: [filters, channels, R, S], fanIn };
      return bias ? { weight, bias: { shape: [filters], fanIn } } : { weight };
    },
    apply: (x, parameters) => {
      const y = convolve(x, parameterOf(parameters, 'weight'), options);
      return bias ? add(y, reshape(parameterOf(parameters, 'bias'), [filters, 1, 1])) : y;
    },
    macs: (input, output) => (sizeOf(output.slice(1)) * sizes4(input)[1] * R * S) / groups,
  };
}

/** y = x·weightᵀ + bias of [N, C]: `weight` [units, C], `bias` [units]. */
export const dense = (units: number, options: { readonly bias?: boolean } = {}): Layer => ({
  label: `dense ${units}`,
  prefix: 'fc',
  parameters: (input) => {
    mustHaveRank('dense', 'x', input, 2, '[N, C]');
    const [, fanIn] = sizes2(input);
    const weight = { shape: [units, fanIn], fanIn };
    return options.bias === false ? { weight } : { weight, bias: { shape: [units], fanIn } };
  },
  apply: (x, parameters) =>
    options.bias === false
      ? denseOp(x, parameterOf(parameters, 'weight'))
      : denseOp(x, parameterOf(parameters, 'weight'), parameterOf(parameters, 'bias')),
  macs: (input, output) => sizes2(input)[1] * sizes2(output)[1],
});

/** max(x, 0). */
export const relu = (): Layer => ({ label: 'relu', apply: reluOp });

/** The largest value of each window of [N, C, H, W]. */
export const maxPool2d = (window: number | readonly [number, number], options: PoolLayerOptions = {}): Layer => ({
  label: `maxPool2d ${pairOf(window, 1).join('×')}`,
  apply: (x) => maxPool(x, { window, ...options }),
});

/** The mean of each window of [N, C, H, W]; padding counts as zeros. */
export const avgPool2d = (window: number | readonly [number, number], options: PoolLayerOptions = {}): Layer => ({
  label: `avgPool2d ${pairOf(window, 1).join('×')}`,
  apply: (x) => avgPool(x, { window, ...options }),
});

/** [N, …] → [N, the product of the rest]. */
export const flatten = (): Layer => ({ label: 'flatten', apply: flattenOp });
