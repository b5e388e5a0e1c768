import { broadcastShape, type Shape } from '../core/shape.js';
import type { Spec, Tensor } from '../graph/graph.js';
import { defineOp, type Op } from '../graph/op.js';
import { mustBe } from './operands.js';
import { operandIndex, sumTo } from './reduce.js';

/** The shape of two f32 operands side by side. */
function together(place: string, a: Spec, b: Spec): Shape {
  mustBe(place, 'a', a, 'f32');
  mustBe(place, 'b', b, 'f32');
  return broadcastShape(place, a.shape, b.shape);
}

/** The node behind `add`. */
export const addOp: Op<object> = defineOp('add', {
  arity: 2,
  infer: ([a, b]) => [{ shape: together('add', a, b), dtype: 'f32' }],
  at: ([a, b], index) => a.at(...operandIndex(a.shape, index)) + b.at(...operandIndex(b.shape, index)),
  gradient: (dy, [a, b]) => [() => sumTo(dy, a.shape), () => sumTo(dy, b.shape)],
  half: true,
});

/** The node behind `mul`. */
export const mulOp: Op<object> = defineOp('mul', {
  arity: 2,
  infer: ([a, b]) => [{ shape: together('mul', a, b), dtype: 'f32' }],
  at: ([a, b], index) => a.at(...operandIndex(a.shape, index)) * b.at(...operandIndex(b.shape, index)),
  gradient: (dy, [a, b]) => [() => sumTo(mul(dy, b), a.shape), () => sumTo(mul(dy, a), b.shape)],
});

/** a + b, element by element, with NumPy's broadcasting; f32. Throws EngineError 'shape' where sizes differ and neither is 1. */
export const add = (a: Tensor, b: Tensor): Tensor => addOp.one([a, b], {});

/** a · b, element by element, with NumPy's broadcasting; f32. Throws EngineError 'shape' where sizes differ and neither is 1. */
export const mul = (a: Tensor, b: Tensor): Tensor => mulOp.one([a, b], {});
