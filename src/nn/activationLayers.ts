import {
  elu as eluOp,
  gelu as geluOp,
  leakyRelu as leakyReluOp,
  sigmoid as sigmoidOp,
  silu as siluOp,
  softplus as softplusOp,
  tanh as tanhOp,
  type GeluOptions,
  type SoftplusOptions,
} from '../ops/activations.js';
import { relu as reluOp } from '../ops/relu.js';
import { logSoftmax as logSoftmaxOp, softmax as softmaxOp } from '../ops/softmax.js';
import type { Layer } from './layer.js';

// Element by element, any shape; each as the op of its name.

/** max(x, 0). */
export const relu = (): Layer => ({ label: 'relu', apply: reluOp });

/** x where x > 0, else slope·x; a slope of 0.01 by default. */
export const leakyRelu = (slope?: number): Layer => ({ label: 'leakyRelu', apply: (x) => leakyReluOp(x, slope) });

/** x where x > 0, else alpha·(eˣ − 1); an alpha of 1 by default. */
export const elu = (alpha?: number): Layer => ({ label: 'elu', apply: (x) => eluOp(x, alpha) });

/** x·Φ(x), exactly or by tanh. */
export const gelu = (options?: GeluOptions): Layer => ({ label: 'gelu', apply: (x) => geluOp(x, options) });

/** x·σ(x). */
export const silu = (): Layer => ({ label: 'silu', apply: siluOp });

/** 1/(1 + e⁻ˣ). */
export const sigmoid = (): Layer => ({ label: 'sigmoid', apply: sigmoidOp });

/** eˣ over its sum along an axis; the last by default, and never the batch's own. The loss takes logits: see `logSoftmax`. */
export const softmax = (axis?: number): Layer => ({ label: 'softmax', apply: (x) => softmaxOp(x, axis) });

/** The logarithm of `softmax`: what a net ends in whose loss is `losses.nll()`. */
export const logSoftmax = (axis?: number): Layer => ({ label: 'logSoftmax', apply: (x) => logSoftmaxOp(x, axis) });

/** The hyperbolic tangent. */
export const tanh = (): Layer => ({ label: 'tanh', apply: tanhOp });

/** log(1 + e^(beta·x))/beta. */
export const softplus = (options?: SoftplusOptions): Layer => ({
  label: 'softplus',
  apply: (x) => softplusOp(x, options),
});
