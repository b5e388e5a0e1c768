import { sizeOf, stridesOf, type Shape } from '../core/shape.js';
import type { Values } from './graph.js';

/** A tensor's elements in f64, row-major. */
export class DenseValues implements Values {
  readonly shape: Shape;
  readonly data: Float64Array;
  readonly #strides: readonly number[];

  constructor(shape: Shape, data: Float64Array = new Float64Array(sizeOf(shape))) {
    this.shape = shape;
    this.data = data;
    this.#strides = stridesOf(shape);
  }

  at(...index: number[]): number {
    let position = 0;
    for (let axis = 0; axis < index.length; axis++) position += (index[axis] ?? 0) * (this.#strides[axis] ?? 0);
    return this.data[position] ?? NaN;
  }

  flat(position: number): number {
    return this.data[position] ?? NaN;
  }
}

/** The same elements without their signs: what a rounding-error bound is taken over. */
export const absolute = (values: Values): Values => ({
  shape: values.shape,
  at:
    values.shape.length > 4
      ? (...index) => Math.abs(values.at(...index))
      : // Long sums ask millions of times: no array for the index.
        (i = 0, j = 0, k = 0, l = 0) => Math.abs(values.at(i, j, k, l)),
  flat: (position) => Math.abs(values.flat(position)),
});

/** Calls `visit` with each index of a shape in row-major order. The array is reused: copy it to keep it. */
export function forEachIndex(shape: Shape, visit: (index: readonly number[], position: number) => void): void {
  const index = shape.map(() => 0);
  const size = sizeOf(shape);
  for (let position = 0; position < size; position++) {
    visit(index, position);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const next = (index[axis] ?? 0) + 1;
      index[axis] = next;
      if (next < (shape[axis] ?? 1)) break;
      index[axis] = 0;
    }
  }
}
