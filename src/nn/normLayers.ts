// Layers that normalise, and dropout: those that differ between training and evaluation say so by the mode.

import type { Shape } from '../core/shape.js';
import { dropout as dropoutOp, mustBeChance } from '../ops/dropout.js';
import { trackStatistics } from '../ops/moments.js';
import { batchNorm as normaliseBatch, batchNormBy } from '../ops/norms.js';
import { groupNorm as normaliseGroups, layerNorm as normaliseLayer, rmsNorm as normaliseRms } from '../ops/norms.js';
import type { Affine } from '../ops/norms.js';
import { parameterOf, type Layer, type LayerContext, type LayerParameter } from './layer.js';
import type { Tensor } from '../graph/graph.js';

export interface NormLayerOptions {
  /** Whether each channel has a weight and a bias; true by default. */
  readonly affine?: boolean;
  /** Added to the variance before its root is taken; 1e-5 by default. */
  readonly epsilon?: number;
}

export interface BatchNormLayerOptions extends NormLayerOptions {
  /** The share of a batch in the running statistics; 0.1 by default. */
  readonly momentum?: number;
}

/** A weight of ones and a bias of zeros. */
const affineOf = (shape: Shape, { affine = true }: NormLayerOptions): Readonly<Record<string, LayerParameter>> =>
  affine ? { weight: { shape, fanIn: 1, initial: 1 }, bias: { shape, fanIn: 1, initial: 0 } } : {};

/** What the op of a norm takes. */
const applied = (parameters: Readonly<Record<string, Tensor>>, { epsilon }: NormLayerOptions): Affine => ({
  weight: parameters['weight'],
  bias: parameters['bias'],
  ...(epsilon === undefined ? {} : { epsilon }),
});

/**
 * Batch normalisation of [N, C] or [N, C, …]: `weight` and `bias` [C], and the states `running_mean` and `running_var`
 * [C]. In training a batch is normalised by its own statistics, and those move the running ones; in evaluation the running
 * ones count. As torch.nn.BatchNorm1d and BatchNorm2d.
 */
export function batchNorm(options: BatchNormLayerOptions = {}): Layer {
  const channelsOf = (input: Shape): Shape => [input[1] ?? 1];
  const { momentum = 0.1 } = options;
  return {
    label: 'batchNorm',
    prefix: 'bn',
    parameters: (input) => affineOf(channelsOf(input), options),
    states: (input) => ({
      running_mean: { shape: channelsOf(input), initial: 0 },
      running_var: { shape: channelsOf(input), initial: 1 },
    }),
    apply: (x, parameters, { mode, states }: LayerContext) => {
      const running = [parameterOf(states, 'running_mean'), parameterOf(states, 'running_var')] as const;
      const own = applied(parameters, options);
      if (mode.kind === 'evaluate') return batchNormBy(x, ...running, own);
      const { live } = mode;
      const { y, batch } = normaliseBatch(x, { ...own, live });
      const [rows = 1, , ...rest] = x.shape;
      const run = rest.reduce((product, size) => product * size, 1);
      mode.atEnd((guard) => {
        const next = trackStatistics(running, batch, guard, live, { momentum, rows, run });
        running.forEach((state, i) => x.graph.assign(state, next[i] as Tensor));
      });
      return y;
    },
  };
}

export interface LastAxesOptions extends NormLayerOptions {
  /** How many of the last axes are normalised together; 1 by default, and never the batch's own. */
  readonly axes?: number;
}

/** Layer normalisation over the last axes: `weight` and `bias` of their shape. As torch.nn.LayerNorm. */
export const layerNorm = (options: LastAxesOptions = {}): Layer => ({
  label: 'layerNorm',
  prefix: 'ln',
  parameters: (input) => affineOf(input.slice(-(options.axes ?? 1)), options),
  apply: (x, parameters) => normaliseLayer(x, options.axes ?? 1, applied(parameters, options)),
});

/** Root mean square normalisation over the last axes: `weight` of their shape. As torch.nn.RMSNorm, but for its ε. */
export const rmsNorm = (options: LastAxesOptions = {}): Layer => ({
  label: 'rmsNorm',
  prefix: 'rms',
  parameters: (input) => {
    const { bias: _, ...weight } = affineOf(input.slice(-(options.axes ?? 1)), options);
    return weight;
  },
  apply: (x, parameters) => normaliseRms(x, options.axes ?? 1, applied(parameters, options)),
});

/** Group normalisation of [N, C, …]: `weight` and `bias` [C]. As torch.nn.GroupNorm. @param groups a divisor of C */
export const groupNorm = (groups: number, options: NormLayerOptions = {}): Layer => ({
  label: `groupNorm ${groups}`,
  prefix: 'gn',
  parameters: (input) => affineOf([input[1] ?? 1], options),
  apply: (x, parameters) => normaliseGroups(x, groups, applied(parameters, options)),
});

/**
 * In training, elements are dropped with chance p and the others scaled by 1/(1 − p); in evaluation nothing happens. As
 * torch.nn.Dropout. @param p from 0 to below 1; 0.5 by default
 */
export function dropout(p = 0.5): Layer {
  mustBeChance('dropout', p);
  return {
    label: `dropout ${p}`,
    apply: (x, _, { mode, stream }) =>
      mode.kind === 'evaluate' || p === 0 ? x : dropoutOp(x, mode.step, { p, seed: mode.seed, stream }),
  };
}
