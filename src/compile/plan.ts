import type { DType, Shape, StoredType } from '../core/shape.js';
import type { Tensor } from '../graph/graph.js';

/** A piece of a named buffer. Buffers are the Store's arenas and the plan's own scratch. */
export interface Range {
  readonly buffer: string;
  readonly offsetBytes: number;
  readonly bytes: number;
}

export interface PlannedBinding extends Range {
  readonly number: number;
  readonly name: string;
  readonly access: 'read' | 'read_write';
}

/** One dispatch of a plan, complete. */
export interface PlannedDispatch {
  /** Name of the entry point; it labels pipeline, bind group and profile row. */
  readonly entry: string;
  readonly variant: string;
  /** The ops it computes, as in `conv2d → add → relu`. */
  readonly covers: string;
  readonly code: string;
  readonly groups: readonly [number, number, number];
  readonly bindings: readonly PlannedBinding[];
  /** Floating-point operations of the mathematics. */
  readonly flops: number;
  /** Bytes of all bindings, each read or written once at the least; of a data set's bytes, those that a batch can take. */
  readonly bytes: number;
}

/** A state that a plan names: the Store gives it memory. */
export interface PlannedState {
  readonly name: string;
  readonly arena: string;
  readonly offsetBytes: number;
  readonly bytes: number;
  readonly shape: Shape;
  readonly dtype: DType;
}

/** What a session needs to know of a tensor in order to read it. */
export interface Readable extends Range {
  readonly shape: Shape;
  readonly dtype: StoredType;
  /** False for scratch that a later dispatch of the step may overwrite. */
  readonly kept: boolean;
}

/** A compiled graph: a list of dispatches over a few buffers. Frozen; `describe` prints it whole. */
export interface Plan {
  readonly name: string;
  readonly dispatches: readonly PlannedDispatch[];
  readonly states: readonly PlannedState[];
  /** Bytes of each arena that the plan's states live in. */
  readonly arenas: ReadonlyMap<string, number>;
  readonly scratch: readonly { readonly name: string; readonly bytes: number }[];
  /** Scratch words that belong to something, for tests that look at the others. */
  readonly occupied: readonly Range[];
  /** Where a tensor of the graph that was compiled is; undefined if nothing needed it. */
  readonly where: (tensor: Tensor) => Readable | undefined;
}
