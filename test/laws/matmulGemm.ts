// Large products, in tiles that need less than 2 KB of workgroup memory: other numbers than those of large matrices, the
// same text.

import type { MatmulGemmTile } from '../../shaders/matmulGemm.wgsl.js';
import type { MatmulParams } from '../../shaders/matmul.wgsl.js';
import { denseGradWKernel, denseKernel, denseReluGradKernel } from '../../src/kernels/dense.js';
import type { Kernel } from '../../src/kernels/kernel.js';
import { matmulKernel, productOf } from '../../src/kernels/matmul.js';
import { gemmVariant } from '../../src/kernels/matmulGemm.js';
import { dense, matmul, type MatmulLayout } from '../../src/ops/matmul.js';
import { sum } from '../../src/ops/reduce.js';
import { relu, reluGrad } from '../../src/ops/relu.js';
import { kernelLaw } from '../support/checkOp.js';
import type { GpuLaw } from '../support/gpuLaw.js';
import { defaultProfile } from '../../src/core/profile.js';
import type { Tensor } from '../../src/graph/graph.js';

type Sizes = readonly [M: number, N: number, K: number];

/** A kernel of products with one variant alone, which any adapter runs. */
const only = (kernel: Kernel, tile: MatmulGemmTile, epilogue: Partial<MatmulParams>): Kernel => ({
  name: kernel.name,
  match: (node, uses) => {
    const match = kernel.match(node, uses);
    const product = productOf(node);
    const [step] = match?.variants.find(({ name }) => name === 'plain')?.steps(defaultProfile('gpu')) ?? [];
    if (match === undefined || product === undefined || step === undefined) return undefined;
    const bind = step.bind as typeof product.bind & Record<string, Tensor>;
    const variant = gemmVariant({ ...product.params, ...epilogue }, bind, tile);
    return { ...match, variants: [{ ...variant, dialect: 'any' }] };
  },
});

/** The kernel of a product beside the sums of its slopes, with this tile. */
const withSums = (tile: MatmulGemmTile): Kernel => ({
  name: 'denseGradW',
  match: (node, uses) => {
    const match = denseGradWKernel.match(node, uses);
    const [added, weights] = match?.nodes ?? [];
    const product = weights && productOf(weights);
    if (match === undefined || product === undefined) return undefined;
    const bind = { ...product.bind, sums: added!.outputs[0]! };
    const variant = gemmVariant({ ...product.params, rowSums: true }, bind, tile);
    return { ...match, variants: [{ ...variant, dialect: 'any' }] };
  },
});

/** The kernel of products alone, with this tile. */
export const productKernel = (tile: MatmulGemmTile): Kernel => only(matmulKernel, tile, {});

const square: MatmulGemmTile = { lanes: [4, 4], each: [4, 4], depth: 8, slices: 1 };
const flat: MatmulGemmTile = { lanes: [2, 4], each: [4, 8], depth: 4, slices: 2 };
const tall: MatmulGemmTile = { lanes: [2, 2], each: [8, 8], depth: 8, slices: 3 };

/** Tiles that divide everything, and nothing; one iteration and several; slices with a rest. */
const cases: readonly (readonly [Sizes, MatmulGemmTile])[] = [
  [[16, 32, 16], square],
  [[17, 33, 11], square],
  [[3, 5, 6], { ...square, depth: 6 }],
  [[19, 35, 14], flat],
  [[40, 20, 33], tall],
];

const products: readonly GpuLaw[] = (['nn', 'nt', 'tn'] as const).flatMap((layout: MatmulLayout) =>
  cases.map(([[M, N, K], tile]) =>
    kernelLaw(`large matmul ${layout}, ${M} × ${N}, sums of ${K} in ${tile.slices}`, {
      inputs: { a: layout === 'tn' ? [K, M] : [M, K], b: layout === 'nt' ? [N, K] : [K, N] },
      build: ({ a, b }) => matmul(a!, b!, layout),
      kernels: [productKernel(tile)],
    }),
  ),
);

const runs: readonly GpuLaw[] = [
  kernelLaw('large dense', {
    inputs: { x: [18, 20], w: [21, 20], b: [21] },
    build: ({ x, w, b }) => dense(x!, w!, b),
    kernels: [only(denseKernel, square, { bias: true })],
  }),
  kernelLaw('large dense, relu', {
    inputs: { x: [16, 9], w: [34, 9], b: [34] },
    build: ({ x, w, b }) => relu(dense(x!, w!, b)),
    kernels: [only(denseKernel, { ...flat, slices: 1 }, { bias: true, relu: true })],
  }),
  kernelLaw('a large product, then the gradient of a relu', {
    inputs: { dy: [17, 10], w: [10, 30], y: [17, 30] },
    build: ({ dy, w, y }) => reluGrad.one([matmul(dy!, w!), y!], {}),
    kernels: [only(denseReluGradKernel, square, { gate: true })],
  }),
];

/** One more column than the weights have: in a tile of its own, in the rest of one, in slices. */
const sums: readonly GpuLaw[] = cases.map(([[M, N, K], tile]) =>
  kernelLaw(`large gradients of weights and bias, ${M} × ${N}, sums of ${K} in ${tile.slices}`, {
    inputs: { dy: [K, M], x: [K, N] },
    build: ({ dy, x }) => [sum(dy!, [0]), matmul(dy!, x!, 'tn')],
    kernels: [withSums(tile)],
  }),
);

export const matmulGemmLaws: readonly GpuLaw[] = [...products, ...runs, ...sums];
