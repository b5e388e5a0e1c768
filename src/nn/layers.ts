// Every layer that comes with the engine: a net is said with these.

import { mustHaveRank, sizes2 } from '../core/shape.js';
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

/** [N, …] → [N, the product of the rest]. */
export const flatten = (): Layer => ({ label: 'flatten', apply: flattenOp });
