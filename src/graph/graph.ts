import { EngineError } from '../core/errors.js';
import { bytesOf, mustBeShape, sizeOf, textOf, type DType, type Shape } from '../core/shape.js';

/** What an op says of one of its results. */
export interface Spec {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** A named array of numbers in a graph: a state of the Store, or an output of a node. */
export interface Tensor extends Spec {
  readonly graph: Graph;
  readonly id: number;
  /** For people: `conv1.weight`, `relu3`. Unique among the states of a graph. */
  readonly name: string;
  /** The node that makes it; absent for a state. */
  readonly node?: Node;
  /** Which of the node's outputs. */
  readonly output: number;
  /** Where it lives in the Store; absent for what a step makes. */
  readonly place?: StatePlace;
}

/** A state's arena, and its first element there. Arenas are buffers of the Store; members begin at multiples of 64 words. */
export interface StatePlace {
  readonly arena: string;
  /** Elements from the arena's start. */
  readonly offset: number;
}

/** An op applied to tensors. The op's own functions are bound in, so that nobody downstream needs its attributes' type. */
export interface Node {
  readonly id: number;
  readonly op: string;
  readonly attrs: object;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  readonly behaviour: Behaviour;
}

/** Read access to an operand's elements in f64. */
export interface Values {
  readonly shape: Shape;
  at(...index: number[]): number;
  /** The element at a row-major position. */
  flat(position: number): number;
}

/** What a node can be asked, whatever its op. */
export interface Behaviour {
  /** One element of one output in f64: the definition that everything else is held against. */
  at(operands: readonly Values[], index: readonly number[], output: number): number;
  /** Absolute error that f32 arithmetic in any summation order may show at this element. */
  errorBound(operands: readonly Values[], index: readonly number[], output: number): number;
  /** How many terms the longest sum of an element has, where the error bound follows from that; else undefined. */
  readonly terms: number | undefined;
  /** Whether an operand's errors move an element as far as the formula moves with them: it selects, or reads one of each. */
  readonly moves: boolean;
  /** From the gradient of output 0: for each input a thunk that makes its gradient, or undefined where there is none. */
  gradient(dy: Tensor): readonly ((() => Tensor) | undefined)[];
  /** The same op with the same attributes on other operands, perhaps of another graph. */
  again(inputs: readonly Tensor[]): readonly Tensor[];
  /** Outputs that a kernel writes over an input: pairs [output, input]. Such a kernel finds the input's values there. */
  readonly inPlace: readonly (readonly [output: number, input: number])[];
  /** Whether f32 results may be stored in f16 in mixed precision. */
  readonly half: boolean;
  /** `alias`: output 0 is input 0 under another shape. `pack`: output 0 holds the inputs at fixed offsets. */
  readonly form: 'compute' | 'alias' | 'pack';
}

export interface Assignment {
  readonly state: Tensor;
  readonly value: Tensor;
}

/** Members of an arena begin at multiples of this many words: 256 bytes, the largest offset alignment WebGPU asks for. */
export const ARENA_ALIGNMENT = 64;

/**
 * A net, a step or an experiment as mathematics: states, nodes, and assignments that happen after every read of the step.
 * Nothing here knows a GPU.
 */
export class Graph {
  readonly states: Tensor[] = [];
  readonly nodes: Node[] = [];
  readonly assignments: Assignment[] = [];
  #nextId = 0;
  readonly #arenaWords = new Map<string, number>();
  readonly #sealed = new Map<string, Tensor>();
  readonly #counts = new Map<string, number>();

  /**
   * A tensor that outlives a step.
   * @param options.arena the buffer of the Store that holds it; by default one of its own, named like the state
   */
  state(name: string, shape: Shape, options: { dtype?: DType; arena?: string } = {}): Tensor {
    const dtype = options.dtype ?? 'f32';
    const arena = options.arena ?? name;
    mustBeShape(`state ${name}`, shape);
    if (this.states.some((state) => state.name === name)) {
      throw new EngineError('graph', {
        place: 'state',
        given: `a second state named ${name}`,
        wanted: 'one state a name',
      });
    }
    if (this.#sealed.has(arena)) {
      throw new EngineError('graph', {
        place: `state ${name}`,
        given: `arena ${arena}, whose whole is already in use`,
        wanted: 'every member before the first use of the arena',
      });
    }
    const offset = this.#arenaWords.get(arena) ?? 0;
    const words = bytesOf(shape, dtype) / 4;
    this.#arenaWords.set(arena, offset + Math.ceil(words / ARENA_ALIGNMENT) * ARENA_ALIGNMENT);
    const state: Tensor = {
      graph: this,
      id: this.#nextId++,
      name,
      shape,
      dtype,
      output: 0,
      place: { arena, offset },
    };
    this.states.push(state);
    return state;
  }

