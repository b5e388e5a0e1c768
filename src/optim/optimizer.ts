import type { Graph, Tensor } from '../graph/graph.js';

/** What an update sees of the step it belongs to. */
export interface UpdateOperands {
  /** The whole arena of parameters [P]. */
  readonly parameters: Tensor;
  /** Their gradients, laid out alike [P]. */
  readonly gradients: Tensor;
  /** [rows, 4]; row `step mod rows` is this step's. */
  readonly rates: Tensor;
  readonly step: Tensor;
  /** The step's guard: an update changes nothing once it is set. */
  readonly guard: Tensor;
}

/** How weights follow their gradients: one node of the graph over one arena, and a row of numbers for each step. */
export interface Optimizer {
  readonly name: string;
  /** The learning rate a run starts with. */
  readonly rate: number;
  /** Appends the update and its assignments; declares the states it needs. */
  update(graph: Graph, operands: UpdateOperands): void;
  /**
   * The row for one step, in f64: what of the update's arithmetic does not depend on the weights.
   * @param step 1 for the first
   */
  row(step: number, rate: number): readonly [number, number, number, number];
}
