import { mustBeWhole, sizeOf, type Shape } from '../core/shape.js';
import { EngineError } from '../core/errors.js';
import type { Tensor, Values } from '../graph/graph.js';
import { defineOp, type Op } from '../graph/op.js';
import { mul } from './arithmetic.js';
import { div, equal, neg } from './elementwise.js';
import { mustBe } from './operands.js';
import { reduce, sum, type ReduceOptions } from './reduce.js';
import { reshape } from './reshape.js';

/** Calls with each element that is reduced to the one at this index. */
function eachAlong(x: Values, index: readonly number[], axes: readonly number[], visit: (value: number) => void): void {
  const [axis, ...rest] = axes;
  if (axis === undefined) return visit(x.at(...index));
  for (let i = 0; i < (x.shape[axis] ?? 1); i++) eachAlong(x, index.with(axis, i), rest, visit);
}

const extreme = (name: 'amax' | 'amin', further: (a: number, b: number) => number): Op<{ axes: readonly number[] }> =>
  defineOp(name, {
    arity: 1,
    infer: ([x], { axes }) => {
      mustBe(name, 'x', x, 'f32');
      return [{ shape: x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size)), dtype: 'f32' }];
    },
    at: ([x], index, { axes }) => {
      let found: number | undefined;
      eachAlong(x, [...index], axes, (value) => {
        found = found === undefined ? value : further(found, value);
      });
      return found ?? NaN;
    },
    terms: () => 0,
    // Equals share the gradient: as many as there are take that part each.
    gradient: (dy, [x], { axes }, [y]) => [
      () => {
        const isExtreme = equal(x, y);
        return mul(isExtreme, div(dy, sum(isExtreme, axes, { keepDims: true })));
      },
    ],
  });

/** The node behind `amax`: the axes, in rising order, stay with size 1. */
export const amaxOp: Op<{ axes: readonly number[] }> = extreme('amax', Math.max);

/** The node behind `amin`. */
export const aminOp: Op<{ axes: readonly number[] }> = extreme('amin', Math.min);

const allAxes = (shape: Shape): readonly number[] => shape.map((_, axis) => axis);

/**
 * The largest element over some axes, or over all; NaN if one is. Equals share the gradient evenly (torch.amax).
 * @param axes from 0; each at most once
 * @throws EngineError 'shape' for an axis that x does not have
 */
export const amax = (x: Tensor, axes: readonly number[] = allAxes(x.shape), options: ReduceOptions = {}): Tensor =>
  reduce(amaxOp, x, axes, options);

/** The smallest element over some axes, or over all; like `amax` otherwise (torch.amin). */
export const amin = (x: Tensor, axes: readonly number[] = allAxes(x.shape), options: ReduceOptions = {}): Tensor =>
  reduce(aminOp, x, axes, options);

/** Whether a value takes the place of what was largest before it: NaN is larger than any number. */
const beats = (value: number, most: number): boolean => (Number.isNaN(value) ? !Number.isNaN(most) : value > most);

/** The node behind `argmax`: the axis stays with size 1. */
export const argmaxOp: Op<{ axis: number }> = defineOp('argmax', {
  arity: 1,
  infer: ([x], { axis }) => {
    mustBe('argmax', 'x', x, 'f32');
    mustBeWhole('argmax', 'axis', axis, 0);
    if (axis >= x.shape.length) {
      throw new EngineError('shape', {
        place: 'argmax',
        given: `axis ${axis} of ${x.shape.length}`,
        wanted: `an axis from 0 to ${x.shape.length - 1}`,
      });
    }
    return [{ shape: x.shape.with(axis, 1), dtype: 'u32' }];
  },
  at: ([x], index, { axis }) => {
    const valueAt = (i: number): number => x.at(...[...index].with(axis, i));
    let best = 0;
    for (let i = 1; i < (x.shape[axis] ?? 1); i++) if (beats(valueAt(i), valueAt(best))) best = i;
    return best;
  },
  terms: () => 0,
});

/**
 * Where the largest element along an axis is, or among all elements in row-major order: the first of equals, and the
 * first NaN if there is one (torch.argmax, which promises no order among equals); u32.
 * @throws EngineError 'shape' for an axis that x does not have
 */
export function argmax(x: Tensor, axis?: number, { keepDims = false }: ReduceOptions = {}): Tensor {
  if (axis === undefined) {
    const place = argmaxOp.one([reshape(x, [sizeOf(x.shape)])], { axis: 0 });
    return reshape(place, keepDims ? x.shape.map(() => 1) : []);
  }
  const kept = argmaxOp.one([x], { axis });
  return keepDims ? kept : reshape(kept, x.shape.toSpliced(axis, 1));
}

/** Where the smallest element is; like `argmax` otherwise (torch.argmin). */
export const argmin = (x: Tensor, axis?: number, options: ReduceOptions = {}): Tensor => argmax(neg(x), axis, options);
