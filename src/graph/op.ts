import type { Behaviour, Graph, Node, Spec, Tensor, Values } from './graph.js';
import { EngineError } from '../core/errors.js';
import { absolute } from './values.js';

/** As many as the op's arity says; `defineOp` counts them before anyone looks. */
export type Several<T> = readonly [T, T, T, T, T, T, T, T, ...T[]];

/** An op as its file says it: shapes, formula of one element, gradient; always in that order. */
export interface OpDefinition<Attrs extends object> {
  /** How many operands; undefined for any number from one. */
  readonly arity?: number;
  /** Shapes and types of the outputs. Throws EngineError 'shape' or 'dtype' where operands do not fit. */
  infer(operands: Several<Spec>, attrs: Attrs): readonly Spec[];
  /** One element of one output, in f64. */
  at(operands: Several<Values>, index: Several<number>, attrs: Attrs, output: number): number;
  /**
   * How many terms the longest sum of an element has. From it follows the error bound
   * γₙ·(the formula on absolute values): Higham, Accuracy and Stability of Numerical Algorithms, §3.1.
   * Zero says that the op only selects or copies, so its f32 result is exact. Absent: one rounding.
   */
  terms?(operands: Several<Spec>, attrs: Attrs): number;
  /** An error bound of its own, for formulas that are no sums of products. */
  errorBound?(operands: Several<Values>, index: Several<number>, attrs: Attrs, output: number): number;
  /**
   * For each input a thunk that makes its gradient; a gradient nobody wants is never made.
   * `dy` is the gradient of output 0: the only output that anything differentiable reads.
   */
  gradient?(
    dy: Tensor,
    inputs: Several<Tensor>,
    attrs: Attrs,
    outputs: Several<Tensor>,
  ): readonly ((() => Tensor) | undefined)[];
  /** An element reads one element of each operand: what an operand's error does to it is how far the formula moves. */
  readonly elementwise?: boolean;
  inPlace?: readonly (readonly [output: number, input: number])[];
  /** Its f32 results may be stored in f16 in mixed precision: activations, and gradients of such. */
  readonly half?: boolean;
  form?: 'alias' | 'pack';
}

/** A kind of node: applies itself to tensors, and knows its own nodes again. */
export interface Op<Attrs extends object> {
  readonly name: string;
  apply(inputs: readonly Tensor[], attrs: Attrs): readonly Tensor[];
  /** The single output of `apply`. */
  one(inputs: readonly Tensor[], attrs: Attrs): Tensor;
  /** The attributes of a node of this op; undefined for a node of another. */
  attrsOf(node: Node): Attrs | undefined;
}

/** Unit roundoff of f32. */
export const ROUNDOFF = 2 ** -24;

/** γₙ = n·u/(1 − n·u): the bound on the relative error of n roundings. */
export const gamma = (n: number): number => (n * ROUNDOFF) / (1 - n * ROUNDOFF);

/** Makes an op from its definition. */
export function defineOp<Attrs extends object>(name: string, definition: OpDefinition<Attrs>): Op<Attrs> {
  const known = new WeakMap<object, Attrs>();

  const termsOf = (node: Node, attrs: Attrs): number => definition.terms?.(several<Spec>(node.inputs), attrs) ?? 1;

  const behaviourOf = (node: Node, attrs: Attrs): Behaviour => ({
    at: (operands, index, output) => definition.at(several(operands), several(index), attrs, output),
    errorBound: (operands, index, output) => {
      if (definition.errorBound !== undefined) {
        return definition.errorBound(several(operands), several(index), attrs, output);
      }
      const terms = termsOf(node, attrs);
      if (terms === 0) return 0;
      return gamma(terms + 1) * Math.abs(definition.at(several(operands.map(absolute)), several(index), attrs, output));
    },
    terms: definition.errorBound === undefined ? termsOf(node, attrs) : undefined,
    moves: definition.elementwise ?? (definition.errorBound === undefined && termsOf(node, attrs) === 0),
    gradient: (dy) => definition.gradient?.(dy, several(node.inputs), attrs, several(node.outputs)) ?? [],
    again: (inputs) => apply(inputs, attrs),
    inPlace: definition.inPlace ?? [],
    half: definition.half ?? false,
    form: definition.form ?? 'compute',
  });

  const apply = (inputs: readonly Tensor[], attrs: Attrs): readonly Tensor[] => {
    const graph = graphOf(name, inputs, definition.arity);
    const specs = definition.infer(several<Spec>(inputs), attrs);
    return graph.append(name, attrs, inputs, specs, (node) => {
      known.set(node, attrs);
      return behaviourOf(node, attrs);
    }).outputs;
  };

  return {
    name,
    apply,
    one: (inputs, attrs) => {
      const [only] = apply(inputs, attrs);
      if (only === undefined) throw new EngineError('graph', { place: name, given: 'no output', wanted: 'one' });
      return only;
    },
    attrsOf: (node) => known.get(node),
  };
}

function graphOf(place: string, inputs: readonly Tensor[], arity: number | undefined): Graph {
  const [first] = inputs;
  if (first === undefined || (arity !== undefined && inputs.length !== arity)) {
    const wanted = arity === undefined ? 'at least one tensor' : `${arity} tensors`;
    throw new EngineError('graph', { place, given: `${inputs.length} operands`, wanted });
  }
  return first.graph;
}

// The count was checked against the op's arity when the node was made.
const several = <T>(values: readonly T[]): Several<T> => values as Several<T>;

/** Σ_{i<n} term(i), in f64. */
export function sumOver(n: number, term: (i: number) => number): number {
  let total = 0;
  for (let i = 0; i < n; i++) total += term(i);
  return total;
}
