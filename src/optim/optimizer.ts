import type { Graph, Tensor } from '../graph/graph.js';
import type { Segment, Update, UpdateAttrs } from '../ops/updates.js';

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
  /** Stretches of the arena with settings of their own; absent where all parameters are alike. */
  readonly segments?: readonly Segment[];
  /** A factor [] for all gradients; and, of what that gives, the most that an element may be. */
  readonly factor?: Tensor;
  readonly most?: number;
}

/** How weights follow their gradients: one node of the graph over one arena, and a row of numbers for each step. */
export interface Optimizer {
  readonly name: string;
  /** The learning rate a run starts with. */
  readonly rate: number;
  /** λ of parameters that no group gives another. */
  readonly weightDecay: number;
  /** Appends the update and its assignments; declares the states it needs. */
  update(graph: Graph, operands: UpdateOperands): void;
  /**
   * The row for one step, in f64: what of the update's arithmetic does not depend on the weights. Each of its numbers is
   * either proportional to the rate or does not depend on it.
   * @param step 1 for the first; steps whose update was skipped are not counted
   */
  row(step: number, rate: number): readonly [number, number, number, number];
}

/**
 * Appends an update with its states, and assigns what it makes.
 * @param states their names in the Store, in the order of the update's states: `sgd.velocity`
 */
export function appendUpdate<Attrs extends UpdateAttrs>(
  graph: Graph,
  operands: UpdateOperands,
  update: Update<Attrs>,
  attrs: Attrs,
  states: readonly string[],
): void {
  const { parameters, gradients, rates, step, guard, segments, factor, most } = operands;
  // Three in one arena, so that the kernel can bind them as one where a factor comes besides: an adapter binds eight.
  const shared = states.length > 2 ? { arena: update.name } : {};
  const own = states.map((name) => graph.state(name, parameters.shape, shared));
  const made = update.apply([parameters, gradients, ...own, rates, step, guard, ...(factor ? [factor] : [])], {
    ...attrs,
    ...(segments && { segments }),
    ...(most !== undefined && { most }),
  });
  [parameters, ...own].forEach((state, at) => {
    const value = made[at];
    if (value !== undefined) graph.assign(state, value);
  });
}
