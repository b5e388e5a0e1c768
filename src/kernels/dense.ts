import type { Node } from '../graph/graph.js';
import { addOp } from '../ops/arithmetic.js';
import { sumOp } from '../ops/reduce.js';
import { reluGrad, reluOp } from '../ops/relu.js';
import type { Kernel, Match, Uses } from './kernel.js';
import { productOf, productVariants, rowSumsVariants, type Product } from './matmul.js';
import { operandsOf } from './single.js';

/** A product, then a bias [N], then relu if it follows: a dense layer in one kernel. */
export const denseKernel: Kernel = { name: 'dense', match: matchDense };

function matchDense(node: Node, uses: Uses): Match | undefined {
  const product = productOf(node);
  const next = product && uses.soleReader(product.bind.y);
  const sum = next && operandsOf(addOp, next);
  if (product === undefined || next === undefined || sum === undefined) return undefined;
  const { params, bind } = product;
  const bias = sum.inputs[0] === bind.y ? sum.inputs[1] : sum.inputs[0];
  if (bias.shape.length !== 1 || bias.shape[0] !== params.N) return undefined;

  const [y] = sum.outputs;
  const last = uses.soleReader(y);
  const relu = last && operandsOf(reluOp, last);
  const whole: Product = {
    params: { ...params, bias: true, relu: relu !== undefined },
    bind: { ...bind, bias, y: relu?.outputs[0] ?? y },
  };
  const nodes = relu === undefined || last === undefined ? [node, next] : [node, next, last];
  return { nodes, variants: productVariants(whole) };
}

/** A product, then the gradient of the relu that it came through: what a dense layer sends back to the layer before. */
export const denseReluGradKernel: Kernel = {
  name: 'denseReluGrad',
  match: (node, uses) => {
    const product = productOf(node);
    const next = product && uses.soleReader(product.bind.y);
    const grad = next && operandsOf(reluGrad, next);
    if (product === undefined || next === undefined || grad?.inputs[0] !== product.bind.y) return undefined;
    const whole: Product = {
      params: { ...product.params, gate: true },
      bind: { ...product.bind, gate: grad.inputs[1], y: grad.outputs[0] },
    };
    return { nodes: [node, next], variants: productVariants(whole) };
  },
};

/**
 * What a dense layer learns from: the gradient of its weights, and the sums of the slopes that are the gradient of its
 * bias, where one kernel has both at hand.
 */
export const denseGradWKernel: Kernel = {
  name: 'denseGradW',
  match: (node, uses) => {
    const bias = operandsOf(sumOp, node);
    if (bias === undefined || bias.attrs.axes.join() !== '0') return undefined;
    const [dy] = bias.inputs;
    const weights = uses.readers(dy).find((reader) => {
      const product = reader === node ? undefined : productOf(reader);
      return product?.params.layout === 'tn' && product.bind.a === dy;
    });
    const product = weights && productOf(weights);
    if (product === undefined || weights === undefined) return undefined;
    const sums = bias.outputs[0];
    return { nodes: [node, weights], variants: rowSumsVariants({ ...product, bind: { ...product.bind, sums } }) };
  },
};
