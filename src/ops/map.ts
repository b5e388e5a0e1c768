import { broadcastShape, type Shape } from '../core/shape.js';
import type { Tensor } from '../graph/graph.js';
import { defineOp, ROUNDOFF, type Op, type Several } from '../graph/op.js';
import { mustBe } from './operands.js';
import { operandIndex, sumTo } from './reduce.js';

/** What a member of a family of elementwise ops says beside its formula. */
export interface MapOptions<Attrs extends object> {
  /**
   * The absolute error of the kernel's f32 arithmetic on exact operands, before the result is rounded. Absent: every
   * operation is rounded once, and there is one. Constants are literals of f32, so each brings a rounding of its own.
   */
  error?(operands: Several<number>, attrs: Attrs, y: number): number;
  /** As in `OpDefinition`, but each gradient may have the shape of the result: it is summed to the operand's. */
  gradient?(
    dy: Tensor,
    inputs: Several<Tensor>,
    attrs: Attrs,
    outputs: Several<Tensor>,
  ): readonly ((() => Tensor) | undefined)[];
  /** Throws EngineError 'usage' for constants that make no sense. */
  check?(attrs: Attrs): void;
  /** As in `OpDefinition`. */
  readonly half?: boolean;
}

/** An op whose element reads one element of each operand, all f32, with NumPy's broadcasting. */
export interface MapOp<Attrs extends object> extends Op<Attrs> {
  /** What the operands are called, in messages and in the kernel's WGSL. */
  readonly operands: readonly string[];
}

/** Makes a member of a family: `mapKernels` finds its WGSL under the same name. */
export function defineMap<Attrs extends object = object>(
  name: string,
  operands: readonly string[],
  formula: (operands: Several<number>, attrs: Attrs) => number,
  { error, gradient, check, half = false }: MapOptions<Attrs> = {},
): MapOp<Attrs> {
  const op = defineOp<Attrs>(name, {
    arity: operands.length,
    infer: (specs, attrs) => {
      check?.(attrs);
      const shapes = operands.map((operand, i): Shape => {
        const spec = specs[i] as (typeof specs)[0];
        mustBe(name, operand, spec, 'f32');
        return spec.shape;
      });
      return [{ shape: shapes.reduce((a, b) => broadcastShape(name, a, b)), dtype: 'f32' }];
    },
    at: (values, index, attrs) => formula(elementsOf(values, index), attrs),
    errorBound: (values, index, attrs) => {
      const elements = elementsOf(values, index);
      const y = formula(elements, attrs);
      return error === undefined ? ROUNDOFF * Math.abs(y) : error(elements, attrs, y);
    },
    elementwise: true,
    half,
    gradient: (dy, inputs, attrs, outputs) =>
      (gradient?.(dy, inputs, attrs, outputs) ?? []).map((thunk, i) => {
        const { shape } = inputs[i] as Tensor;
        return thunk && (() => sumTo(thunk(), shape));
      }),
  });
  return { ...op, operands };
}

const elementsOf = (
  values: readonly { readonly shape: Shape; at(...index: number[]): number }[],
  index: readonly number[],
): Several<number> => values.map((x) => x.at(...operandIndex(x.shape, index))) as readonly number[] as Several<number>;

/** The error of an op that only chooses among its operands and constants. */
export const exact = (): number => 0;

/** Half an ULP of 1, the unit in which the errors of the families are counted. */
export const u = ROUNDOFF;

/** Smallest normal number of f32: results below it may be flushed to zero. */
export const TINY = 2 ** -126;

/** WGSL states exp(x) to 3 + 2·|x| ULP (WGSL specification, §15.7.4.1): so many u of its value. */
export const expError = (x: number): number => 6 + 4 * Math.abs(x);
