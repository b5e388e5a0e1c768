import { made } from '../core/recipe.js';
import { adagradUpdate } from '../ops/optimizers.js';
import { appendUpdate, type Optimizer } from './optimizer.js';
import { mustBePositive } from './settings.js';

export interface AdagradOptions {
  /** Learning rate; 0.01 by default. */
  readonly rate?: number;
  /** η in rate/(1 + (t − 1)·η); 0 by default. */
  readonly rateDecay?: number;
  /** Added to the root; 1e-10 by default. */
  readonly epsilon?: number;
  /** λ in g ← g + λ·w; 0 by default. */
  readonly weightDecay?: number;
}

/**
 * Adagrad, step for step that of torch.optim.Adagrad with sums that begin at 0:
 *
 *   g ← g + λ·w      s ← s + g²      w ← w − rate/(1 + (t − 1)·η) · g/(√s + ε)
 *
 * Source: Duchi, Hazan & Singer 2011, figure 1.
 * @throws EngineError 'usage' for a rate that is not positive, or a decay below 0
 */
export function adagrad(options: AdagradOptions = {}): Optimizer {
  const { rate = 0.01, rateDecay = 0, epsilon = 1e-10, weightDecay = 0 } = options;
  mustBePositive('adagrad', 'rate', rate);
  mustBePositive('adagrad', 'rate decay', rateDecay, true);
  mustBePositive('adagrad', 'epsilon', epsilon);
  mustBePositive('adagrad', 'weight decay', weightDecay, true);
  const attrs = { epsilon, weightDecay };
  return made(
    { kind: 'adagrad', rate, rateDecay, ...attrs },
    {
      name: 'adagrad',
      rate,
      weightDecay,
      update: (graph, operands) => appendUpdate(graph, operands, adagradUpdate, attrs, ['adagrad.squares']),
      row: (step, now) => [now / (1 + (step - 1) * rateDecay), 0, 0, 0],
    },
  );
}
