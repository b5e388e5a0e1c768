import { uniform } from '../../src/core/random.js';
import { avgPool2d, conv2d, dense, flatten, maxPool2d, relu } from '../../src/nn/layers.js';
import type { Layer } from '../../src/nn/layer.js';
import { sequential, type Net } from '../../src/nn/net.js';

/** Whole numbers below n, one after the other, from a seed. */
function dice(seed: number): (n: number) => number {
  let throws = 0;
  return (n) => Math.floor(uniform(seed, 77, throws++) * n);
}

/**
 * A small net of its seed's own: one or two blocks of convolution, relu and pool in whatever settings fit, then dense
 * layers. Windows, strides, padding, groups, biases: each is there in some.
 */
export function randomNet(seed: number): Net {
  const roll = dice(seed);
  const layers: Layer[] = [];
  let [channels, H, W] = [1 + roll(3), 6 + roll(4), 6 + roll(4)];
  const input = [channels, H, W];

  for (let block = 1 + roll(2); block > 0; block--) {
    const wanted = [1 + roll(3), 1 + roll(3)] as const;
    const [stride, padding] = [1 + roll(2), roll(2)];
    const window = [Math.min(wanted[0], H + 2 * padding), Math.min(wanted[1], W + 2 * padding)] as const;
    const groups = channels > 1 && roll(2) === 0 ? channels : 1;
    const filters = groups * (1 + roll(3));
    layers.push(conv2d(filters, window, { stride, padding, groups, bias: roll(4) > 0 }));
    channels = filters;
    H = Math.floor((H + 2 * padding - window[0]) / stride) + 1;
    W = Math.floor((W + 2 * padding - window[1]) / stride) + 1;
    if (roll(4) > 0) layers.push(relu());
    if (H >= 4 && W >= 4 && roll(3) > 0) {
      const options = { stride: 1 + roll(2), padding: roll(2) };
      layers.push(roll(2) === 0 ? maxPool2d(2, options) : avgPool2d(2, options));
      H = Math.floor((H + 2 * options.padding - 2) / options.stride) + 1;
      W = Math.floor((W + 2 * options.padding - 2) / options.stride) + 1;
    }
  }
  layers.push(flatten());
  if (roll(2) === 0) layers.push(dense(5, { bias: roll(2) === 0 }), relu());
  layers.push(dense(3));
  return sequential(`random ${seed}`, input, ...layers);
}
