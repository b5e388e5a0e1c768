import type { Tensor } from '../graph/graph.js';
import { defineOp, type Op } from '../graph/op.js';
import { mustBe, mustBeFinite } from './operands.js';

/** The node behind `scale`. */
export const scaleOp: Op<{ factor: number }> = defineOp('scale', {
  arity: 1,
  infer: ([x], { factor }) => {
    mustBe('scale', 'x', x, 'f32');
    mustBeFinite('scale', 'factor', factor);
    return [{ shape: x.shape, dtype: 'f32' }];
  },
  at: ([x], index, { factor }) => x.at(...index) * factor,
  gradient: (dy, _, { factor }) => [() => scale(dy, factor)],
});

/** factor · x with a constant factor; any shape. Throws EngineError 'usage' unless the factor is finite. */
export const scale = (x: Tensor, factor: number): Tensor => scaleOp.one([x], { factor });
