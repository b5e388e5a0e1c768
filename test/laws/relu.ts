import { relu, reluGrad } from '../../src/ops/relu.js';
import { kernelLaw } from '../support/checkOp.js';
import type { GpuLaw } from '../support/gpuLaw.js';

/** One element, fewer than an invocation takes, around one workgroup, more than several. */
const sizes = [1, 3, 64, 65, 129, 255, 257];

export const reluLaws: readonly GpuLaw[] = [
  ...sizes.flatMap((size) => [
    kernelLaw(`relu of ${size}`, { inputs: { x: [size] }, build: ({ x }) => relu(x!) }),
    kernelLaw(`the gradient of relu of ${size}`, {
      inputs: { dy: [size], y: [size] },
      build: ({ dy, y }) => reluGrad.one([dy!, y!], {}),
    }),
  ]),
  kernelLaw('relu lets NaN and infinities pass', {
    inputs: { x: { shape: [6], values: [NaN, Infinity, -Infinity, -0, 1e-45, -1e-45] } },
    build: ({ x }) => relu(x!),
  }),
  kernelLaw('the gradient of relu is 0 at the kink', {
    inputs: { dy: [4], y: { shape: [4], values: [0, 1, 0, 2] } },
    build: ({ dy, y }) => reluGrad.one([dy!, y!], {}),
  }),
];
