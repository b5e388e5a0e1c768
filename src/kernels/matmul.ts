import { matmul, matmulTiled, tilesAlong, type MatmulParams, type MatmulTile } from '../../shaders/matmul.wgsl.js';
import { linearGroups } from '../../shaders/lib/linear.js';
import type { Tensor } from '../graph/graph.js';
import { addOp } from '../ops/arithmetic.js';
import { matmulOp, productSizes } from '../ops/matmul.js';
import { reluOp } from '../ops/relu.js';
import { temporary, type Kernel, type Match, type Step, type Uses, type Variant } from './kernel.js';
import { operandsOf } from './single.js';
import { sumStep } from './sum.js';

/** Invocations that keep the cores of a software adapter busy: below these, smaller tiles or slices are better. */
const ENOUGH_INVOCATIONS = 128;
/** Terms that a slice of a sum should at least have. */
const SLICE_TERMS = 64;

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
  const plain: Variant = {
    name: 'plain',
    dialect: 'any',
    steps: () => [{ code: matmul(params), bind, groups: linearGroups(M * N), flops }],
  };
  const tile = tileFor(params);
  const steps = (): readonly Step[] => {
    const { rows, columns } = tilesAlong(params, tile);
    const groups = [Math.ceil((rows * columns) / tile.lanes), tile.slices, 1] as const;
    if (tile.slices === 1) return [{ code: matmulTiled(params, tile), bind, groups, flops }];
    const planes = temporary('matmul.planes', [tile.slices, M * N]);
    return [
      { code: matmulTiled(params, tile), bind: { a, b, y: planes }, groups, flops },
      sumStep(planes, y, { shape: planes.shape, axes: [0] }),
    ];
  };
  return [{ name: 'tiled', dialect: 'any', steps }, plain];
}

/** Large tiles reuse what they load; small ones, and slices of the sums, keep every core busy. */
function tileFor({ M, N, K, bias = false }: MatmulParams): MatmulTile {
  const sizes = [
    [8, 8],
    [4, 8],
    [4, 4],
    [2, 4],
    [1, 4],
  ] as const;
  const count = ([rows, columns]: readonly [number, number]): number => Math.ceil(M / rows) * Math.ceil(N / columns);
  const [rows, columns] = sizes.find((size) => count(size) >= ENOUGH_INVOCATIONS) ?? [1, 4];
  const invocations = count([rows, columns]);
  const wanted = bias ? 1 : Math.min(Math.floor(K / SLICE_TERMS), Math.floor(ENOUGH_INVOCATIONS / invocations));
  const lanes = invocations >= 2048 ? 32 : invocations >= 512 ? 16 : 4;
  return { rows, columns, chunk: 4, lanes, slices: Math.max(1, wanted) };
}
