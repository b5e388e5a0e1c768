import { crc32, deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { EngineError } from '../../src/core/errors.js';
import { decodePng } from '../../src/node/image.js';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

function chunk(name: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

interface Kind {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly colour: 0 | 2 | 3 | 4 | 6;
  readonly interlaced?: boolean;
  readonly chunks?: readonly Buffer[];
}

/** A PNG made from raw rows (each led by its filter's number), by the letter of the format and not by pngjs. */
function png({ width, height, depth, colour, interlaced = false, chunks = [] }: Kind, raw: Uint8Array): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, colour, 0, 0, interlaced ? 1 : 0], 8);
  const data = chunk('IDAT', deflateSync(raw));
  return Buffer.concat([SIGNATURE, chunk('IHDR', header), ...chunks, data, chunk('IEND', new Uint8Array(0))]);
}

const rgba = (file: Uint8Array) => {
  const { pixels } = decodePng(file);
  return Array.from({ length: pixels.length / 4 }, (_, at) => [...pixels.subarray(4 * at, 4 * at + 4)]);
};
const grey = (value: number) => [value, value, value, 255];

function refusal(file: Uint8Array): string {
  try {
    decodePng(file);
  } catch (error) {
    if (error instanceof EngineError && error.code === 'format') return error.message;
    throw error;
  }
  return 'was read';
}

describe('decodePng', () => {
  it('gives back the pixels that another coder wrote', () => {
    const image = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 })).chain(([width, height]) => {
      const bytes = 4 * width * height;
      return fc.record({
        width: fc.constant(width),
        height: fc.constant(height),
        data: fc.uint8Array({ minLength: bytes, maxLength: bytes }),
      });
    });
    fc.assert(
      fc.property(image, ({ width, height, data }) => {
        const { rows, columns, pixels } = decodePng(PNG.sync.write({ width, height, data }));
        expect([rows, columns]).toEqual([height, width]);
        expect(pixels).toEqual(data);
      }),
      { numRuns: 50 },
    );
  });

  it('stretches grey of 1, 2, 4, 8 and 16 bits to 0…255', () => {
    const one = (depth: number, ...row: number[]) =>
      rgba(png({ width: 2, height: 1, depth, colour: 0 }, Buffer.from([0, ...row])));
    expect(one(1, 0b01000000)).toEqual([grey(0), grey(255)]);
    expect(one(2, 0b01100000)).toEqual([grey(85), grey(170)]);
    expect(one(4, 0x1f)).toEqual([grey(17), grey(255)]);
    expect(one(8, 3, 200)).toEqual([grey(3), grey(200)]);
    expect(one(16, 0x80, 0x00, 0xff, 0xff)).toEqual([grey(128), grey(255)]);
  });

  it('reads RGB, grey with alpha, a palette with transparency, and one colour declared transparent', () => {
    const row = (...bytes: number[]) => Buffer.from([0, ...bytes]);
    const base = { width: 2, height: 1, depth: 8 } as const;
    expect(rgba(png({ ...base, colour: 2 }, row(1, 2, 3, 4, 5, 6)))).toEqual([
      [1, 2, 3, 255],
      [4, 5, 6, 255],
    ]);
    expect(rgba(png({ ...base, colour: 4 }, row(9, 0, 9, 7)))).toEqual([
      [9, 9, 9, 0],
      [9, 9, 9, 7],
    ]);
    const palette = [chunk('PLTE', Buffer.from([10, 20, 30, 40, 50, 60])), chunk('tRNS', Buffer.from([128]))];
    expect(rgba(png({ ...base, colour: 3, depth: 1, chunks: palette }, row(0b01000000)))).toEqual([
      [10, 20, 30, 128],
      [40, 50, 60, 255],
    ]);
    const key = [chunk('tRNS', Buffer.from([0, 9]))];
    expect(rgba(png({ ...base, colour: 0, chunks: key }, row(9, 8))).map((pixel) => pixel[3])).toEqual([0, 255]);
  });

  it('reads interlaced images as the same image', () => {
    // Adam7 on 3×3: passes 1 (1×1), 4 (1×1 at x 2), 5 (2×1 at y 2), 6 (1×2 at x 1), 7 (3×1 at y 1).
    const raw = Buffer.from([0, 1, 0, 3, 0, 7, 9, 0, 2, 0, 8, 0, 4, 5, 6]);
    const pixels = rgba(png({ width: 3, height: 3, depth: 8, colour: 0, interlaced: true }, raw));
    expect(pixels).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9].map(grey));
    const bits = Buffer.from([0, 0x80, 0, 0x80, 0, 0xc0, 0, 0, 0, 0, 0, 0]);
    const lines = rgba(png({ width: 3, height: 3, depth: 1, colour: 0, interlaced: true }, bits));
    expect(lines).toEqual([255, 0, 255, 0, 0, 0, 255, 0, 255].map(grey));
  });

  it('passes over what follows the end, and bytes at any place of a larger buffer', () => {
    const file = png({ width: 1, height: 1, depth: 8, colour: 0 }, Buffer.from([0, 7]));
    expect(rgba(Buffer.concat([file, Buffer.from('more')]))).toEqual([grey(7)]);
    const around = new Uint8Array(file.length + 6);
    around.set(file, 5);
    expect(rgba(around.subarray(5, 5 + file.length))).toEqual([grey(7)]);
  });

  it('names what is no PNG', () => {
    expect(refusal(new Uint8Array(0))).toMatch(/an empty file/);
    expect(refusal(Buffer.from([0xff, 0xd8, 0xff, 0xe0]))).toMatch(/a JPEG/);
    expect(refusal(Buffer.from('GIF89a'))).toMatch(/a GIF/);
    expect(refusal(Buffer.from('RIFF....WEBP'))).toMatch(/a WebP/);
    expect(refusal(Buffer.from('hello'))).toMatch(/some other file/);
  });

  it('refuses sizes beyond 4096 before it decodes', () => {
    const of = (width: number, height: number) => png({ width, height, depth: 8, colour: 0 }, Buffer.from([0]));
    expect(refusal(of(4097, 1))).toMatch(/1×4097 pixels/);
    expect(refusal(of(1, 4097))).toMatch(/4097×1 pixels/);
    expect(refusal(of(0xffffffff, 0xffffffff))).toMatch(/4294967295/);
    expect(refusal(of(0, 5))).toMatch(/5×0 pixels/);
  });

  it('takes no more memory than the image for data that inflate to more', () => {
    const bomb = Buffer.alloc(2 ** 26);
    for (const interlaced of [true, false]) {
      const file = png({ width: 8, height: 8, depth: 8, colour: 0, interlaced }, bomb);
      const before = process.memoryUsage().rss;
      refusal(file);
      expect(process.memoryUsage().rss - before).toBeLessThan(2 ** 25);
    }
  });

  it('gives a sentence for every damage: each byte changed, every early end', () => {
    const file = png(
      { width: 3, height: 2, depth: 8, colour: 2 },
      Buffer.from(Array.from({ length: 20 }, (_, i) => (i % 10 ? i : 0))),
    );
    for (let end = 0; end < file.length; end++) expect(refusal(file.subarray(0, end))).not.toBe('was read');
    for (let at = 0; at < file.length; at++) {
      const damaged = Buffer.from(file);
      damaged[at]! ^= 0x41;
      expect(refusal(damaged)).not.toBe('was read');
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => void refusal(Buffer.concat([SIGNATURE, bytes]))),
    );
  });
});
