import { made } from '../core/recipe.js';
import { sgdUpdate } from '../ops/optimizers.js';
import { appendUpdate, type Optimizer } from './optimizer.js';
import { mustBeFraction, mustBePositive } from './settings.js';

export interface SgdOptions {
  /** Learning rate; 0.001 by default. */
  readonly rate?: number;
  /** μ in v ← μ·v + g; 0.9 by default. */
  readonly momentum?: number;
  /** Step along g + μ·v instead of v. */
  readonly nesterov?: boolean;
  /** λ in g ← g + λ·w; 0 by default. */
  readonly weightDecay?: number;
}

/**
 * Stochastic gradient descent with momentum, step for step that of torch.optim.SGD with dampening 0:
 *
 *   g ← g + λ·w      v ← μ·v + g      w ← w − rate·(nesterov ? g + μ·v : v)
 *
 * @throws EngineError 'usage' for a rate that is not positive, or a momentum or decay out of range
 */
export function sgd(options: SgdOptions = {}): Optimizer {
  const { rate = 0.001, momentum = 0.9, nesterov = false, weightDecay = 0 } = options;
  mustBePositive('sgd', 'rate', rate);
  mustBeFraction('sgd', 'momentum', momentum);
  mustBePositive('sgd', 'weight decay', weightDecay, true);
  const attrs = { momentum, nesterov, weightDecay };
  return made(
    { kind: 'sgd', rate, ...attrs },
    {
      name: 'sgd',
      rate,
      weightDecay,
      update: (graph, operands) => appendUpdate(graph, operands, sgdUpdate, attrs, ['sgd.velocity']),
      row: (_, now) => [now, 0, 0, 0],
    },
  );
}
