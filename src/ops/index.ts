export { avgPool2d, avgPool2dGrad, avgPool2dOp } from './avgPool2d.js';
export { conv2d, conv2dGradW, conv2dGradX, conv2dOp, type Conv2dOptions } from './conv2d.js';
export { maxPool2d, maxPool2dGrad, maxPool2dOp, winners } from './maxPool2d.js';
export type { PoolOptions } from './poolWindow.js';
export { relu, reluGrad, reluOp } from './relu.js';
