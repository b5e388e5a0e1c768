import { augment } from '../../shaders/augment.wgsl.js';
import { spreadGroups } from '../../shaders/lib/linear.js';
import { sizeOf } from '../core/shape.js';
import { augmentOp } from '../ops/augment.js';
import { augmentationOf, DRAW, NOISE_DEVIATION, NOISE_MEAN } from '../ops/augmentation.js';
import { single } from './single.js';

export const augmentKernel = single(augmentOp, ({ inputs: [x, indices, step], outputs: [y], attrs }) => {
  const [batch = 1, channels = 1, rows = 1, columns = 1] = x.shape;
  const size = sizeOf(x.shape);
  const { seed, stream, perEpoch, fill } = attrs;
  const code = augment({
    batch,
    channels,
    rows,
    columns,
    seed,
    stream,
    perEpoch,
    fill,
    ...augmentationOf(attrs, rows, columns),
    draws: DRAW,
    noiseMean: NOISE_MEAN,
    noiseDeviation: NOISE_DEVIATION,
  });
  return [{ code, bind: { x, indices, step, y }, groups: spreadGroups(size), flops: 0 }];
});
