import { EngineError } from '../core/errors.js';
import { sizeOf, textOf, type Shape } from '../core/shape.js';
import { positionOf } from '../graph/evaluate.js';
import type { Tensor } from '../graph/graph.js';
import { defineOp, type Op } from '../graph/op.js';

export interface ConstantAttrs {
  readonly shape: Shape;
  readonly dtype: 'f32' | 'u32';
  /** Row-major, each as its type holds it. */
  readonly values: readonly number[];
}

/** They stand in a shader's text. */
const MOST_VALUES = 4096;

/** The node behind `constant`. */
export const constantOp: Op<ConstantAttrs> = defineOp('constant', {
  arity: 1,
  infer: (_, { shape, dtype, values }) => {
    mustBeValues(shape, dtype, values);
    return [{ shape, dtype }];
  },
  at: (_, index, { shape, values }) => values[positionOf(shape, index)] ?? NaN,
  terms: () => 0,
});

function mustBeValues(shape: Shape, dtype: 'f32' | 'u32', values: readonly number[]): void {
  const refuse = (given: string, wanted: string) => new EngineError('usage', { place: 'constant', given, wanted });
  if (values.length !== sizeOf(shape)) {
    throw new EngineError('shape', {
      place: 'constant',
      given: `${values.length} values for ${textOf(shape)}`,
      wanted: `${sizeOf(shape)}`,
    });
  }
  if (values.length > MOST_VALUES) throw refuse(`${values.length} values`, `at most ${MOST_VALUES}`);
  const isHeld = (value: number): boolean =>
    dtype === 'f32' ? Number.isFinite(value) : Number.isInteger(value) && value >= 0 && value < 2 ** 32;
  const stray = values.find((value) => !isHeld(value));
  if (stray !== undefined) throw refuse(String(stray), dtype === 'f32' ? 'finite numbers' : 'whole numbers of 32 bits');
}

export interface ConstantOptions {
  /** [values] by default. */
  readonly shape?: Shape;
  /** `f32` by default. */
  readonly dtype?: 'f32' | 'u32';
}

/**
 * Numbers that never change, such as weights of classes, or the places of a sequence for `embedding`. It has no gradient.
 * @param beside any tensor of the graph; its values are not read
 * @param values row-major, at most 4,096; as f32 rounded to it
 * @returns f32 or u32, of the shape
 * @throws EngineError 'shape' unless there are as many values as the shape says; 'usage' for values that the type does not
 * hold, or too many
 */
export function constant(beside: Tensor, values: readonly number[], options: ConstantOptions = {}): Tensor {
  const { shape = [values.length], dtype = 'f32' } = options;
  return constantOp.one([beside], { shape, dtype, values: dtype === 'f32' ? values.map(Math.fround) : [...values] });
}