  /** A trainable f32 state, in the arena that the optimizer updates as one. */
  parameter(name: string, shape: Shape): Tensor {
    return this.state(name, shape, { arena: 'parameters' });
  }

  /** The members of an arena in the order of their offsets. */
  members(arena: string): readonly Tensor[] {
    return this.states.filter((state) => state.place?.arena === arena && state !== this.#sealed.get(arena));
  }

  /** A whole arena of f32 states as one tensor [words], padding included. From here on the arena takes no new member. */
  arena(name: string): Tensor {
    const known = this.#sealed.get(name);
    if (known !== undefined) return known;
    const words = this.#arenaWords.get(name);
    if (words === undefined) {
      throw new EngineError('graph', { place: 'arena', given: name, wanted: 'an arena with at least one state' });
    }
    const whole: Tensor = {
      graph: this,
      id: this.#nextId++,
      name: `${name}[*]`,
      shape: [words],
      dtype: 'f32',
      output: 0,
      place: { arena: name, offset: 0 },
    };
    this.states.push(whole);
    this.#sealed.set(name, whole);
    return whole;
  }

  /** A graph with the same states in the same places and nothing else; the map leads from the old states to the new. */
  withSameStates(): { graph: Graph; states: Map<Tensor, Tensor> } {
    const graph = new Graph();
    const states = new Map<Tensor, Tensor>();
    for (const state of this.states) {
      const arena = state.place?.arena ?? state.name;
      const copy =
        state === this.#sealed.get(arena)
          ? graph.arena(arena)
          : graph.state(state.name, state.shape, { dtype: state.dtype, arena });
      states.set(state, copy);
    }
    return { graph, states };
  }

  /** Appends a node. Ops call this; see `defineOp`. */
  append(
    op: string,
    attrs: object,
    inputs: readonly Tensor[],
    specs: readonly Spec[],
    behaviour: (node: Node) => Behaviour,
  ): Node {
    for (const input of inputs) this.#mustOwn(op, input);
    for (const { shape } of specs) mustBeShape(op, shape);
    const outputs: Tensor[] = [];
    const partial = { id: this.#nextId++, op, attrs, inputs, outputs };
    const node: Node = Object.assign(partial, { behaviour: behaviour(partial as unknown as Node) });
    const count = (this.#counts.get(op) ?? 0) + 1;
    this.#counts.set(op, count);
    specs.forEach((spec, output) => {
      const name = `${op}${count}${specs.length > 1 ? `.${output}` : ''}`;
      outputs.push({ graph: this, id: this.#nextId++, name, node, output, shape: spec.shape, dtype: spec.dtype });
    });
    this.nodes.push(node);
    return node;
  }

  /** After every read of the step, `state` takes `value`. */
  assign(state: Tensor, value: Tensor): void {
    this.#mustOwn('assign', state);
    this.#mustOwn('assign', value);
    if (state.place === undefined) {
      throw new EngineError('graph', { place: 'assign', given: `${state.name}, made by a step`, wanted: 'a state' });
    }
    if (this.assignments.some((other) => overlap(other.state, state))) {
      throw new EngineError('graph', {
        place: 'assign',
        given: `a second value for ${state.name}`,
        wanted: 'one assignment a step for each state',
      });
    }
    if (sizeOf(state.shape) !== sizeOf(value.shape) || state.dtype !== value.dtype) {
      throw new EngineError('shape', {
        place: 'assign',
        given: `${value.name} ${value.dtype} ${textOf(value.shape)}`,
        wanted: `${state.name} ${state.dtype} ${textOf(state.shape)}`,
      });
    }
    this.assignments.push({ state, value });
  }

  #mustOwn(place: string, tensor: Tensor): void {
    if (tensor.graph === this) return;
    throw new EngineError('graph', { place, given: `${tensor.name} of another graph`, wanted: 'tensors of one graph' });
  }
}

/** Whether two states share words of one arena. */
export function overlap(a: Tensor, b: Tensor): boolean {
  if (a.place === undefined || b.place === undefined || a.place.arena !== b.place.arena) return false;
  const endOf = (tensor: Tensor) => (tensor.place?.offset ?? 0) + bytesOf(tensor.shape, tensor.dtype) / 4;
  return a.place.offset < endOf(b) && b.place.offset < endOf(a);
}
