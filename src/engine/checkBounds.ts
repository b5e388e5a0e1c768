import { HALF_LEAST_ERROR, HALF_OVERFLOW, HALF_ROUNDOFF, roundToHalf } from '../core/half.js';
import { stridesOf, type Shape } from '../core/shape.js';
import type { Tensor, Values } from '../graph/graph.js';
import { gamma } from '../graph/op.js';
import { absolute } from '../graph/values.js';

/** Half a unit in the last place of f32, relative. */
const HALF_ULP = 2 ** -24;
/** WGSL lets an implementation flush to zero what is smaller than the least normal number. */
const LEAST_NORMAL = 2 ** -126;

/** What of a graph a GPU has in f16. */
export interface InHalf {
  /** Tensors that are stored so: states hold such numbers, and what is made is rounded to them. */
  readonly stored: ReadonlySet<Tensor>;
  /** Operands that a kernel rounds to f16 before it multiplies. */
  readonly staged: ReadonlySet<Tensor>;
}

const NOTHING: InHalf = { stored: new Set(), staged: new Set() };

/** How far a number may be from the nearest f16. */
const halfError = (value: number): number => Math.max(Math.abs(value) * HALF_ROUNDOFF, HALF_LEAST_ERROR);

/**
 * Elements of a graph's tensors by their formulas in f64, each computed when it is first asked for, and how far f32
 * may be from them. So a few elements of a large tensor cost a few elements.
 */
export class Elements {
  readonly #stateOf: (state: Tensor) => Values;
  readonly #quick: boolean;
  readonly #half: InHalf;
  readonly #values = new Map<Tensor, Values>();
  readonly #errors = new Map<Tensor, Values>();

  /**
   * @param stateOf what the states hold
   * @param quick what is nearer than the least that its bound can be is taken for right without the bound: half the time
   * of long sums, and ratios that are too large where they are below 1
   * @param half what is in f16
   */
  constructor(stateOf: (state: Tensor) => Values, quick = false, half = NOTHING) {
    this.#stateOf = stateOf;
    this.#quick = quick;
    this.#half = half;
  }

