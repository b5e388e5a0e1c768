import type { Kernel } from './kernel.js';
import { reluGradKernel, reluKernel } from './relu.js';

/** Every kernel, those that cover longer runs first: the order in which they are asked. */
export const kernels: readonly Kernel[] = [reluKernel, reluGradKernel];
