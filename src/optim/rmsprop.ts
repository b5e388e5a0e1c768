import { made } from '../core/recipe.js';
import { rmspropUpdate } from '../ops/optimizers.js';
import { appendUpdate, type Optimizer } from './optimizer.js';
import { mustBeFraction, mustBePositive } from './settings.js';

export interface RmspropOptions {
  /** Learning rate; 0.01 by default. */
  readonly rate?: number;
  /** α, the decay of the mean square; 0.99 by default. */
  readonly alpha?: number;
  /** Added to the root; 1e-8 by default. */
  readonly epsilon?: number;
  /** μ; 0 by default. */
  readonly momentum?: number;
  /** Divide by the deviation from the mean gradient instead of the root of the mean square. */
  readonly centered?: boolean;
  /** λ in g ← g + λ·w; 0 by default. */
  readonly weightDecay?: number;
}

/**
 * RMSprop, step for step that of torch.optim.RMSprop:
 *
 *   g ← g + λ·w      s ← α·s + (1 − α)·g²      a ← α·a + (1 − α)·g
 *   b ← μ·b + g/(√(centered ? s − a² : s) + ε)      w ← w − rate·b
 *
 * Source: Tieleman & Hinton 2012, lecture 6.5; centered: Graves 2013, arXiv 1308.0850, §4.2.
 * @throws EngineError 'usage' for a rate that is not positive, or a decay or momentum out of range
 */
export function rmsprop(options: RmspropOptions = {}): Optimizer {
  const { rate = 0.01, alpha = 0.99, epsilon = 1e-8, momentum = 0, centered = false, weightDecay = 0 } = options;
  mustBePositive('rmsprop', 'rate', rate);
  mustBeFraction('rmsprop', 'alpha', alpha);
  mustBePositive('rmsprop', 'epsilon', epsilon);
  mustBeFraction('rmsprop', 'momentum', momentum);
  mustBePositive('rmsprop', 'weight decay', weightDecay, true);
  const attrs = { alpha, epsilon, momentum, centered, weightDecay };
  const names: Readonly<Record<string, string>> = { s: 'rmsprop.square', b: 'rmsprop.velocity', a: 'rmsprop.mean' };
  const states = rmspropUpdate.states(attrs).map((state) => names[state] ?? state);
  return made(
    { kind: 'rmsprop', rate, ...attrs },
    {
      name: 'rmsprop',
      rate,
      weightDecay,
      update: (graph, operands) => appendUpdate(graph, operands, rmspropUpdate, attrs, states),
      row: (_, now) => [now, 0, 0, 0],
    },
  );
}
