import type { Refused } from '../compile/choose.js';
import { cover, type Covered } from '../compile/cover.js';
import { rewrite } from '../compile/rewrite.js';
import type { Profile } from '../core/profile.js';
import type { Graph, Tensor } from '../graph/graph.js';
import type { Kernel } from '../kernels/kernel.js';

/** What decides how a graph is split into runs. */
export interface RunOptions {
  readonly kernels: readonly Kernel[];
  readonly profile: Profile;
  readonly refused?: Refused | undefined;
  /** Tensors besides the states that the plan is compiled for. */
  readonly keep?: readonly Tensor[] | undefined;
}

/** The runs of a graph as `compile` makes them, and the rewritten graph that they are of. */
export function runsOf(
  source: Graph,
  { kernels, keep = [] }: RunOptions,
): { readonly graph: Graph; readonly runs: readonly Covered[] } {
  const { graph, of } = rewrite(source, keep);
  return { graph, runs: cover(graph, kernels, new Set(keep.flatMap((tensor) => of(tensor) ?? []))) };
}
