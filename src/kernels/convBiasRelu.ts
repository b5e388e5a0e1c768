import { sameShape } from '../core/shape.js';
import type { Node, Tensor } from '../graph/graph.js';
import { addOp } from '../ops/arithmetic.js';
import { conv2dOp } from '../ops/conv2d.js';
import { reluOp } from '../ops/relu.js';
import { forwardVariants } from './conv2d.js';
import { conv2dSizes } from './conv2dSizes.js';
import type { Kernel } from './kernel.js';
import { operandsOf } from './single.js';

/**
 * conv2d, then a bias [K, 1, 1], then relu; the bias or the relu may be absent. What is added and clamped never leaves
 * the registers, so two passes over y are saved.
 */
export const convBiasReluKernel: Kernel = {
  name: 'convBiasRelu',
  match: (node, uses) => {
    const conv = operandsOf(conv2dOp, node);
    if (conv === undefined) return undefined;
    const [x, w] = conv.inputs;
    const [sum] = conv.outputs;
    const nodes = [node];
    let y: Tensor = sum;

    const b = biasOf(uses.soleReader(y), y, node);
    if (b !== undefined) y = follow(nodes, uses.soleReader(y), y);
    const next = uses.soleReader(y);
    const relu = next !== undefined && reluOp.attrsOf(next) !== undefined;
    if (relu) y = follow(nodes, next, y);
    if (nodes.length === 1) return undefined;

    const sizes = conv2dSizes(x.shape, w.shape, sum.shape, conv.attrs);
    return { nodes, variants: forwardVariants({ sizes, x, w, relu, y, ...(b === undefined ? {} : { b }) }) };
  },
};

/** Takes the next node into the run; returns its output. */
function follow(nodes: Node[], next: Node | undefined, otherwise: Tensor): Tensor {
  if (next !== undefined) nodes.push(next);
  return next?.outputs[0] ?? otherwise;
}

/** What `next` adds to every pixel of a filter's image; undefined if it does anything else. */
export function biasOf(next: Node | undefined, sum: Tensor, conv: Node): Tensor | undefined {
  if (next === undefined || addOp.attrsOf(next) === undefined) return undefined;
  const b = next.inputs.find((input) => input !== sum);
  const K = sum.shape[1] ?? 1;
  if (b === undefined || !(sameShape(b.shape, [K, 1, 1]) || sameShape(b.shape, [1, K, 1, 1]))) return undefined;
  return isThereBefore(conv, b) ? b : undefined;
}

/** Whether a tensor is made before this node, so that a run that begins here may read it. */
function isThereBefore(node: Node, tensor: Tensor): boolean {
  const { node: maker } = tensor;
  if (maker === undefined || maker.id < node.id) return true;
  const [root] = maker.inputs;
  return maker.behaviour.form === 'alias' && root !== undefined && isThereBefore(node, root);
}
