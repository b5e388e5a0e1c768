import { dropout } from '../../shaders/dropout.wgsl.js';
import { spreadGroups } from '../../shaders/lib/linear.js';
import { sizeOf } from '../core/shape.js';
import { dropoutOp } from '../ops/dropout.js';
import { single } from './single.js';

export const dropoutKernel = single(dropoutOp, ({ inputs: [x, step], outputs: [y], attrs }) => {
  const size = sizeOf(y.shape);
  return [{ code: dropout({ size, ...attrs }), bind: { x, step, y }, groups: spreadGroups(size), flops: size }];
});
