import { EngineError } from '../core/errors.js';
import type { Profile } from '../core/profile.js';
import { textOf } from '../core/shape.js';
import type { Graph, Node, Tensor } from '../graph/graph.js';
import type { Kernel, Uses } from '../kernels/kernel.js';
import { fitting, type Covered, type Refused } from './choose.js';

export interface CoverOptions {
  readonly kernels: readonly Kernel[];
  readonly profile: Profile;
  /** Tensors that someone outside the graph reads. */
  readonly kept?: ReadonlySet<Tensor>;
  readonly refused?: Refused;
}

/**
 * Splits a graph into runs that one kernel each computes. Kernels are asked in the order of the list, so those that
 * cover longer runs win; whatever no fused kernel takes falls to the kernel of its single op. What every reader computes
 * again in its loads has no run.
 */
export function cover(graph: Graph, options: CoverOptions): readonly Covered[] {
  const uses = usesOf(graph, options);
  const taken = new Set<Node>();
  const runs: Covered[] = [];
  for (const node of graph.nodes) {
    if (taken.has(node) || node.behaviour.form !== 'compute') continue;
    const run = firstMatch(node, options, uses, taken);
    run.nodes.forEach((covered) => taken.add(covered));
    runs.push(run);
  }
  return withoutSwallowed(runs, uses);
}

function firstMatch(
  node: Node,
  { kernels, profile, refused = new Set() }: CoverOptions,
  uses: Uses,
  taken: ReadonlySet<Node>,
): Covered {
  let refusedMatch: Covered | undefined;
  for (const kernel of kernels) {
    const match = kernel.match(node, uses);
    if (match === undefined || match.nodes.some((covered) => taken.has(covered))) continue;
    const run = { ...match, kernel: kernel.name };
    if (fitting(run, profile, refused).length > 0) return run;
    refusedMatch ??= run;
  }
  // Where every kernel of the op is ruled out, `choose` says by what.
  if (refusedMatch !== undefined) return refusedMatch;
  throw new EngineError('graph', {
    place: 'compile',
    given: `op ${node.op} on ${node.inputs.map((input) => textOf(input.shape)).join(', ')}`,
    wanted: 'an op that some kernel covers',
    wayOut: 'Pass a kernel for it to compile.',
  });
}

/** The runs that are still read, the last first: a run that goes may have been the last to read another. */
function withoutSwallowed(runs: readonly Covered[], uses: Uses): readonly Covered[] {
  const left = new Set(runs);
  const isSwallowed = (run: Covered): boolean =>
    run.nodes
      .flatMap((node) => node.outputs)
      .every((output) => {
        if (uses.isKept(output)) return false;
        const outside = uses.readers(output).filter((reader) => !run.nodes.includes(reader));
        return outside.every((reader) => ![...left].some((other) => needs(other, reader, output)));
      });
  for (const run of [...runs].reverse()) {
    const isComputedAgain = runs.some(({ again = [] }) => again.some((node) => run.nodes.includes(node)));
    if (isComputedAgain && isSwallowed(run)) left.delete(run);
  }
  return runs.filter((run) => left.has(run));
}

/** Whether a run has this reader of a tensor and finds the tensor in memory. */
const needs = ({ nodes, again = [] }: Covered, reader: Node, tensor: Tensor): boolean =>
  (nodes.includes(reader) || again.includes(reader)) && !again.some((node) => node.outputs.includes(tensor));

function usesOf(graph: Graph, { profile, kept = new Set() }: CoverOptions): Uses {
  const readers = new Map<Tensor, Node[]>();
  for (const node of graph.nodes) {
    for (const input of node.inputs) readers.set(input, [...(readers.get(input) ?? []), node]);
  }
  const assigned = new Set(graph.assignments.map(({ value }) => value));
  const readersOf = (tensor: Tensor): readonly Node[] => readers.get(tensor) ?? [];
  const isKept = (tensor: Tensor): boolean => kept.has(tensor) || assigned.has(tensor);
  return {
    profile,
    readers: readersOf,
    isKept,
    soleReader: (tensor) => {
      const nodes = readersOf(tensor);
      return nodes.length === 1 && !isKept(tensor) ? nodes[0] : undefined;
    },
  };
}
