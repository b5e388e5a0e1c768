import { describe, expect, it } from 'vitest';
import * as plain from '../../shaders/pool.wgsl.js';
import * as tiled from '../../shaders/poolTiled.wgsl.js';
import { errorsOfAll } from '../support/tint.js';

const pool = (planes: number, image: readonly [number, number], result: readonly [number, number]) => ({
  planes,
  H: image[0],
  W: image[1],
  P: result[0],
  Q: result[1],
  window: [2, 2] as const,
  stride: [2, 2] as const,
  padding: [0, 0] as const,
});

const cases: Readonly<Record<string, { sizes: plain.PoolSizes; pixels: number; gradPixels: number }>> = {
  'one pixel': { sizes: { ...pool(1, [1, 1], [1, 1]), window: [1, 1], stride: [1, 1] }, pixels: 1, gradPixels: 1 },
  'windows that tile the image': { sizes: pool(6, [26, 26], [13, 13]), pixels: 13, gradPixels: 26 },
  'rows of several tiles': { sizes: pool(6, [7, 33], [3, 16]), pixels: 5, gradPixels: 8 },
  'overlap and padding': {
    sizes: { ...pool(2, [7, 33], [4, 17]), window: [3, 3], padding: [1, 1] },
    pixels: 6,
    gradPixels: 12,
  },
  'gaps between windows': { sizes: { ...pool(2, [8, 9], [3, 3]), stride: [3, 3] }, pixels: 2, gradPixels: 3 },
};

describe('every text of a pool is WGSL', () => {
  for (const [title, { sizes, pixels, gradPixels }] of Object.entries(cases)) {
    it(title, async () => {
      const texts = {
        maxPool2d: plain.maxPool2d(sizes),
        maxPool2dGrad: plain.maxPool2dGrad(sizes),
        avgPool2d: plain.avgPool2d(sizes),
        avgPool2dGrad: plain.avgPool2dGrad(sizes),
        winners: plain.winners({ planes: sizes.planes, plane: sizes.H * sizes.W, windows: sizes.P * sizes.Q }),
        'tiled maxPool2d': tiled.maxPool2dTiled(sizes, { pixels, lanes: 4 }),
        'tiled maxPool2dGrad': tiled.maxPool2dGradTiled(sizes, { pixels: gradPixels, lanes: 16 }),
        'tiled avgPool2d': tiled.avgPool2dTiled(sizes, { pixels, lanes: 64 }),
        'tiled avgPool2dGrad': tiled.avgPool2dGradTiled(sizes, { pixels: gradPixels, lanes: 64 }),
      };
      expect(await errorsOfAll(texts)).toEqual([]);
    });
  }
});

describe('what the settings decide', () => {
  const sizes = pool(1, [6, 6], [3, 3]);
  const padded = { ...sizes, padding: [1, 1] as const, P: 4, Q: 4 };

  it('without padding nothing is clamped or left out', () => {
    expect(plain.avgPool2d(sizes)).not.toContain('continue');
    expect(plain.avgPool2d(padded)).toContain('continue');
    expect(tiled.maxPool2dTiled(sizes, { pixels: 3, lanes: 4 })).not.toContain('clamp');
    expect(tiled.maxPool2dTiled(padded, { pixels: 4, lanes: 4 })).toContain('clamp');
  });

  it('the mean has no winners', () => {
    expect(plain.avgPool2dGrad(sizes)).not.toContain('index');
    expect(tiled.avgPool2dGradTiled(sizes, { pixels: 6, lanes: 4 })).not.toContain('index');
  });
});
