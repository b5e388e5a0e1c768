import * as shaders from '../../shaders/constant.wgsl.js';
import { spreadGroups } from '../../shaders/lib/linear.js';
import { constantOp } from '../ops/constant.js';
import { single } from './single.js';

export const constantKernel = single(constantOp, ({ outputs: [y], attrs }) => [
  { code: shaders.constant(attrs), bind: { y }, groups: spreadGroups(attrs.values.length), flops: 0 },
]);
