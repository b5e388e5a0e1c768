import { mustBeFraction, mustBePositive } from './settings.js';
import { adamUpdate } from '../ops/optimizers.js';
import type { Optimizer } from './optimizer.js';

export interface AdamOptions {
  /** Learning rate; 0.001 by default. */
  readonly rate?: number;
  /** Decay of the first moment; 0.9 by default. */
  readonly beta1?: number;
  /** Decay of the second moment; 0.999 by default. */
  readonly beta2?: number;
  /** Added to the root of the second moment; 1e-8 by default. */
  readonly epsilon?: number;
  /** λ in g ← g + λ·w; 0 by default. */
  readonly weightDecay?: number;
}

/**
 * Adam, step for step that of torch.optim.Adam:
 *
 *   g ← g + λ·w      m ← β₁·m + (1 − β₁)·g      v ← β₂·v + (1 − β₂)·g²
 *   w ← w − rate/(1 − β₁ᵗ) · m / (√v/√(1 − β₂ᵗ) + ε)
 *
 * Source: Kingma & Ba 2015, arXiv 1412.6980, algorithm 1.
 * @throws EngineError 'usage' for a rate that is not positive, or a decay out of range
 */
export function adam(options: AdamOptions = {}): Optimizer {
  const { rate = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0 } = options;
  mustBePositive('adam', 'rate', rate);
  mustBeFraction('adam', 'beta1', beta1);
  mustBeFraction('adam', 'beta2', beta2);
  mustBePositive('adam', 'epsilon', epsilon);
  mustBePositive('adam', 'weight decay', weightDecay, true);
  return {
    name: 'adam',
    rate,
    update: (graph, { parameters, gradients, rates, step, guard }) => {
      const first = graph.state('adam.first', parameters.shape);
      const second = graph.state('adam.second', parameters.shape);
      const [weights, m, v] = adamUpdate.apply([parameters, gradients, first, second, rates, step, guard], {
        beta1,
        beta2,
        epsilon,
        weightDecay,
      });
      if (weights !== undefined) graph.assign(parameters, weights);
      if (m !== undefined) graph.assign(first, m);
      if (v !== undefined) graph.assign(second, v);
    },
    row: (step, now) => [now, now / (1 - beta1 ** step), Math.sqrt(1 - beta2 ** step), 0],
  };
}
