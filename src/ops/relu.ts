import type { Tensor } from '../graph/graph.js';
import { defineOp, type Op } from '../graph/op.js';
import { mustBe } from './operands.js';

/** The node behind `relu`. */
export const reluOp: Op<object> = defineOp('relu', {
  arity: 1,
  infer: ([x]) => {
    mustBe('relu', 'x', x, 'f32');
    return [{ shape: x.shape, dtype: 'f32' }];
  },
  at: ([x], index) => Math.max(x.at(...index), 0),
  terms: () => 0,
  gradient: (dy, _, __, [y]) => [() => reluGrad.one([dy, y], {})],
  half: true,
});

/** dx = dy where y > 0, else 0: at the kink the gradient is 0, as in PyTorch. dy, y and dx of one shape. */
export const reluGrad: Op<object> = defineOp('reluGrad', {
  arity: 2,
  infer: ([dy, y]) => {
    mustBe('reluGrad', 'dy', dy, 'f32');
    mustBe('reluGrad', 'y', y, y.dtype, dy.shape);
    return [{ shape: dy.shape, dtype: 'f32' }];
  },
  at: ([dy, y], index) => (y.at(...index) > 0 ? dy.at(...index) : 0),
  terms: () => 0,
  gradient: (ddx, [, y]) => [() => reluGrad.one([ddx, y], {}), undefined],
  half: true,
});

/** y = max(x, 0), element by element; any shape. */
export const relu = (x: Tensor): Tensor => reluOp.one([x], {});
