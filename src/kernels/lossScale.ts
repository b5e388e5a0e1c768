import * as shaders from '../../shaders/lossScale.wgsl.js';
import { adjustScaleOp, LARGEST_SCALE, LEAST_SCALE, rowOfUpdateOp } from '../ops/lossScale.js';
import { single } from './single.js';

export const adjustScaleKernel = single(adjustScaleOp, ({ inputs, outputs: [scale, good, skipped, guard], attrs }) => {
  const code = shaders.adjustScale({ ...attrs, least: LEAST_SCALE, most: LARGEST_SCALE });
  return [{ code, bind: { word: inputs[4], scale, good, skipped, guard }, groups: [1, 1, 1], flops: 0 }];
});

export const rowOfUpdateKernel = single(rowOfUpdateOp, ({ inputs, outputs: [row, unscale] }) => {
  const [rates, bases, step, skipped, scale] = inputs;
  const code = shaders.rowOfUpdate({ rateRows: rates.shape[0] ?? 0, baseRows: bases.shape[0] ?? 0 });
  return [{ code, bind: { rates, bases, step, skipped, scale, row, unscale }, groups: [1, 1, 1], flops: 0 }];
});
