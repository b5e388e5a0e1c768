import type { Tensor } from '../graph/graph.js';
import { conv2d } from './conv2d.js';
import { convTranspose2d } from './convTranspose2d.js';
import type { Sides } from './convWindow.js';
import { alongColumns, asLines, asRows } from './lines.js';

export interface Conv1dOptions {
  /** Samples between neighbouring windows, at least 1; 1 by default. */
  readonly stride?: number;
  /** Zeros on both sides, or [before, after]; 0 by default. 'same' and 'valid' as for `conv2d`. */
  readonly padding?: number | readonly [number, number] | 'same' | 'valid';
  /** Samples between neighbouring taps of one window, at least 1; 1 by default. */
  readonly dilation?: number;
  /** Channels are split into so many independent convolutions; 1 by default. */
  readonly groups?: number;
}

export interface ConvTranspose1dOptions extends Pick<Conv1dOptions, 'stride' | 'dilation' | 'groups'> {
  /** Samples that are left out on both sides of the result, or [before, after]; 0 by default. */
  readonly padding?: number | readonly [number, number];
  /** Samples more at the end of the result, fewer than the stride or the dilation; 0 by default. */
  readonly outputPadding?: number;
}

const paddingAlong = (padding: number | readonly [number, number]): Sides => [
  [0, 0],
  typeof padding === 'number' ? [padding, padding] : padding,
];

/**
 * 1-D cross-correlation of a batch of signals with a bank of filters.
 *
 *   y[n,k,q] = Σ_{c,s} x[n,c, q·stride + s·dilation − before] · w[k,c,s]
 *
 * @param x signals [N, C, L]; outside the signal x is 0
 * @param w filters [K, C/groups, S]
 * @returns y [N, K, Q] with Q = ⌊(L + before + after − dilation·(S − 1) − 1) / stride⌋ + 1
 * @throws EngineError 'shape' as `conv2d`, which computes it on images of one row
 * As torch.nn.functional.conv1d.
 */
export function conv1d(x: Tensor, w: Tensor, options: Conv1dOptions = {}): Tensor {
  const { padding = 0 } = options;
  const [images, filters] = [asRows('conv1d', 'x', x, '[N, C, L]'), asRows('conv1d', 'w', w, '[K, C/groups, S]')];
  const y = conv2d(images, filters, {
    stride: alongColumns(options.stride, 1),
    padding: typeof padding === 'string' ? padding : paddingAlong(padding),
    dilation: alongColumns(options.dilation, 1),
    groups: options.groups ?? 1,
  });
  return asLines(y);
}

/**
 * The adjoint of `conv1d`.
 *
 *   y[n,c,l] = Σ_{k,s} x[n,k,q] · w[k,c,s] over the windows q with q·stride + s·dilation − before = l
 *
 * @param x signals [N, K, Q]
 * @param w filters [K, C/groups, S]
 * @returns y [N, C, L] with L = (Q − 1)·stride − before − after + dilation·(S − 1) + outputPadding + 1
 * @throws EngineError 'shape' as `convTranspose2d`, which computes it on images of one row
 * As torch.nn.functional.conv_transpose1d.
 */
export function convTranspose1d(x: Tensor, w: Tensor, options: ConvTranspose1dOptions = {}): Tensor {
  const place = 'convTranspose1d';
  const [images, filters] = [asRows(place, 'x', x, '[N, K, Q]'), asRows(place, 'w', w, '[K, C/groups, S]')];
  const y = convTranspose2d(images, filters, {
    stride: alongColumns(options.stride, 1),
    padding: paddingAlong(options.padding ?? 0),
    outputPadding: alongColumns(options.outputPadding, 0),
    dilation: alongColumns(options.dilation, 1),
    groups: options.groups ?? 1,
  });
  return asLines(y);
}
