import type { Shape } from '../../src/core/shape.js';
import { dropout } from '../../src/ops/dropout.js';
import { kernelLaw, type KernelOperand } from '../support/checkOp.js';
import type { GpuLaw } from '../support/gpuLaw.js';

const stepAt = (value: number): KernelOperand => ({ shape: [1], dtype: 'u32', values: [value] });

/** One element, an odd number of them, more than a workgroup; chances from none to nearly one; every word. */
const cases: readonly (readonly [Shape, p: number, seed: number, stream: number, step: number])[] = [
  [[1], 0.5, 1, 0, 0],
  [[7, 9], 0, 1, 1, 3],
  [[17, 3, 5], 0.1, 2 ** 32 - 1, 2 ** 32 - 1, 2 ** 32 - 1],
  [[1021], 0.9375, 5, 2, 60_000],
];

export const dropoutLaws: readonly GpuLaw[] = [
  ...cases.map(([shape, p, seed, stream, step]) =>
    kernelLaw(`dropout of [${shape.join()}] by ${p}, step ${step}`, {
      inputs: { x: shape, step: stepAt(step) },
      build: (by) => dropout(by['x']!, by['step']!, { p, seed, stream }),
    }),
  ),
  kernelLaw('dropout lets NaN through wherever it is', {
    inputs: { x: { shape: [9], values: new Array<number>(9).fill(NaN) }, step: stepAt(4) },
    build: ({ x, step }) => dropout(x!, step!, { p: 0.5, seed: 3, stream: 1 }),
  }),
];
