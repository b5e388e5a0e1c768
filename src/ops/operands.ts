import { EngineError } from '../core/errors.js';
import { sameShape, textOf, type DType, type Shape } from '../core/shape.js';
import type { Spec } from '../graph/graph.js';

/** A shape that an operand must have; a letter stands for any size. */
export type Pattern = readonly (number | string)[];

/**
 * Throws unless an operand is of this type and, where one is given, of this shape.
 * @throws EngineError 'dtype' or 'shape'
 */
export function mustBe(place: string, name: string, operand: Spec, dtype: DType, pattern?: Pattern): void {
  const shaped =
    pattern === undefined ||
    (operand.shape.length === pattern.length &&
      pattern.every((size, axis) => typeof size === 'string' || size === operand.shape[axis]));
  if (operand.dtype === dtype && shaped) return;
  throw new EngineError(operand.dtype === dtype ? 'shape' : 'dtype', {
    place,
    given: `${name} ${operand.dtype} ${textOf(operand.shape)}`,
    wanted: pattern === undefined ? `${name} ${dtype}` : `${name} ${dtype} [${pattern.join(', ')}]`,
  });
}

/** Throws EngineError 'dtype' unless each element of an operand is a word of its own: bytes are packed four to a word. */
export function mustBeWords(place: string, name: string, operand: Spec): void {
  if (operand.dtype === 'u8') mustBe(place, name, operand, 'f32');
}

/** Throws unless an operand is f32 and has the shape of another. */
export function mustMatch(place: string, name: string, operand: Spec, shape: Shape): void {
  if (operand.dtype === 'f32' && sameShape(operand.shape, shape)) return;
  mustBe(place, name, operand, 'f32', shape);
}

/** Throws unless a count, a step or a guard is one whole number on the GPU. */
export const mustBeWord = (place: string, name: string, operand: Spec): void =>
  mustBe(place, name, operand, 'u32', [1]);

/**
 * Throws unless a setting is a number that f32 holds as such: it becomes a literal of a shader.
 * @throws EngineError 'usage'
 */
export function mustBeFinite(place: string, name: string, value: number): void {
  if (Number.isFinite(Math.fround(value))) return;
  throw new EngineError('usage', { place, given: `${name} ${value}`, wanted: 'a finite number' });
}
