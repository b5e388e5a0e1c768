import { conv2dGradXKernel, conv2dKernel } from './conv2d.js';
import { conv2dGradWKernel } from './conv2dGradW.js';
import type { Kernel } from './kernel.js';
import { avgPool2dGradKernel, avgPool2dKernel, maxPool2dGradKernel, maxPool2dKernel, winnersKernel } from './pool.js';
import { reluGradKernel, reluKernel } from './relu.js';

/** Every kernel, those that cover longer runs first: the order in which they are asked. */
export const kernels: readonly Kernel[] = [
  conv2dKernel,
  conv2dGradXKernel,
  conv2dGradWKernel,
  maxPool2dKernel,
  maxPool2dGradKernel,
  winnersKernel,
  avgPool2dKernel,
  avgPool2dGradKernel,
  reluKernel,
  reluGradKernel,
];
