import { describe, expect, it } from 'vitest';
import type { Conv2dSizes } from '../../shaders/conv2d.wgsl.js';
import { termsOf } from '../../shaders/convGemm.wgsl.js';
import { gradWSlices } from '../../shaders/convGemmGradW.wgsl.js';
import { extentOf, gemmBytes, lanesOf } from '../../shaders/lib/gemmTile.js';
import type { MatmulParams } from '../../shaders/matmul.wgsl.js';
import { defaultProfile } from '../../src/core/profile.js';
import { directForwardTile, directGradXTile } from '../../src/kernels/convDirect.js';
import { convPoolTile } from '../../src/kernels/convPoolGpu.js';
import {
  ENOUGH_WORKGROUPS,
  forwardGemm,
  gemmTileOf,
  gradWGemm,
  gradXGemm,
  LARGEST,
  TILES,
  workgroupsOf,
} from '../../src/kernels/gemmTile.js';
import { largeTile } from '../../src/kernels/matmulGemm.js';

const { maxComputeWorkgroupStorageSize: bytes, maxComputeInvocationsPerWorkgroup: lanes } =
  defaultProfile('gpu').limits;

/** A convolution of square images, windows and strides. */
function conv(N: number, C: number, H: number, K: number, R = 3, padding = 0, stride = 1, groups = 1): Conv2dSizes {
  const P = Math.floor((H + 2 * padding - R) / stride) + 1;
  const pair = (size: number) => [size, size] as const;
  const settings = { stride: pair(stride), padding: pair(padding), dilation: pair(1), groups };
  return { N, C, H, W: H, K, R, S: R, P, Q: P, ...settings };
}

const layers: Readonly<Record<string, Conv2dSizes>> = {
  'few channels': conv(64, 6, 13, 16),
  'a wide layer': conv(64, 32, 26, 64),
  'a residual block': conv(128, 64, 56, 64, 3, 1),
  'many channels, few pixels': conv(128, 512, 7, 512, 3, 1),
  '1×1 windows': conv(128, 256, 56, 64, 1),
  '5×5 windows': conv(32, 48, 27, 128, 5, 2),
  '7×7 windows': conv(8, 16, 32, 24, 7, 3),
  'a prime number of channels': conv(8, 37, 14, 41, 1),
  groups: conv(16, 64, 14, 64, 3, 1, 1, 4),
};

const work = { groups: 1, slices: 1 };

describe('the tile of a product', () => {
  it('keeps within what every adapter offers', () => {
    for (const tile of [LARGEST, ...TILES]) expect(lanesOf(tile)).toBeLessThanOrEqual(lanes);
    for (const sizes of Object.values(layers)) {
      for (const tile of [forwardGemm(sizes), gradXGemm(sizes)]) {
        if (tile !== undefined) expect(gemmBytes(tile, termsOf(sizes, tile))).toBeLessThanOrEqual(bytes);
      }
      const tile = gradWGemm(sizes)!;
      expect(gemmBytes(tile, tile.depth)).toBeLessThanOrEqual(bytes);
      expect(lanesOf(tile) % tile.depth).toBe(0);
    }
  });

  it('is large where even so every core has four workgroups, and small where it has none', () => {
    const of = (rows: number, columns: number) => extentOf(gemmTileOf({ rows, columns, ...work }, TILES)!);
    expect(of(4096, 4096)).toEqual([128, 64]);
    expect(of(1024, 1024)).toEqual([64, 64]);
    expect(of(16, 16)).toEqual([16, 32]);
  });

  it('is as flat as the matrix', () => {
    const of = (rows: number, columns: number) => extentOf(gemmTileOf({ rows, columns, ...work }, TILES)!);
    expect(of(16, 2 ** 18)).toEqual([16, 64]);
    expect(of(8, 2 ** 18)).toEqual([8, 128]);
    expect(of(2 ** 18, 16)).toEqual([64, 16]);
  });

  it('grows where slices fill the GPU', () => {
    const small = { rows: 128, columns: 64, groups: 1 };
    expect(extentOf(gemmTileOf({ ...small, slices: 1 }, TILES)!)).toEqual([16, 32]);
    expect(extentOf(gemmTileOf({ ...small, slices: 512 }, TILES)!)).toEqual([128, 64]);
  });
});

describe('the tile of a convolution', () => {
  it('stages whole channels, and a divisor of them where one is near', () => {
    expect(forwardGemm(layers['a wide layer']!)).toMatchObject({ rows: 3, depth: 2 });
    expect(forwardGemm(layers['1×1 windows']!)).toMatchObject({ rows: 1, depth: 16 });
    expect(forwardGemm(layers['5×5 windows']!)).toMatchObject({ rows: 5, depth: 1 });
    expect(forwardGemm(layers['7×7 windows']!)?.rows).toBe(1);
    expect(37 % forwardGemm(layers['a prime number of channels']!)!.depth).toBeGreaterThan(0);
  });

  it('is none for few channels on either side, or for wide windows', () => {
    expect(forwardGemm(layers['few channels']!)).toBeUndefined();
    expect(gradXGemm(layers['few channels']!)).toBeUndefined();
    expect(forwardGemm(conv(64, 64, 28, 64, 3, 0, 1, 16))).toBeUndefined();
    expect(forwardGemm(conv(1, 16, 28, 16, 17))).toBeUndefined();
    expect(gradWGemm(conv(64, 1, 28, 6))).toBeUndefined();
  });
});