  of(tensor: Tensor): Values {
    const { node } = tensor;
    return remembered(this.#values, tensor, () =>
      node === undefined
        ? this.#stateOf(tensor)
        : lazily(tensor.shape, (index) => node.behaviour.at(this.#operandsOf(tensor), index, tensor.output)),
    );
  }

  /**
   * The error that f32 arithmetic may show at this element: that of its own op, and what its operands bring along.
   *
   * What an operand brings is right to first order. Where an op only selects or copies, or goes element by element,
   * it is how far the element moves when all of the operand is moved up, or down, by its errors. Elsewhere it is what the formula gives for the errors
   * and all other operands as absolute values, less what it gives without the errors: for sums of products, the sum of
   * what each may add.
   */
  bound(tensor: Tensor, index: readonly number[]): number {
    const { node } = tensor;
    if (node === undefined || tensor.dtype !== 'f32') return 0;
    const operands = this.#operandsOf(tensor);
    const withOperand = (which: number, replaced: Values, others: (operand: Values, i: number) => Values): number =>
      node.behaviour.at(
        operands.map((operand, i) => (i === which ? replaced : others(operand, i))),
        index,
        tensor.output,
      );
    const own = node.behaviour.errorBound(operands, index, tensor.output);
    return node.inputs.reduce((sum, input, which) => {
      const errors = this.#errorsOf(input);
      if (errors === undefined) return sum;
      if (node.behaviour.moves) {
        const here = this.of(tensor).at(...index);
        const moved = [-1, 1].map((sign) => withOperand(which, displaced(this.of(input), errors, sign), asIs));
        return sum + Math.max(...moved.map((there) => Math.abs(there - here)));
      }
      const size = (operand: Values, i: number): Values =>
        node.inputs[i]?.dtype === 'f32' ? absolute(operand) : operand;
      const without = viewOf(input.shape, () => 0);
      return sum + Math.abs(withOperand(which, errors, size) - withOperand(which, without, size));
    }, own);
  }

  /**
   * How far a value found is from the formula's, in units of the bound: right up to 1. A whole number is right (0) or
   * wrong (∞).
   */
  ratio(tensor: Tensor, index: readonly number[], found: number): number {
    const wanted = this.of(tensor).at(...index);
    if (Object.is(found, wanted)) return 0;
    if (tensor.dtype !== 'f32') return found === wanted || this.#couldBe(tensor, index, found) ? 0 : Infinity;
    const isHalf = this.#half.stored.has(tensor);
    const rounded = isHalf ? roundToHalf(wanted) : Math.fround(wanted);
    if (found === rounded || Object.is(found, rounded)) return 0;
    // An infinity is right where the number itself may be past the largest f16.
    if (isHalf && Math.abs(found) === Infinity) {
      const isPast = Math.sign(found) * wanted + this.bound(tensor, index) >= HALF_OVERFLOW;
      return isPast ? 0 : Infinity;
    }
    const error = Math.abs(found - (isHalf ? wanted : rounded));
    const least = this.#quick ? leastBound(tensor, wanted) + (isHalf ? halfError(wanted) : 0) : 0;
    if (error <= least) return error / least;
    const ratio = error / this.tolerance(tensor, index);
    return Number.isNaN(ratio) ? Infinity : ratio;
  }

  /** The bound, and what rounding to f32 or f16 does to the formula's value itself. */
  tolerance(tensor: Tensor, index: readonly number[]): number {
    const wanted = this.of(tensor).at(...index);
    const bound = this.bound(tensor, index);
    // What is rounded to f16 is the number with its errors.
    if (this.#half.stored.has(tensor)) return bound * (1 + HALF_ROUNDOFF) + halfError(wanted) + LEAST_NORMAL;
    return bound + Math.abs(wanted) * HALF_ULP + LEAST_NORMAL;
  }

  /**
   * Whether operands that are not exact allow this whole number: the place of a maximum, say, among values that rounding
   * may have reordered. Each element that the formula reads is tried: it raised by its error, all others lowered.
   */
  #couldBe(tensor: Tensor, index: readonly number[], found: number): boolean {
    const { node } = tensor;
    if (node === undefined) return false;
    const operands = this.#operandsOf(tensor);
    const errors = node.inputs.map((input) => this.#errorsOf(input));
    const seen = new Set<string>();
    const shifted = (sign: (which: number, position: number) => number): number => {
      const moved = operands.map((operand, which) => {
        const own = errors[which];
        if (own === undefined) return operand;
        const flat = (position: number): number => operand.flat(position) + sign(which, position) * own.flat(position);
        return viewOf(operand.shape, flat);
      });
      return node.behaviour.at(moved, index, tensor.output);
    };
    const lowered = shifted((which, position) => {
      seen.add(`${which} ${position}`);
      return -1;
    });
    if (lowered === found) return true;
    return [...seen].some(
      (raised) => shifted((which, position) => (`${which} ${position}` === raised ? 1 : -1)) === found,
    );
  }

  #operandsOf(tensor: Tensor): readonly Values[] {
    return tensor.node?.inputs.map((input) => this.of(input)) ?? [];
  }

  /** Undefined for what is exact: states, unless they are rounded as operands, and whole numbers. */
  #errorsOf(tensor: Tensor): Values | undefined {
    const isStaged = this.#half.staged.has(tensor);
    if ((tensor.node === undefined && !isStaged) || tensor.dtype !== 'f32') return undefined;
    const errorAt = (index: readonly number[]): number =>
      this.bound(tensor, index) + (isStaged ? halfError(this.of(tensor).at(...index)) : 0);
    return remembered(this.#errors, tensor, () => lazily(tensor.shape, errorAt));
  }
}

/** γₙ·|Σ|, which is at most γₙ·Σ|·|. */
const leastBound = ({ node }: Tensor, value: number): number =>
  node?.behaviour.terms === undefined ? 0 : gamma(node.behaviour.terms + 1) * Math.abs(value);

const asIs = (operand: Values): Values => operand;

/** Each element moved by its error, up or down. */
const displaced = (values: Values, errors: Values, sign: number): Values =>
  viewOf(values.shape, (position) => values.flat(position) + sign * errors.flat(position));

/** The elements of a state as it is on a GPU. */
export const valuesOf = (shape: Shape, data: ArrayLike<number>): Values =>
  viewOf(shape, (position) => data[position] ?? NaN);

function viewOf(shape: Shape, flat: (position: number) => number): Values {
  const strides = stridesOf(shape);
  if (shape.length > 4) {
    const positionOf = (sum: number, i: number, axis: number): number => sum + i * (strides[axis] ?? 0);
    return { shape, flat, at: (...index) => flat(index.reduce(positionOf, 0)) };
  }
  // Long sums ask millions of times: no array for the index.
  const [s0 = 0, s1 = 0, s2 = 0, s3 = 0] = strides;
  const at = (i = 0, j = 0, k = 0, l = 0): number => flat(i * s0 + j * s1 + k * s2 + l * s3);
  return { shape, flat, at };
}

function lazily(shape: Shape, compute: (index: readonly number[]) => number): Values {
  const known = new Map<number, number>();
  return viewOf(shape, (position) => {
    const before = known.get(position);
    if (before !== undefined) return before;
    const value = compute(indexAt(shape, position));
    known.set(position, value);
    return value;
  });
}

/** The index of a row-major position. */
export function indexAt(shape: Shape, position: number): number[] {
  const index = shape.map(() => 0);
  let rest = position;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis] ?? 1;
    index[axis] = rest % size;
    rest = Math.floor(rest / size);
  }
  return index;
}

function remembered<K, V>(known: Map<K, V>, key: K, make: () => V): V {
  const before = known.get(key);
  if (before !== undefined) return before;
  const value = make();
  known.set(key, value);
  return value;
}
