import { describe, expect, it } from 'vitest';
import { conv2dGemm, conv2dGradXGemm } from '../../shaders/convGemm.wgsl.js';
import { conv2dGradWGemm } from '../../shaders/convGemmGradW.wgsl.js';
import { convPoolGpu } from '../../shaders/convPoolGpu.wgsl.js';
import type { Unpool } from '../../shaders/lib/convLoads.js';
import { extentOf, lanesOf } from '../../shaders/lib/gemmTile.js';
import { matmulGemm } from '../../shaders/matmulGemm.wgsl.js';
import type { Conv2dSizes } from '../../shaders/conv2d.wgsl.js';
import { convPoolTile } from '../../src/kernels/convPoolGpu.js';
import { LARGEST, TILES } from '../../src/kernels/gemmTile.js';
import { errorsOfAll } from '../support/tint.js';

// The tiles that nets get on a GPU: no software adapter runs them in a moment, but Tint reads them.

const one = [1, 1] as const;
const plain: Conv2dSizes = {
  N: 64,
  C: 32,
  H: 26,
  W: 26,
  K: 64,
  R: 3,
  S: 3,
  P: 24,
  Q: 24,
  stride: one,
  padding: [0, 0],
  dilation: one,
  groups: 1,
};
const convolutions: Readonly<Record<string, Conv2dSizes>> = {
  'tiles divide everything': plain,
  'padding, odd sizes': { ...plain, N: 3, C: 37, K: 41, H: 7, W: 9, P: 7, Q: 9, padding: one },
  'stride, dilation, groups': { ...plain, P: 12, Q: 11, stride: [2, 2], dilation: [1, 2], groups: 4 },
};

/** A pool of 2 × 2 after a convolution. */
const poolOver = ({ N, K, P, Q }: Conv2dSizes): Unpool => ({
  N,
  C: K,
  windows: [Math.floor(P / 2), Math.floor(Q / 2)],
  window: [2, 2],
  width: Q,
});

describe('every tile of a net is WGSL', () => {
  for (const tile of TILES) {
    it.each(Object.keys(convolutions))(`convolutions by ${extentOf(tile).join(' × ')}, %s`, async (title) => {
      const sizes = convolutions[title]!;
      const cut = { ...tile, rows: 3, depth: 2 };
      const texts = {
        conv2d: conv2dGemm(sizes, cut, { bias: false, relu: false }),
        conv2dBiasRelu: conv2dGemm(sizes, cut, { bias: true, relu: true }),
        'a row at a time': conv2dGemm(sizes, { ...cut, rows: 1 }, { bias: true, relu: false }),
        conv2dGradX: conv2dGradXGemm(sizes, cut, { gate: false }),
        'conv2dGradX from a pool': conv2dGradXGemm(sizes, cut, { pool: poolOver(sizes), gate: true }),
        'conv2dGradW from a pool': conv2dGradWGemm(
          sizes,
          { ...tile, depth: lanesOf(tile) >= 64 ? 16 : 8, steps: 4 },
          { pool: poolOver(sizes), bias: true },
        ),
        conv2dGradW: conv2dGradWGemm(
          sizes,
          { ...tile, depth: lanesOf(tile) >= 64 ? 16 : 8, steps: 4 },
          { bias: false },
        ),
      };
      expect(await errorsOfAll(texts)).toEqual([]);
    });
  }

  for (const tile of [LARGEST, ...TILES]) {
    it(`products by ${extentOf(tile).join(' × ')}`, async () => {
      const texts = (['nn', 'nt', 'tn'] as const).flatMap((layout) => [
        [layout, matmulGemm({ layout, M: 1024, N: 2048, K: 1024 }, { ...tile, depth: 8, slices: 2 })],
        [
          `${layout}, odd`,
          matmulGemm({ layout, M: 509, N: 511, K: 513, gate: true }, { ...tile, depth: 8, slices: 1 }),
        ],
        [
          `${layout}, sums of rows`,
          matmulGemm({ layout, M: 509, N: 512, K: 513, rowSums: true }, { ...tile, depth: 8, slices: 3 }),
        ],
        [
          `${layout}, dense`,
          matmulGemm({ layout, M: 65, N: 127, K: 99, bias: true, relu: true }, { ...tile, depth: 8, slices: 1 }),
        ],
      ]);
      expect(await errorsOfAll(Object.fromEntries(texts))).toEqual([]);
    });
  }

  it.each([
    ['tutorial 1', { ...plain, C: 1, H: 28, W: 28, K: 6, P: 26, Q: 26 }, 13],
    ['tutorial 2', { ...plain, C: 6, H: 13, W: 13, K: 16, P: 11, Q: 11 }, 5],
    ['figure 1', { ...plain, C: 1, H: 28, W: 28, K: 8, P: 28, Q: 28, padding: one }, 14],
    ['figure 2', { ...plain, C: 8, H: 14, W: 14, K: 16, P: 14, Q: 14, padding: one }, 7],
    ['figure 3', { ...plain, C: 16, H: 7, W: 7, K: 32, P: 7, Q: 7, padding: one }, 3],
    ['wide 2', plain, 12],
  ] as const)('convolution to pool, %s', async (_, sizes, U) => {
    const pool = { window: [2, 2], stride: [2, 2], padding: [0, 0], results: [U, U] } as const;
    const tile = convPoolTile(sizes, pool)!;
    const texts = {
      training: convPoolGpu(sizes, pool, tile, { bias: true, relu: 'after', index: true }),
      predicting: convPoolGpu(sizes, pool, tile, { bias: true, relu: 'before', index: false }),
    };
    expect(await errorsOfAll(texts)).toEqual([]);
  });
});

describe('what the sizes decide', () => {
  const tile = { lanes: [8, 8], each: [4, 4], rows: 3, depth: 2 } as const;

  it('without padding nothing is compared with the rim, and where tiles divide channels nothing is left out', () => {
    const text = conv2dGemm(plain, tile, { bias: false, relu: false });
    expect(text).not.toContain('select');
    expect(text).not.toContain('if (first');
    expect(conv2dGemm({ ...plain, padding: one, P: 26, Q: 26 }, tile, { bias: false, relu: false })).toContain(
      'select',
    );
    expect(conv2dGemm({ ...plain, K: 60 }, tile, { bias: false, relu: false })).toContain('if (first');
  });

  it('terms that are all staged at once need one barrier', () => {
    const barriers = (text: string): number => text.split('workgroupBarrier();').length - 1;
    expect(barriers(conv2dGemm(plain, tile, { bias: false, relu: false }))).toBe(2);
    expect(barriers(conv2dGemm({ ...plain, C: 2 }, tile, { bias: false, relu: false }))).toBe(1);
  });

  it('there is no division in a loop over channels', () => {
    const text = conv2dGradXGemm({ ...plain, padding: one, P: 26, Q: 26 }, tile, { gate: false });
    const loop = text.slice(text.indexOf('for (var i'), text.indexOf('let at0'));
    expect(loop).toContain('workgroupBarrier');
    expect(loop).not.toMatch(/[/%] \d/);
  });
});