describe('the slices of the gradient by the filters', () => {
  it.each(Object.entries(layers))('hold every pixel of %s, and none is empty', (_, sizes) => {
    const tile = gradWGemm(sizes)!;
    const slices = gradWSlices(sizes, tile);
    const pixels = sizes.N * sizes.P * sizes.Q;
    expect(slices * tile.steps * tile.depth).toBeGreaterThanOrEqual(pixels);
    expect((slices - 1) * tile.steps * tile.depth).toBeLessThan(pixels);
    expect(slices).toBeLessThanOrEqual(64);
    expect(tile.steps).toBeGreaterThanOrEqual(4);
  });

  it('are as many as fill the GPU, one where the weights do', () => {
    const { C, K, R, S } = layers['a residual block']!;
    const tile = gradWGemm(layers['a residual block']!)!;
    const workgroups = workgroupsOf({ rows: K, columns: C * R * S, groups: 1, slices: 1 }, tile);
    const all = workgroups * gradWSlices(layers['a residual block']!, tile);
    expect(all).toBeGreaterThan(0.9 * ENOUGH_WORKGROUPS);
    expect(all).toBeLessThan(2 * ENOUGH_WORKGROUPS);
    const many = layers['many channels, few pixels']!;
    expect(gradWSlices(many, gradWGemm(many)!)).toBe(1);
  });
});

describe('the tile of a kernel without products in workgroup memory', () => {
  it('has more pixels and channels where there are many', () => {
    expect(directForwardTile(conv(64, 1, 28, 32))).toMatchObject({ pixels: 4, channels: 8 });
    expect(directForwardTile(conv(64, 6, 13, 16))).toMatchObject({ pixels: 4, channels: 4 });
    expect(directForwardTile(conv(1, 6, 13, 16))).toMatchObject({ pixels: 1, channels: 4 });
    expect(directForwardTile(conv(1, 1, 28, 1, 17))).toBeUndefined();
  });

  it('begins at multiples of the stride, unless a row is one tile', () => {
    expect(directGradXTile(conv(64, 4, 29, 4, 3, 1, 2))!.pixels % 2).toBe(0);
    expect(directGradXTile(conv(1, 4, 29, 4, 3, 1, 3))!.pixels % 3).toBe(0);
    expect(directGradXTile(conv(64, 4, 3, 4, 3, 1, 5))!.pixels).toBe(3);
  });

  it('holds windows of a pool in registers, if they fit', () => {
    const pool = (U: number, window: number, stride = window) =>
      ({ window: [window, window], stride: [stride, stride], padding: [0, 0], results: [U, U] }) as const;
    expect(convPoolTile(conv(256, 1, 28, 6), pool(13, 2))).toMatchObject({ windows: 2, channels: 8, depth: 1 });
    expect(convPoolTile(conv(64, 6, 13, 16), pool(5, 2))).toMatchObject({ windows: 1, channels: 4, depth: 6 });
    expect(convPoolTile(conv(64, 32, 26, 64), pool(12, 2))).toMatchObject({ windows: 2, channels: 8, depth: 4 });
    expect(convPoolTile(conv(64, 1, 28, 8), pool(8, 3))).toMatchObject({ windows: 1 });
    expect(convPoolTile(conv(64, 1, 28, 8), pool(6, 4))).toBeUndefined();
  });
});

describe('the tile of a large matmul', () => {
  const p: MatmulParams = { layout: 'nn', M: 4096, N: 4096, K: 4096 };

  it('is the largest for the largest, and none for a product that cannot fill a GPU', () => {
    expect(largeTile(p)).toMatchObject({ ...LARGEST, slices: 1 });
    expect(largeTile({ ...p, M: 64, N: 128, K: 64 })).toBeUndefined();
    expect(extentOf(largeTile({ ...p, M: 1024, N: 1024 })!)).toEqual([64, 64]);
  });

  it('cuts long sums into equal parts, but never those with an epilogue', () => {
    const long = { ...p, M: 256, N: 256, K: 16_384 };
    const { slices } = largeTile(long)!;
    expect(slices).toBeGreaterThan(1);
    expect(long.K % slices).toBe(0);
    expect(largeTile({ ...long, bias: true })).toBeUndefined();
  });

  it('keeps within workgroup memory', () => {
    for (const N of [64, 512, 4096]) {
      const tile = largeTile({ ...p, N })!;
      expect(gemmBytes(tile, tile.depth)).toBeLessThanOrEqual(bytes);
    }
  });
});
