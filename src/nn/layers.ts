// Every layer that comes with the engine: a net is said with these.

import { mustHaveRank, sizes2 } from '../core/shape.js';
import { embedding as embeddingOp } from '../ops/embedding.js';
import { dense as denseOp } from '../ops/matmul.js';
import { flatten as flattenOp } from '../ops/reshape.js';
import { parameterOf, type Layer } from './layer.js';

export * from './activationLayers.js';
export * from './convLayers.js';
export * from './normLayers.js';
export * from './poolLayers.js';

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

/**
 * Rows of a table by their numbers: u32 of any shape → f32 [..., size], with `weight` [rows, size], which begins as N(0, 1).
 * As torch.nn.Embedding. Numbers come from ops: places of a sequence from `constant`, classes from `argmax`; one that is
 * `rows` or more gives NaN, which stops training. The gradient of a row is summed in one order, so it is the same bits each time.
 */
export const embedding = (rows: number, size: number): Layer => ({
  label: `embedding ${rows}×${size}`,
  prefix: 'embed',
  parameters: () => ({ weight: { shape: [rows, size], fanIn: 1, initial: 'normal' } }),
  apply: (x, parameters) => embeddingOp(parameterOf(parameters, 'weight'), x),
});

/** [N, …] → [N, the product of the rest]. */
export const flatten = (): Layer => ({ label: 'flatten', apply: flattenOp });
