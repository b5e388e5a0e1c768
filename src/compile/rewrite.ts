import { sameShape } from '../core/shape.js';
import type { Graph, Node, Tensor } from '../graph/graph.js';
import { identitiesOf, type Once } from './identities.js';

/** A graph made smaller, and where the tensors of the old one went. */
export interface Rewritten {
  readonly graph: Graph;
  /** The tensor of the new graph that holds what this one held; undefined if nothing needs it. */
  of(old: Tensor): Tensor | undefined;
}

/**
 * Copies what the assignments and the kept tensors need, by identities: equal ops on equal operands are one node; a
 * reshape of a reshape is one reshape; a reshape to the same shape is nothing; and those of `identities.ts`, which move
 * work to where there are fewer elements.
 */
export function rewrite(old: Graph, kept: readonly Tensor[]): Rewritten {
  const needed = neededNodes(old, kept);
  const { graph, states } = old.withSameStates();
  const moved = new Map<Tensor, Tensor>(states);
  const equals = new Map<string, readonly Tensor[]>();
  const identities = identitiesOf(old, needed, kept);
  const once: Once = (op, attrs, inputs, make) => {
    const key = `${op} ${textOf(attrs)} ${inputs.map((input) => input.id).join()}`;
    const outputs = equals.get(key) ?? make(inputs);
    equals.set(key, outputs);
    return outputs;
  };

  for (const node of old.nodes) {
    if (!needed.has(node)) continue;
    const inputs = node.inputs.map((input) => sourceOf(node, moved.get(input) ?? input));
    const [first] = inputs;
    const [result] = node.outputs;
    if (isAlias(node) && first !== undefined && result !== undefined && sameShape(first.shape, result.shape)) {
      moved.set(result, first);
      continue;
    }
    const outputs = identities(node, inputs, once) ?? once(node.op, node.attrs, inputs, node.behaviour.again);
    node.outputs.forEach((output, position) => {
      const copy = outputs[position];
      if (copy !== undefined) moved.set(output, copy);
    });
  }

  for (const { state, value } of old.assignments) {
    graph.assign(moved.get(state) ?? state, moved.get(value) ?? value);
  }
  // A reshape that another one reads through has no reader left.
  const left = neededNodes(
    graph,
    kept.flatMap((tensor) => moved.get(tensor) ?? []),
  );
  graph.nodes.splice(0, graph.nodes.length, ...graph.nodes.filter((node) => left.has(node)));
  const of = (tensor: Tensor): Tensor | undefined => {
    const found = moved.get(tensor);
    return found?.node === undefined || left.has(found.node) ? found : undefined;
  };
  return { graph, of };
}

/** Attributes as text that differs where they differ: JSON by itself knows neither NaN nor infinities nor −0. */
const textOf = (attrs: object): string =>
  JSON.stringify(attrs, (_, value: unknown) => {
    if (typeof value !== 'number') return value;
    return Number.isFinite(value) && !Object.is(value, -0) ? value : `number ${Object.is(value, -0) ? '-0' : value}`;
  });

const isAlias = (node: Node): boolean => node.behaviour.form === 'alias';

/** An alias reads through the aliases before it. */
function sourceOf(node: Node, input: Tensor): Tensor {
  if (!isAlias(node)) return input;
  let source = input;
  while (source.node !== undefined && isAlias(source.node) && source.node.inputs[0] !== undefined) {
    source = source.node.inputs[0];
  }
  return source;
}

function neededNodes(graph: Graph, kept: readonly Tensor[]): ReadonlySet<Node> {
  const needed = new Set<Node>();
  const visit = (tensor: Tensor): void => {
    if (tensor.node === undefined || needed.has(tensor.node)) return;
    needed.add(tensor.node);
    tensor.node.inputs.forEach(visit);
  };
  graph.assignments.forEach(({ value }) => visit(value));
  kept.forEach(visit);
  return needed;
}
