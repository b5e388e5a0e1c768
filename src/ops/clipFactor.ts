import { EngineError } from '../core/errors.js';
import { sizeOf } from '../core/shape.js';
import type { Tensor } from '../graph/graph.js';
import { defineOp, gamma, sumOver, type Op } from '../graph/op.js';
import { mustBe } from './operands.js';

/** Added to the norm, as PyTorch does. */
export const CLIP_EPSILON = 1e-6;

/** The node behind `clipFactor`. */
export const clipFactorOp: Op<{ most: number }> = defineOp('clipFactor', {
  arity: 1,
  infer: ([slopes], { most }) => {
    mustBe('clipFactor', 'slopes', slopes, 'f32', ['P']);
    if (!(Math.fround(most) > 0 && Math.fround(most) < Infinity)) {
      throw new EngineError('usage', { place: 'clipFactor', given: `a norm of ${most}`, wanted: 'a number above 0' });
    }
    return [{ shape: [], dtype: 'f32' }];
  },
  at: ([slopes], _, { most }) =>
    Math.min(1, most / (Math.sqrt(sumOver(sizeOf(slopes.shape), (i) => slopes.flat(i) ** 2)) + CLIP_EPSILON)),
  // The sum's relative error is γₙ in any order, its root's half of that; squares below 2⁻¹²⁶ may be lost, which is
  // less than a rounding beside the epsilon.
  errorBound: ([slopes], _, { most }) => {
    const size = sizeOf(slopes.shape);
    const norm = Math.sqrt(sumOver(size, (i) => slopes.flat(i) ** 2));
    const lost = Math.sqrt(size) * 2 ** -63;
    return (gamma(size + 24) + lost / (norm + CLIP_EPSILON)) * Math.min(1, most / (norm + CLIP_EPSILON));
  },
});

/**
 * What gradients are multiplied with so that their norm is at most `most`: min(1, most/(‖g‖₂ + 10⁻⁶)), as
 * torch.nn.utils.clip_grad_norm_ has it; slopes [P] → []. No square of a finite number overflows.
 * @throws EngineError 'usage' unless most is above 0
 */
export const clipFactor = (slopes: Tensor, most: number): Tensor => clipFactorOp.one([slopes], { most });
