import { EngineError } from '../core/errors.js';
import { textOf, type Shape } from '../core/shape.js';
import type { Tensor } from '../graph/graph.js';
import { defineOp, type Op } from '../graph/op.js';
import { mustBeWords } from './operands.js';

/** Which indices of an axis are taken: from `start` up to but not including `end`, every `step`-th. */
export interface SliceRange {
  /** 0 by default. */
  readonly start?: number;
  /** The axis's size by default, and at most that. */
  readonly end?: number;
  /** 1 by default. */
  readonly step?: number;
}

export interface SliceAttrs {
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  readonly steps: readonly number[];
}

/** The node behind `slice`; one start, end and step an axis. */
export const sliceOp: Op<SliceAttrs> = defineOp('slice', {
  arity: 1,
  infer: ([x], { starts, ends, steps }) => {
    mustBeWords('slice', 'x', x);
    const fits = x.shape.map((size, axis) => {
      const [start = NaN, end = NaN, step = NaN] = [starts[axis], ends[axis], steps[axis]];
      return [start, end, step].every(Number.isInteger) && start >= 0 && start < end && end <= size && step >= 1;
    });
    const first = fits.indexOf(false);
    if (starts.length !== x.shape.length || first >= 0) {
      throw new EngineError('shape', {
        place: 'slice',
        given:
          first < 0
            ? `${starts.length} ranges for ${textOf(x.shape)}`
            : `${starts[first]} to ${ends[first]} by ${steps[first]} of axis ${first} of ${textOf(x.shape)}`,
        wanted: first < 0 ? 'at most one an axis' : `0 ≤ start < end ≤ ${x.shape[first]} and a step of at least 1`,
      });
    }
    const shape = starts.map((start, axis) => Math.ceil(((ends[axis] ?? 0) - start) / (steps[axis] ?? 1)));
    return [{ shape, dtype: x.dtype }];
  },
  at: ([x], index, { starts, steps }) =>
    x.at(...starts.map((start, axis) => start + (index[axis] ?? 0) * (steps[axis] ?? 1))),
  terms: () => 0,
  gradient: (dy, [x], { starts, steps }) => [
    () => {
      const after = x.shape.map((size, axis) => {
        const taken = ((dy.shape[axis] ?? 1) - 1) * (steps[axis] ?? 1) + 1;
        return size - (starts[axis] ?? 0) - taken;
      });
      return padOp.one([dy], { before: starts, after, steps, value: 0 });
    },
  ],
  half: true,
});

/**
 * A part of a tensor: y[i, j, …] = x[start₀ + i·step₀, start₁ + j·step₁, …], as x[start:end:step, …] in PyTorch.
 *
 * @param x f32 or u32 of any shape
 * @param ranges one an axis from the first on; axes without one, or with `undefined`, are taken whole
 * @returns ⌈(end − start)/step⌉ elements along each axis
 * @throws EngineError 'shape' unless 0 ≤ start < end ≤ size and step ≥ 1, all whole: nothing counts from the end
 */
export function slice(x: Tensor, ranges: readonly (SliceRange | undefined)[]): Tensor {
  const all = Array.from({ length: Math.max(ranges.length, x.shape.length) }, (_, axis) => ranges[axis] ?? {});
  return sliceOp.one([x], {
    starts: all.map(({ start = 0 }) => start),
    ends: all.map(({ end }, axis) => end ?? x.shape[axis] ?? 0),
    steps: all.map(({ step = 1 }) => step),
  });
}

export interface PadAttrs {
  /** Elements before the first and after the last, one of each an axis. */
  readonly before: readonly number[];
  readonly after: readonly number[];
  /** Distance of neighbours in the result: more than 1 only where a slice with a step is undone. */
  readonly steps: readonly number[];
  readonly value: number;
}

/** The shape of a padded tensor. */
const paddedShape = (shape: Shape, { before, after, steps }: PadAttrs): Shape =>
  shape.map((size, axis) => (before[axis] ?? 0) + (size - 1) * (steps[axis] ?? 1) + 1 + (after[axis] ?? 0));

/** The node behind `pad`. */
export const padOp: Op<PadAttrs> = defineOp('pad', {
  arity: 1,
  infer: ([x], attrs) => {
    mustBeWords('pad', 'x', x);
    const { before, after, steps, value } = attrs;
    const counts = [...before, ...after];
    if (before.length !== x.shape.length || !counts.every((count) => Number.isInteger(count) && count >= 0)) {
      throw new EngineError('shape', {
        place: 'pad',
        given: `${before.map((count, axis) => `${count} and ${after[axis]}`).join(', ')} around ${textOf(x.shape)}`,
        wanted: 'for each axis two whole numbers of at least 0',
        wayOut: 'To take elements away, use slice.',
      });
    }
    const isWord = x.dtype === 'f32' || (Number.isInteger(value) && value >= 0 && value < 2 ** 32);
    if (!steps.every((step) => Number.isInteger(step) && step >= 1) || !isWord) {
      throw new EngineError('usage', {
        place: 'pad',
        given: `value ${value} and steps ${textOf(steps)}`,
        wanted: `a value of ${x.dtype} and whole steps of at least 1`,
      });
    }
    return [{ shape: paddedShape(x.shape, attrs), dtype: x.dtype }];
  },
  at: ([x], index, { before, steps, value }) => {
    const from = before.map((count, axis) => ((index[axis] ?? 0) - count) / (steps[axis] ?? 1));
    const isInside = from.every((i, axis) => Number.isInteger(i) && i >= 0 && i < (x.shape[axis] ?? 1));
    return isInside ? x.at(...from) : value;
  },
  terms: () => 0,
  gradient: (dy, [x], { before, steps }) => [
    () => {
      const ends = x.shape.map((size, axis) => (before[axis] ?? 0) + (size - 1) * (steps[axis] ?? 1) + 1);
      return sliceOp.one([dy], { starts: before, ends, steps });
    },
  ],
  half: true,
});

/**
 * x with a constant around it, as torch.nn.functional.pad with mode 'constant'.
 *
 * @param x f32 or u32 of any shape
 * @param sides elements [before, after] for each axis, from the first on (PyTorch's list begins with the last axis); axes
 * without an entry stay as they are
 * @param value of the elements around, 0 by default; ±∞ and NaN too for f32
 * @throws EngineError 'shape' for counts that are no whole numbers of at least 0: negative ones, which cut in PyTorch, are
 * refused; 'usage' for a value that u32 does not hold
 */
export function pad(x: Tensor, sides: readonly (readonly [before: number, after: number])[], value = 0): Tensor {
  const all = Array.from({ length: Math.max(sides.length, x.shape.length) }, (_, axis) => sides[axis] ?? [0, 0]);
  return padOp.one([x], {
    before: all.map(([before]) => before),
    after: all.map(([, after]) => after),
    steps: all.map(() => 1),
    value,
  });
}
