// A graph has one batch size, and a model has any. So a net is said twice, for two batches: what differs grows with them.

import { Graph, type Node, type Tensor } from '../../graph/graph.js';
import type { AppliedLayer, Net } from '../../nn/net.js';
import type { Size, Sizes } from './pieces.js';
import { refuse } from './refuse.js';

const BATCHES = [2, 3] as const;

/** A layer by a name of its own: `conv1` as its weights have it, else its kind and how many there were: `relu2`. */
export interface NamedLayer {
  readonly name: string;
  /** As in the summary: `conv2d 6 3×3`. */
  readonly label: string;
}

/** A net for a batch of 2, and how it would be for another. */
export interface Twins {
  readonly input: Tensor;
  readonly output: Tensor;
  /** Sizes with a name where they grow with the batch. */
  sizesOf(tensor: Tensor): Sizes;
  /** Whether a node has the same settings for all batches. */
  isSteady(node: Node): boolean;
  /** The layer that made a tensor; undefined between layers. */
  layerOf(tensor: Tensor): NamedLayer | undefined;
}

/** Says a net as in evaluation. Throws EngineError 'graph' if it says another one for another batch. */
export function twinsOf(net: Net): Twins {
  const [one, other] = BATCHES.map((batch) => said(net, batch)) as [Said, Said];
  const { nodes } = one.input.graph;
  const others = other.input.graph.nodes;
  const differs = nodes.findIndex(
    (node, i) => node.op !== others[i]?.op || node.inputs.length !== others[i]?.inputs.length,
  );
  if (differs >= 0 || nodes.length !== others.length)
    throw refuse(`net ${net.name}, which says other ops for ${BATCHES[1]} images than for ${BATCHES[0]}`);
  // Every tensor was made in the same place of both graphs.
  const twinOf = new Map<Tensor, Tensor>();
  const pair = (a: readonly Tensor[], b: readonly Tensor[]): void =>
    a.forEach((tensor, i) => twinOf.set(tensor, b[i] ?? tensor));
  pair(one.input.graph.states, other.input.graph.states);
  nodes.forEach((node, i) => pair(node.outputs, others[i]?.outputs ?? []));
  const twinNodes = new Map(nodes.map((node, i) => [node, others[i] ?? node]));

  return {
    input: one.input,
    output: one.output,
    sizesOf: (tensor) => {
      const twin = twinOf.get(tensor) ?? tensor;
      return tensor.shape.map((size, axis) => sizeFrom(size, twin.shape[axis] ?? size));
    },
    isSteady: (node) => JSON.stringify(node.attrs) === JSON.stringify(twinNodes.get(node)?.attrs),
    layerOf: (tensor) => one.layers.get(tensor),
  };
}

interface Said {
  readonly input: Tensor;
  readonly output: Tensor;
  readonly layers: ReadonlyMap<Tensor, NamedLayer>;
}

function said(net: Net, batch: number): Said {
  const input = new Graph().state('x', [batch, ...net.input]);
  const layers = new Map<Tensor, NamedLayer>();
  const counts = new Map<string, number>();
  const nameOf = ({ label, parameters, states }: AppliedLayer): string => {
    const own = parameters[0] ?? states[0];
    if (own !== undefined) return own.name.slice(0, own.name.lastIndexOf('.'));
    const kind = label.replace(/ .*/, '');
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    return `${kind}${counts.get(kind)}`;
  };
  const output = net.build(input, undefined, (layer) => {
    const named = { name: nameOf(layer), label: layer.label };
    const visit = (tensor: Tensor): void => {
      if (tensor === layer.x || tensor.node === undefined || layers.has(tensor)) return;
      layers.set(tensor, named);
      tensor.node.inputs.forEach(visit);
    };
    visit(layer.y);
  });
  return { input, output, layers };
}

/** A size that is k for each image is named `kN`. */
function sizeFrom(one: number, other: number): Size {
  if (one === other) return one;
  const each = one / BATCHES[0];
  if (!Number.isInteger(each) || each * BATCHES[1] !== other) return undefined;
  return each === 1 ? 'N' : `${each}N`;
}
