import { add } from '../../src/ops/arithmetic.js';
import { dense, matmul, type MatmulLayout } from '../../src/ops/matmul.js';
import { relu, reluGrad } from '../../src/ops/relu.js';
import { kernelLaw } from '../support/checkOp.js';
import type { GpuLaw } from '../support/gpuLaw.js';

type Sizes = readonly [M: number, N: number, K: number];

/** Ones; sizes that no tile divides; a long sum of few results, which is cut into slices. */
const sizes: readonly Sizes[] = [
  [1, 1, 1],
  [7, 3, 17],
  [17, 255, 7],
  [5, 6, 1024],
];

/** Where each layout works in a small net: forward, for the images, for the weights. */
const layers: Readonly<Record<MatmulLayout, Sizes>> = { nt: [64, 120, 40], nn: [3, 40, 12], tn: [10, 84, 64] };

const products: readonly GpuLaw[] = Object.entries(layers).flatMap(([name, layer]) => {
  const layout = name as MatmulLayout;
  return [...sizes, layer].map(([M, N, K]) =>
    kernelLaw(`matmul ${layout}, ${M} × ${N}, sums of ${K}`, {
      inputs: { a: layout === 'tn' ? [K, M] : [M, K], b: layout === 'nt' ? [N, K] : [K, N] },
      build: ({ a, b }) => matmul(a!, b!, layout),
    }),
  );
});

/** What the kernel takes in: each link alone, and operands in either order. */
const runs: readonly GpuLaw[] = [
  kernelLaw('dense [17, 30] → [17, 7]', {
    inputs: { x: [17, 30], w: [7, 30], b: [7] },
    build: ({ x, w, b }) => dense(x!, w!, b),
  }),
  kernelLaw('dense of one image', {
    inputs: { x: [1, 30], w: [10, 30], b: [10] },
    build: ({ x, w, b }) => relu(dense(x!, w!, b)),
  }),
  kernelLaw('dense, relu, with the bias on the left', {
    inputs: { x: [33, 17], w: [40, 17], b: [40] },
    build: ({ x, w, b }) => relu(add(b!, dense(x!, w!))),
  }),
  kernelLaw('a bias of another shape is no bias', {
    inputs: { x: [5, 6], w: [5, 6], b: [5, 1] },
    build: ({ x, w, b }) => relu(add(dense(x!, w!), b!)),
  }),
  kernelLaw('a product, then the gradient of a relu', {
    inputs: { dy: [17, 10], w: [10, 30], y: [17, 30] },
    build: ({ dy, w, y }) => reluGrad.one([matmul(dy!, w!), y!], {}),
  }),
  kernelLaw('a product that gates another gradient', {
    inputs: { x: [5, 6], w: [7, 6], dy: [5, 7] },
    build: ({ x, w, dy }) => reluGrad.one([dy!, dense(x!, w!)], {}),
  }),
  kernelLaw('a product that others read too', {
    inputs: { x: [5, 6], w: [7, 6], b: [7] },
    build: ({ x, w, b }) => {
      const product = dense(x!, w!);
      return [add(product, b!), product];
    },
  }),
];

export const matmulLaws: readonly GpuLaw[] = [...products, ...runs];
