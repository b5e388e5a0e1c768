import { describe, expect, it } from 'vitest';
import { matmul, matmulTiled, type MatmulParams } from '../../shaders/matmul.wgsl.js';
import { matmulQuad } from '../../shaders/matmulQuad.wgsl.js';
import { matmulShared, sharedBytes } from '../../shaders/matmulShared.wgsl.js';
import { defaultProfile } from '../../src/core/profile.js';
import { quadTiles, registerTile, sharedTile } from '../../src/kernels/matmulTile.js';
import { errorsOfAll } from '../support/tint.js';

/** One of everything; tiles that divide, and none that does; long sums of few results; the largest of a wide net. */
const sizes: readonly Pick<MatmulParams, 'M' | 'N' | 'K'>[] = [
  { M: 1, N: 1, K: 1 },
  { M: 64, N: 128, K: 64 },
  { M: 17, N: 255, K: 7 },
  { M: 10, N: 84, K: 4096 },
  { M: 64, N: 128, K: 9216 },
];

const epilogues = [{}, { bias: true }, { bias: true, relu: true }, { gate: true }] as const;

const layouts = ['nn', 'nt', 'tn'] as const;

const textsOf = (p: MatmulParams): Readonly<Record<string, string>> => ({
  plain: matmul(p),
  tiled: matmulTiled(p, registerTile(p)),
  ...Object.fromEntries(quadTiles(p).map((tile, i) => [`quad ${i}`, matmulQuad(p, tile)])),
  shared: matmulShared(p, sharedTile(p)),
});

describe('every text of a product is WGSL', () => {
  for (const layout of layouts) {
    for (const { M, N, K } of sizes) {
      it(`${layout}, ${M} × ${N}, sums of ${K}`, async () => {
        const texts = epilogues.flatMap((epilogue, i) =>
          Object.entries(textsOf({ layout, M, N, K, ...epilogue })).map(([name, text]) => [`${name} ${i}`, text]),
        );
        expect(await errorsOfAll(Object.fromEntries(texts))).toEqual([]);
      });
    }
  }
});

describe('what the sizes decide', () => {
  const p: MatmulParams = { layout: 'nt', M: 64, N: 128, K: 64 };

  it('a tile that divides the matrix stores without a test', () => {
    const tile = { rows: 8, columns: 16, slices: 1, chunk: 4 };
    expect(matmulQuad(p, tile)).not.toContain('if (');
    expect(matmulQuad({ ...p, M: 63 }, tile)).toContain('if (row');
    expect(matmulQuad({ ...p, N: 127 }, tile)).toContain('if (column');
  });

  it('the rest of a sum is there or not', () => {
    const tile = { rows: 2, columns: 2, lanes: 4, slices: 1 };
    expect(matmulTiled(p, tile).match(/let k = /g)).toHaveLength(1);
    expect(matmulTiled({ ...p, K: 65 }, tile).match(/let k = /g)).toHaveLength(2);
  });

  it('bias and relu are there or not', () => {
    for (const text of Object.values(textsOf(p))) expect(text).not.toMatch(/bias|<= |gate/);
    for (const text of Object.values(textsOf({ ...p, bias: true, relu: true }))) expect(text).toMatch(/bias[^]*<= /);
  });
});

describe('the choice of tiles', () => {
  const quickest = (p: MatmulParams) => quadTiles(p)[0]!;
  const lasting = (p: MatmulParams) => quadTiles(p).at(-1)!;
  const big: MatmulParams = { layout: 'nn', M: 1024, N: 1024, K: 1024 };
  const long: MatmulParams = { layout: 'tn', M: 5, N: 6, K: 4096 };

  it('cuts long sums of few results into equal parts, but never those with an epilogue', () => {
    for (const choose of [registerTile, quickest, lasting, sharedTile]) {
      expect(choose(long).slices).toBeGreaterThan(1);
      expect(long.K % choose(long).slices).toBe(0);
      expect(choose({ ...long, bias: true }).slices).toBe(1);
      expect(choose({ ...long, gate: true }).slices).toBe(1);
      expect(choose(big).slices).toBe(1);
    }
  });

  it('keeps within the sums that compile in time, and within workgroup memory', () => {
    for (const p of [big, long, { ...big, M: 63, N: 65 }]) {
      for (const { rows, columns } of quadTiles(p)) {
        expect(rows * columns).toBeLessThanOrEqual(320);
        expect(columns % 4).toBe(0);
      }
      expect(sharedBytes(sharedTile(p))).toBeLessThan(defaultProfile('gpu').limits.maxComputeWorkgroupStorageSize);
    }
  });

  it('gives small products small tiles, so that every core has one', () => {
    expect(registerTile(big)).toMatchObject({ rows: 8, columns: 8 });
    expect(registerTile({ ...big, M: 16, N: 16 })).toMatchObject({ rows: 1, columns: 4 });
    expect(sharedTile(big).rows).toBe(4);
    expect(sharedTile({ ...big, M: 64, N: 120 }).rows).toBe(1);
    expect(lasting(big).rows * lasting(big).columns).toBeGreaterThan(64);
    expect(quickest({ ...big, M: 64, N: 10, K: 84 })).toMatchObject({ rows: 1, columns: 4 });
  });
});
