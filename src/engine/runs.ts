import type { Covered, Refused } from '../compile/choose.js';
import { cover } from '../compile/cover.js';
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
  { kernels, profile, refused = new Set(), keep = [] }: RunOptions,
): { readonly graph: Graph; readonly runs: readonly Covered[] } {
  const { graph, of } = rewrite(source, keep);
  const kept = new Set(keep.flatMap((tensor) => of(tensor) ?? []));
  return { graph, runs: cover(graph, { kernels, profile, kept, refused }) };
}
