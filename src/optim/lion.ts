import { made } from '../core/recipe.js';
import { lionUpdate } from '../ops/optimizers.js';
import { appendUpdate, type Optimizer } from './optimizer.js';
import { mustBeFraction, mustBePositive } from './settings.js';

export interface LionOptions {
  /** Learning rate; 0.0001 by default: a third to a tenth of Adam's. */
  readonly rate?: number;
  /** What of the moment the step's sign is taken from; 0.9 by default. */
  readonly beta1?: number;
  /** Decay of the moment; 0.99 by default. */
  readonly beta2?: number;
  /** λ; 0 by default. */
  readonly weightDecay?: number;
}

/**
 * Lion, step for step that of its authors:
 *
 *   c ← β₁·m + (1 − β₁)·g      w ← w − rate·(sign(c) + λ·w)      m ← β₂·m + (1 − β₂)·g
 *
 * Source: Chen et al. 2023, arXiv 2302.06675, algorithm 2.
 * @throws EngineError 'usage' for a rate that is not positive, or a decay out of range
 */
export function lion(options: LionOptions = {}): Optimizer {
  const { rate = 0.0001, beta1 = 0.9, beta2 = 0.99, weightDecay = 0 } = options;
  mustBePositive('lion', 'rate', rate);
  mustBeFraction('lion', 'beta1', beta1);
  mustBeFraction('lion', 'beta2', beta2);
  mustBePositive('lion', 'weight decay', weightDecay, true);
  const attrs = { beta1, beta2, weightDecay };
  return made(
    { kind: 'lion', rate, ...attrs },
    {
      name: 'lion',
      rate,
      weightDecay,
      update: (graph, operands) => appendUpdate(graph, operands, lionUpdate, attrs, ['lion.moment']),
      row: (_, now) => [now, 0, 0, 0],
    },
  );
}
