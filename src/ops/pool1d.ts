import type { Tensor } from '../graph/graph.js';
import { adaptiveAvgPool2d, adaptiveMaxPool2d } from './adaptivePool2d.js';
import { avgPool2d } from './avgPool2d.js';
import { alongColumns, asLines, asRows } from './lines.js';
import { maxPool2d } from './maxPool2d.js';

export interface Pool1dOptions {
  /** Samples of a window, at least 1. */
  readonly window: number;
  /** Samples between neighbouring windows, at least 1; the window itself by default. */
  readonly stride?: number;
  /** Samples added on both sides, at most half the window; 0 by default. */
  readonly padding?: number;
  /** Whether samples at the end that fill no window get one more; false by default. */
  readonly ceilMode?: boolean;
}

export interface MaxPool1dOptions extends Pool1dOptions {
  /** Samples between neighbouring taps of one window, at least 1; 1 by default. */
  readonly dilation?: number;
}

export interface AvgPool1dOptions extends Pool1dOptions {
  /** Whether padding counts as zeros that are averaged too; true by default. */
  readonly countIncludePad?: boolean;
}

const rowOptions = ({ window, stride, padding, ceilMode = false }: Pool1dOptions) => ({
  window: [1, window] as const,
  stride: alongColumns(stride ?? window, 1),
  padding: alongColumns(padding, 0),
  ceilMode,
});

/** `maxPool2d` of signals: x [N, C, L] → y [N, C, Q]. As torch.nn.functional.max_pool1d; throws as `maxPool2d`. */
export function maxPool1d(x: Tensor, options: MaxPool1dOptions): Tensor {
  const rows = asRows('maxPool1d', 'x', x, '[N, C, L]');
  return asLines(maxPool2d(rows, { ...rowOptions(options), dilation: alongColumns(options.dilation, 1) }));
}

/** `avgPool2d` of signals: x [N, C, L] → y [N, C, Q]. As torch.nn.functional.avg_pool1d; throws as `avgPool2d`. */
export function avgPool1d(x: Tensor, options: AvgPool1dOptions): Tensor {
  const { countIncludePad = true } = options;
  return asLines(avgPool2d(asRows('avgPool1d', 'x', x, '[N, C, L]'), { ...rowOptions(options), countIncludePad }));
}

/** `adaptiveAvgPool2d` of signals: x [N, C, L] → y [N, C, size]. As torch.nn.functional.adaptive_avg_pool1d. */
export const adaptiveAvgPool1d = (x: Tensor, size: number): Tensor =>
  asLines(adaptiveAvgPool2d(asRows('adaptiveAvgPool1d', 'x', x, '[N, C, L]'), [1, size]));

/** `adaptiveMaxPool2d` of signals: x [N, C, L] → y [N, C, size]. As torch.nn.functional.adaptive_max_pool1d. */
export const adaptiveMaxPool1d = (x: Tensor, size: number): Tensor =>
  asLines(adaptiveMaxPool2d(asRows('adaptiveMaxPool1d', 'x', x, '[N, C, L]'), [1, size]));
