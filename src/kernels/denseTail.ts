import { denseTail, tailGroups, type TailLayer, type TailParams } from '../../shaders/denseTail.wgsl.js';
import type { Node, Tensor } from '../graph/graph.js';
import { addOp } from '../ops/arithmetic.js';
import { reluGrad, reluOp } from '../ops/relu.js';
import { crossEntropyRowsOp } from '../ops/softmax.js';
import { headOf, headSumStep } from './lossHead.js';
import { temporary, type Kernel, type Slot, type Uses } from './kernel.js';
import { productOf } from './matmul.js';
import { operandsOf } from './single.js';
import { quadVariant } from './tiling.js';

/** Numbers of a layer that an invocation holds, and layers of one kernel. */
const MOST_HELD = 160;
const MOST_LAYERS = 3;

/**
 * The dense layers at the end of a net, the loss, and the way back through them: one dispatch, and one that adds up the
 * losses. Each layer is small, so an invocation takes an image through all of them.
 */
export const denseTailKernel: Kernel = {
  name: 'denseTail',
  match: (node, uses) => {
    if (uses.profile.dialect !== 'cpu' || !uses.profile.features.includes('subgroups')) return undefined;
    const layers = layersFrom(node, uses);
    const last = layers?.at(-1);
    const losses = last && uses.readers(last.y).find((reader) => crossEntropyRowsOp.attrsOf(reader) !== undefined);
    const head = losses && headOf(losses, uses);
    if (layers === undefined || last === undefined || head === undefined || head.bind.logits !== last.y)
      return undefined;
    // The logits are read by the head alone, and by no layer.
    if (uses.isKept(last.y) || !uses.readers(last.y).every((reader) => head.nodes.includes(reader))) return undefined;

    const x = layers[0]?.x;
    const way = wayBack(layers, head.bind.dx, uses);
    if (way === undefined || x === undefined) return undefined;
    const { N, C } = head.params;
    const rows = temporary('denseTail.rows', [2, N]);
    const { labels, live, dx, loss, correct, seed } = head.bind;
    const logits = temporary('logits', [N, C]);
    const bind: Record<string, Slot> = { x, labels, live, dx, rows, logits, ...(seed && { seed }) };
    layers.forEach(({ w, b, y }, l) => {
      bind[`w${l}`] = w;
      if (b !== undefined) bind[`b${l}`] = b;
      if (l < layers.length - 1) bind[`h${l}`] = y;
    });
    way.slopes.forEach((slope, l) => {
      if (slope !== undefined) bind[l === 0 ? 'back' : `d${l - 1}`] = slope;
    });
    const params: TailParams = { head: head.params, layers: layers.map(({ sizes }) => sizes), back: way.back };
    const flops = layers.reduce((sum, { sizes }) => sum + 4 * N * sizes.inputs * sizes.outputs, 8 * N * C);
    const steps = () => [
      { code: denseTail(params), bind, groups: tailGroups(params), flops },
      headSumStep(N, { rows, live, loss, correct }),
    ];
    const nodes = [...layers.flatMap((layer) => layer.nodes), ...head.nodes, ...way.nodes];
    return { nodes, variants: [quadVariant(steps)] };
  },
};

interface Layer {
  readonly nodes: readonly Node[];
  readonly x: Tensor;
  readonly w: Tensor;
  readonly b: Tensor | undefined;
  readonly y: Tensor;
  readonly sizes: TailLayer;
}

/** The dense layers from this product on, each after relu but the last; undefined where one is too large. */
function layersFrom(node: Node, uses: Uses): readonly Layer[] | undefined {
  const layers: Layer[] = [];
  let next: Node | undefined = node;
  while (next !== undefined) {
    const product = productOf(next);
    if (product === undefined || product.params.layout !== 'nt') return undefined;
    const { a, b: w, y: sum } = product.bind;
    const { N: outputs, K: inputs } = product.params;
    if (inputs > MOST_HELD || outputs > MOST_HELD || layers.length === MOST_LAYERS) return undefined;
    const nodes: Node[] = [next];
    let y = sum;
    const adds = uses.soleReader(y);
    const both = adds && operandsOf(addOp, adds);
    const b = both?.inputs.find((each) => each !== sum && each.shape.length === 1 && each.shape[0] === outputs);
    if (adds !== undefined && both !== undefined && b !== undefined) {
      nodes.push(adds);
      y = both.outputs[0];
    }
    const relu = uses.soleReader(y);
    const isLast = relu === undefined || reluOp.attrsOf(relu) === undefined;
    if (!isLast && relu.outputs[0] !== undefined) {
      nodes.push(relu);
      y = relu.outputs[0];
    }
    layers.push({ nodes, x: a, w, b, y, sizes: { inputs, outputs, bias: b !== undefined } });
    if (isLast) return layers;
    const [hidden] = relu.outputs;
    next = uses.readers(y).find((reader) => {
      const forward = productOf(reader);
      return forward?.params.layout === 'nt' && forward.bind.a === hidden;
    });
  }
  return undefined;
}

/** The slopes of each layer's input, the last layer's first found: `slopes[l]` belongs to the input of layer l. */
function wayBack(
  layers: readonly Layer[],
  dlogits: Tensor,
  uses: Uses,
):
  | {
      readonly nodes: readonly Node[];
      readonly slopes: readonly (Tensor | undefined)[];
      readonly back: TailParams['back'];
    }
  | undefined {
  const nodes: Node[] = [];
  const slopes: (Tensor | undefined)[] = [];
  let back: TailParams['back'] = 'none';
  let dy = dlogits;
  for (let l = layers.length - 1; l >= 0; l--) {
    const layer = layers[l];
    if (layer === undefined) return undefined;
    const product = uses.readers(dy).find((reader) => {
      const through = productOf(reader);
      return through?.params.layout === 'nn' && through.bind.a === dy && through.bind.b === layer.w;
    });
    if (product === undefined) return l === 0 ? { nodes, slopes: [undefined, ...slopes], back: 'none' } : undefined;
    const [sum] = product.outputs;
    const gate = sum && uses.soleReader(sum);
    const isGated = gate !== undefined && reluGrad.attrsOf(gate) !== undefined && gate.inputs[1] === layer.x;
    if (sum === undefined || (l > 0 && !isGated)) return undefined;
    nodes.push(product, ...(isGated ? [gate] : []));
    dy = isGated ? (gate.outputs[0] as Tensor) : sum;
    slopes.unshift(dy);
    back = isGated ? 'gated' : 'plain';
  }
  return { nodes, slopes, back };
}
