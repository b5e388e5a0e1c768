import { EngineError } from '../core/errors.js';
import { sizeOf, stridesOf, textOf } from '../core/shape.js';
import { DenseValues, forEachIndex } from './values.js';
import type { Graph, Tensor } from './graph.js';

/**
 * Runs a graph by its formulas in f64: the yardstick of every kernel, and of every plan as a whole.
 *
 * State lives in arenas, as it does on a GPU, so that a whole arena and its members are one memory.
 */
export class Formulas {
  readonly #arenas = new Map<string, Float64Array>();
  readonly #graph: Graph;
  #known = new Map<Tensor, DenseValues>();

  constructor(graph: Graph) {
    this.#graph = graph;
  }

  /** Sets a state; absent ones are zero. */
  set(state: Tensor, values: ArrayLike<number>): void {
    if (values.length !== sizeOf(state.shape)) {
      throw new EngineError('shape', {
        place: `state ${state.name}`,
        given: `${values.length} values`,
        wanted: `${sizeOf(state.shape)} for ${textOf(state.shape)}`,
      });
    }
    this.#stateOf(state).set(Array.from(values));
    this.#known.clear();
  }

  /** The values of any tensor, given the states of now. */
  read(tensor: Tensor): DenseValues {
    if (tensor.place !== undefined) return new DenseValues(tensor.shape, this.#stateOf(tensor));
    const known = this.#known.get(tensor);
    if (known !== undefined) return known;
    const { node } = tensor;
    if (node === undefined) {
      throw new EngineError('graph', {
        place: 'read',
        given: `${tensor.name}, made by nothing`,
        wanted: 'a state or an output',
      });
    }
    const operands = node.inputs.map((input) => this.read(input));
    const values = new DenseValues(tensor.shape);
    forEachIndex(tensor.shape, (index, position) => {
      values.data[position] = node.behaviour.at(operands, index, tensor.output);
    });
    this.#known.set(tensor, values);
    return values;
  }

  /** One step: every assignment is computed from the states of before, then all take effect. */
  step(): void {
    const values = this.#graph.assignments.map(({ state, value }) => ({ state, data: this.read(value).data.slice() }));
    for (const { state, data } of values) this.#stateOf(state).set(data);
    this.#known = new Map();
  }

  /** The state's own words, shared with the arena. */
  #stateOf(state: Tensor): Float64Array {
    const place = state.place;
    if (place === undefined) {
      throw new EngineError('graph', { place: 'set', given: `${state.name}, made by a step`, wanted: 'a state' });
    }
    // One f64 for each element; a u8 state is never a member of a mixed arena, so words and elements do not clash.
    let arena = this.#arenas.get(place.arena);
    if (arena === undefined) {
      const end = Math.max(
        ...this.#graph.states
          .filter((other) => other.place?.arena === place.arena)
          .map((other) => (other.place?.offset ?? 0) + sizeOf(other.shape)),
      );
      arena = new Float64Array(end);
      this.#arenas.set(place.arena, arena);
    }
    return arena.subarray(place.offset, place.offset + sizeOf(state.shape));
  }
}

/** The row-major position of an index in a shape. */
export function positionOf(shape: readonly number[], index: readonly number[]): number {
  const strides = stridesOf(shape);
  return index.reduce((sum, i, axis) => sum + i * (strides[axis] ?? 0), 0);
}
