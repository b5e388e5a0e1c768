import { EngineError } from '../core/errors.js';
import { textOf } from '../core/shape.js';
import type { Graph, Node, Tensor } from '../graph/graph.js';
import type { Kernel, Match, Uses } from '../kernels/kernel.js';

/** A match and the kernel that made it. */
export interface Covered extends Match {
  readonly kernel: string;
}

/**
 * Splits a graph into runs that one kernel each computes. Kernels are asked in the order of the list, so those that
 * cover longer runs win; whatever no fused kernel takes falls to the kernel of its single op.
 */
export function cover(graph: Graph, kernels: readonly Kernel[], kept: ReadonlySet<Tensor>): readonly Covered[] {
  const uses = usesOf(graph, kept);
  const taken = new Set<Node>();
  const runs: Covered[] = [];
  for (const node of graph.nodes) {
    if (taken.has(node) || node.behaviour.form !== 'compute') continue;
    const run = firstMatch(node, kernels, uses, taken);
    run.nodes.forEach((covered) => taken.add(covered));
    runs.push(run);
  }
  return runs;
}

function firstMatch(node: Node, kernels: readonly Kernel[], uses: Uses, taken: ReadonlySet<Node>): Covered {
  for (const kernel of kernels) {
    const match = kernel.match(node, uses);
    if (match === undefined || match.nodes.some((covered) => taken.has(covered))) continue;
    return { ...match, kernel: kernel.name };
  }
  throw new EngineError('graph', {
    place: 'compile',
    given: `op ${node.op} on ${node.inputs.map((input) => textOf(input.shape)).join(', ')}`,
    wanted: 'an op that some kernel covers',
    wayOut: 'Pass a kernel for it to compile.',
  });
}

function usesOf(graph: Graph, kept: ReadonlySet<Tensor>): Uses {
  const readers = new Map<Tensor, Node[]>();
  for (const node of graph.nodes) {
    for (const input of node.inputs) readers.set(input, [...(readers.get(input) ?? []), node]);
  }
  const assigned = new Set(graph.assignments.map(({ value }) => value));
  return {
    soleReader: (tensor) => {
      const nodes = readers.get(tensor) ?? [];
      return nodes.length === 1 && !kept.has(tensor) && !assigned.has(tensor) ? nodes[0] : undefined;
    },
  };
}
