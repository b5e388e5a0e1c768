import { matmul, matmulTiled, tiledGroups, type MatmulParams } from '../../shaders/matmul.wgsl.js';
import { matmulQuad, quadGroups } from '../../shaders/matmulQuad.wgsl.js';
import { matmulShared, sharedBytes, sharedGroups } from '../../shaders/matmulShared.wgsl.js';
import { linearGroups } from '../../shaders/lib/linear.js';
import type { Tensor } from '../graph/graph.js';
import { addOp } from '../ops/arithmetic.js';
import { matmulOp, productSizes } from '../ops/matmul.js';
import { reluOp } from '../ops/relu.js';
import { temporary, type Kernel, type Match, type Step, type Uses, type Variant } from './kernel.js';
import { quadTile, registerTile, sharedTile } from './matmulTile.js';
import { operandsOf } from './single.js';
import { sumStep } from './sum.js';

interface Product {
  readonly params: MatmulParams;
  readonly a: Tensor;
  readonly b: Tensor;
  readonly bias?: Tensor;
  readonly y: Tensor;
}

export const matmulKernel: Kernel = {
  name: 'matmul',
  match: (node) => {
    const operands = operandsOf(matmulOp, node);
    if (operands === undefined) return undefined;
    const { inputs, outputs, attrs } = operands;
    const [a, b] = inputs;
    const params = { layout: attrs.layout, ...productSizes(attrs.layout, a.shape, b.shape) };
    return { nodes: [node], variants: variantsOf({ params, a, b, y: outputs[0] }) };
  },
};

/** matmul → add of a bias [N] → relu, the last if it follows: a dense layer in one kernel. */
export const denseKernel: Kernel = { name: 'dense', match: matchDense };

function matchDense(node: Parameters<Kernel['match']>[0], uses: Uses): Match | undefined {
  const product = operandsOf(matmulOp, node);
  if (product === undefined) return undefined;
  const { inputs, outputs, attrs } = product;
  const [a, b] = inputs;
  const sizes = productSizes(attrs.layout, a.shape, b.shape);
  const addNode = uses.soleReader(outputs[0]);
  const sum = addNode && operandsOf(addOp, addNode);
  if (addNode === undefined || sum === undefined) return undefined;
  const bias = sum.inputs[0] === outputs[0] ? sum.inputs[1] : sum.inputs[0];
  if (bias.shape.length !== 1 || bias.shape[0] !== sizes.N) return undefined;

  const reluNode = uses.soleReader(sum.outputs[0]);
  const relu = reluNode && operandsOf(reluOp, reluNode);
  const params = { layout: attrs.layout, ...sizes, bias: true, relu: relu !== undefined };
  const y = relu === undefined ? sum.outputs[0] : relu.outputs[0];
  const nodes = relu === undefined || reluNode === undefined ? [node, addNode] : [node, addNode, reluNode];
  return { nodes, variants: variantsOf({ params, a, b, bias, y }) };
}

function variantsOf({ params, a, b, bias, y }: Product): readonly Variant[] {
  const { M, N, K } = params;
  const bind: Step['bind'] = bias === undefined ? { a, b, y } : { a, b, bias, y };
  const flops = 2 * M * N * K;

  /** The product in one dispatch; or slices of its sums, and then their sum. */
  const sliced = (code: string, groups: Step['groups'], slices: number): readonly Step[] => {
    if (slices === 1) return [{ code, bind, groups, flops }];
    const planes = temporary('matmul.planes', [slices, M * N]);
    return [
      { code, bind: { a, b, y: planes }, groups, flops },
      sumStep(planes, y, { shape: planes.shape, axes: [0] }, 0),
    ];
  };

  const quad = quadTile(params);
  const shared = sharedTile(params);
  const tile = registerTile(params);
  return [
    {
      name: 'quad',
      dialect: 'cpu',
      fits: ({ features }) => features.includes('subgroups') && M >= 4,
      steps: () => sliced(matmulQuad(params, quad), quadGroups(params, quad), quad.slices),
    },
    {
      name: 'shared',
      dialect: 'gpu',
      fits: ({ limits }) => limits.maxComputeWorkgroupStorageSize >= sharedBytes(shared),
      steps: () => sliced(matmulShared(params, shared), sharedGroups(params, shared), shared.slices),
    },
    {
      name: 'tiled',
      dialect: 'any',
      steps: () => sliced(matmulTiled(params, tile), tiledGroups(params, tile), tile.slices),
    },
    {
      name: 'plain',
      dialect: 'any',
      steps: () => [{ code: matmul(params), bind, groups: linearGroups(M * N), flops }],
    },
  ];
}
