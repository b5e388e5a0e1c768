import { mustHaveRank, sizeOf } from '../core/shape.js';
import type { Tensor } from '../graph/graph.js';
import { add } from '../ops/arithmetic.js';
import { conv1d as convolveLine, convTranspose1d as transposeLine } from '../ops/conv1d.js';
import type { Conv1dOptions, ConvTranspose1dOptions } from '../ops/conv1d.js';
import { conv2d as convolve } from '../ops/conv2d.js';
import { convTranspose2d as transpose, type ConvTranspose2dOptions } from '../ops/convTranspose2d.js';
import { pairOf, type Conv2dOptions, type Pair } from '../ops/convWindow.js';
import { reshape } from '../ops/reshape.js';
import { parameterOf, type Layer } from './layer.js';

interface Bias {
  /** True by default. */
  readonly bias?: boolean;
}

export type Conv1dLayerOptions = Conv1dOptions & Bias;
export type Conv2dLayerOptions = Conv2dOptions & Bias;
export type ConvTranspose1dLayerOptions = ConvTranspose1dOptions & Bias;
export type ConvTranspose2dLayerOptions = ConvTranspose2dOptions & Bias;

/** What differs between the convolutions: their op, their filters' shape, and what one output sums. */
interface ConvLayer {
  readonly kind: string;
  /** Channels of the result. */
  readonly filters: number;
  readonly window: readonly number[];
  readonly options: Bias & { readonly groups?: number };
  /** Whether filters are laid out by the channels that go in: [C, filters/groups, …] instead of [filters, C/groups, …]. */
  readonly transposed: boolean;
  readonly layout: string;
  apply(x: Tensor, w: Tensor): Tensor;
}

function convLayer({ kind, filters, window, options, transposed, layout, apply }: ConvLayer): Layer {
  const { bias = true, groups = 1 } = options;
  const ones = window.map(() => 1);
  return {
    label: `${kind} ${filters} ${window.join('×')}`,
    prefix: transposed ? 'convTranspose' : 'conv',
    parameters: (input) => {
      mustHaveRank(kind, 'x', input, window.length + 2, layout);
      const channels = input[1] ?? 1;
      const [outer, inner] = transposed ? [channels, filters / groups] : [filters, channels / groups];
      const fanIn = inner * sizeOf(window);
      const weight = { shape: [outer, inner, ...window], fanIn };
      return bias ? { weight, bias: { shape: [filters], fanIn } } : { weight };
    },
    apply: (x, parameters) => {
      const y = apply(x, parameterOf(parameters, 'weight'));
      return bias ? add(y, reshape(parameterOf(parameters, 'bias'), [filters, ...ones])) : y;
    },
    macs: (input, output) => {
      const walked = transposed ? sizeOf(input.slice(1)) * filters : sizeOf(output.slice(1)) * (input[1] ?? 1);
      return (walked * sizeOf(window)) / groups;
    },
  };
}

/**
 * Convolution of [N, C, H, W] with so many filters, plus a bias: `weight` [filters, C/groups, R, S], `bias` [filters].
 * With as many groups as channels it is depthwise.
 * @param window R and S
 */
export function conv2d(filters: number, window: Pair, options: Conv2dLayerOptions = {}): Layer {
  return convLayer({
    kind: 'conv2d',
    filters,
    window: pairOf(window, 1),
    options,
    transposed: false,
    layout: '[N, C, H, W]',
    apply: (x, w) => convolve(x, w, options),
  });
}

/** Convolution of [N, C, L] with so many filters, plus a bias: `weight` [filters, C/groups, window], `bias` [filters]. */
export function conv1d(filters: number, window: number, options: Conv1dLayerOptions = {}): Layer {
  return convLayer({
    kind: 'conv1d',
    filters,
    window: [window],
    options,
    transposed: false,
    layout: '[N, C, L]',
    apply: (x, w) => convolveLine(x, w, options),
  });
}

/**
 * Transposed convolution of [N, C, H, W] to so many channels, plus a bias: `weight` [C, filters/groups, R, S],
 * `bias` [filters].
 * @param window R and S
 */
export function convTranspose2d(filters: number, window: Pair, options: ConvTranspose2dLayerOptions = {}): Layer {
  return convLayer({
    kind: 'convTranspose2d',
    filters,
    window: pairOf(window, 1),
    options,
    transposed: true,
    layout: '[N, C, H, W]',
    apply: (x, w) => transpose(x, w, options),
  });
}

/** Transposed convolution of [N, C, L] to so many channels, plus a bias: `weight` [C, filters/groups, window], `bias` [filters]. */
export function convTranspose1d(filters: number, window: number, options: ConvTranspose1dLayerOptions = {}): Layer {
  return convLayer({
    kind: 'convTranspose1d',
    filters,
    window: [window],
    options,
    transposed: true,
    layout: '[N, C, L]',
    apply: (x, w) => transposeLine(x, w, options),
  });
}
