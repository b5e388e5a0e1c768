import { relu, reluGrad } from '../../src/ops/relu.js';
import { kernelLaw } from '../support/checkOp.js';

export const reluLaws = [
  kernelLaw('relu of 255 values', { inputs: { x: [3, 5, 17] }, build: ({ x }) => relu(x!) }),
  kernelLaw('the gradient of relu is 0 at the kink', {
    inputs: { dy: [4], y: { shape: [4], values: [0, 1, 0, 2] } },
    build: ({ dy, y }) => reluGrad.one([dy!, y!], {}),
  }),
];
