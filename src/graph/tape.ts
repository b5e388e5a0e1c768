import { EngineError } from '../core/errors.js';
import { sizeOf, textOf } from '../core/shape.js';
import { defineOp } from './op.js';
import type { Node, Tensor } from './graph.js';

/** A tensor of one value, shaped like its operand, whose values it never reads. */
export const fill = defineOp<{ value: number }>('fill', {
  arity: 1,
  infer: ([like]) => [{ shape: like.shape, dtype: 'f32' }],
  at: (_, __, { value }) => value,
  terms: () => 0,
});

/** a + b of two gradients of one tensor: same shape, no broadcasting. */
export const accumulate = defineOp<object>('accumulate', {
  arity: 2,
  infer: ([a]) => [{ shape: a.shape, dtype: 'f32' }],
  at: ([a, b], index) => a.at(...index) + b.at(...index),
  gradient: (dy) => [() => dy, () => dy],
  half: true,
});

/**
 * Appends the gradient of a scalar to its graph: reverse accumulation over the nodes between `loss` and `wanted`.
 * Nodes that no wanted tensor feeds are never differentiated.
 *
 * @param loss one element
 * @param wanted states or other tensors that the loss depends on
 * @param seed the gradient of the loss itself; 1 by default
 * @returns one gradient for each wanted tensor, of its shape
 * @throws EngineError 'shape' if the loss is no scalar, 'graph' if a wanted tensor does not feed it differentiably
 */
export function gradients(loss: Tensor, wanted: readonly Tensor[], seed?: Tensor): Tensor[] {
  if (seed === undefined && sizeOf(loss.shape) !== 1) {
    throw new EngineError('shape', {
      place: 'gradients',
      given: `a loss ${textOf(loss.shape)}`,
      wanted: 'a scalar',
      wayOut: 'Take its mean or sum first, or pass a seed of its shape.',
    });
  }
  const nodes = loss.graph.nodes;
  const feeds = reachable(nodes, wanted);
  const gradientOf = new Map<Tensor, Tensor>();
  gradientOf.set(loss, seed ?? fill.one([loss], { value: 1 }));

  for (const node of [...nodes].reverse()) {
    const dy = node.outputs[0] === undefined ? undefined : gradientOf.get(node.outputs[0]);
    if (dy === undefined) continue;
    if (!node.inputs.some((input) => feeds.has(input))) continue;
    node.behaviour.gradient(dy).forEach((thunk, position) => {
      const input = node.inputs[position];
      if (input === undefined || thunk === undefined || !feeds.has(input)) return;
      const known = gradientOf.get(input);
      const gradient = thunk();
      gradientOf.set(input, known === undefined ? gradient : accumulate.one([known, gradient], {}));
    });
  }

  return wanted.map((tensor) => {
    const gradient = gradientOf.get(tensor);
    if (gradient !== undefined) return gradient;
    throw new EngineError('graph', {
      place: 'gradients',
      given: `${tensor.name}, on which ${loss.name} does not depend`,
      wanted: 'tensors that feed the loss through differentiable ops',
    });
  });
}

/** The wanted tensors and everything computed from them. */
function reachable(nodes: readonly Node[], wanted: readonly Tensor[]): ReadonlySet<Tensor> {
  const reached = new Set(wanted);
  for (const node of nodes) {
    if (node.inputs.some((input) => reached.has(input))) node.outputs.forEach((output) => reached.add(output));
  }
  return reached;
}
