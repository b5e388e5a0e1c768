import { made } from '../core/recipe.js';
import { adamUpdate } from '../ops/optimizers.js';
import { appendUpdate, type Optimizer } from './optimizer.js';
import { mustBeFraction, mustBePositive } from './settings.js';

export interface AdamOptions {
  /** Learning rate; 0.001 by default. */
  readonly rate?: number;
  /** Decay of the first moment; 0.9 by default. */
  readonly beta1?: number;
  /** Decay of the second moment; 0.999 by default. */
  readonly beta2?: number;
  /** Added to the root of the second moment; 1e-8 by default. */
  readonly epsilon?: number;
  /** λ; 0 by default, for adamW 0.01. */
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
export const adam = (options: AdamOptions = {}): Optimizer => adamLike('adam', options, 0, false);

/**
 * Adam with decay apart from the gradient, step for step that of torch.optim.AdamW: w ← w − rate·λ·w, then Adam's step
 * with the gradient as it is. λ is 0.01 by default.
 *
 * Source: Loshchilov & Hutter 2019, arXiv 1711.05101, algorithm 2.
 * @throws EngineError 'usage' for a rate that is not positive, or a decay out of range
 */
export const adamW = (options: AdamOptions = {}): Optimizer => adamLike('adamW', options, 0.01, true);

function adamLike(name: string, options: AdamOptions, defaultDecay: number, decoupled: boolean): Optimizer {
  const { rate = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = defaultDecay } = options;
  mustBePositive(name, 'rate', rate);
  mustBeFraction(name, 'beta1', beta1);
  mustBeFraction(name, 'beta2', beta2);
  mustBePositive(name, 'epsilon', epsilon);
  mustBePositive(name, 'weight decay', weightDecay, true);
  const attrs = { beta1, beta2, epsilon, weightDecay, ...(decoupled && { decoupled }) };
  return made(
    { kind: name, rate, beta1, beta2, epsilon, weightDecay },
    {
      name,
      rate,
      weightDecay,
      update: (graph, operands) => appendUpdate(graph, operands, adamUpdate, attrs, ['adam.first', 'adam.second']),
      row: (step, now) => [now, now / (1 - beta1 ** step), Math.sqrt(1 - beta2 ** step), 0],
    },
  );
}
