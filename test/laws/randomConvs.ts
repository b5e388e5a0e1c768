// Convolutions and transposed convolutions of a seed's own settings, with their gradients, small enough for every variant.

import { uniform } from '../../src/core/random.js';
import type { Shape } from '../../src/core/shape.js';
import type { Tensor } from '../../src/graph/graph.js';
import { gradients } from '../../src/graph/tape.js';
import { conv2d } from '../../src/ops/conv2d.js';
import { convTranspose2d } from '../../src/ops/convTranspose2d.js';
import { reachOf, type Conv2dOptions } from '../../src/ops/convWindow.js';
import { kernelLaw } from '../support/checkOp.js';
import type { GpuLaw } from '../support/gpuLaw.js';

const CONVOLUTIONS = 26;
const TRANSPOSED = 14;

/** Whole numbers from `least` to `most`, one after the other, from a seed. */
function dice(seed: number): (least: number, most: number) => number {
  let throws = 0;
  return (least, most) => least + Math.floor(uniform(seed, 78, throws++) * (most - least + 1));
}

/** Windows, strides, dilations, groups; a third of them depthwise, and padding that often differs from side to side. */
function settings(roll: ReturnType<typeof dice>) {
  const pair = (least: number, most: number) => [roll(least, most), roll(least, most)] as const;
  const depthwise = roll(0, 2) === 0;
  const groups = roll(1, 3);
  const [each, filters] = [depthwise ? 1 : roll(1, 3), roll(1, 4)];
  const window = pair(1, 4);
  const padding = [pair(0, 2), pair(0, 2)] as const;
  return { groups, each, filters, window, padding, stride: pair(1, 3), dilation: pair(1, 2) };
}

function lawOf(title: string, shapes: { x: Shape; w: Shape }, build: (x: Tensor, w: Tensor) => Tensor): GpuLaw {
  return kernelLaw(title, {
    inputs: shapes,
    build: (by) => {
      const [x, w] = [by['x']!, by['w']!];
      const y = build(x, w);
      return [y, ...gradients(y, [x, w], y)];
    },
  });
}

function convolution(seed: number): GpuLaw {
  const roll = dice(seed);
  const { groups, each, filters, window, ...rest } = settings(roll);
  const side = (axis: 0 | 1): number => roll(1, 5) + reachOf(window[axis], rest.dilation[axis]) - 1;
  const isSame = roll(0, 4) === 0;
  const options: Conv2dOptions = { ...rest, groups, ...(isSame ? { padding: 'same', stride: 1 } : {}) };
  const shapes = { x: [roll(1, 2), groups * each, side(0), side(1)], w: [groups * filters, each, ...window] };
  return lawOf(`random convolution ${seed}`, shapes, (x, w) => conv2d(x, w, options));
}

function transposed(seed: number): GpuLaw {
  const roll = dice(1000 + seed);
  const { groups, each, filters, window, padding, stride, dilation } = settings(roll);
  const more = (axis: 0 | 1): number => roll(0, Math.max(stride[axis], dilation[axis]) - 1);
  const options = { stride, padding, dilation, groups, outputPadding: [more(0), more(1)] as const };
  // Enough pixels that padding leaves some of the result.
  const shapes = { x: [roll(1, 2), groups * filters, roll(5, 7), roll(5, 7)], w: [groups * filters, each, ...window] };
  return lawOf(`random transposed convolution ${seed}`, shapes, (x, w) => convTranspose2d(x, w, options));
}

const seeds = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

export const randomConvLaws: readonly GpuLaw[] = [
  ...seeds(CONVOLUTIONS).map(convolution),
  ...seeds(TRANSPOSED).map(transposed),
];
