import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { EngineError, type ErrorCode } from '../../src/core/errors.js';
import { encodeIdx, type IdxArray, pairIdx, parseIdx, unpackIdx } from '../../src/data/idx.js';
import { fromIdxFiles } from '../../src/data/idxFiles.js';

const bytes = (source: Uint8Array) => new Uint8Array(source);
const counting = (size: number) => Uint8Array.from({ length: size }, (_, i) => i % 251);
const images = (count: number, rows = 3, columns = 4): IdxArray => ({
  shape: [count, rows, columns],
  values: counting(count * rows * columns),
});
const labels = (count: number): IdxArray => ({ shape: [count], values: counting(count).map((i) => i % 10) });

function header(magic: readonly number[], ...sizes: readonly number[]): Uint8Array<ArrayBuffer> {
  const head = new Uint8Array(4 + 4 * sizes.length);
  head.set(magic);
  sizes.forEach((size, axis) => new DataView(head.buffer).setUint32(4 + 4 * axis, size));
  return head;
}

function codeOf(act: () => unknown): [ErrorCode, string] {
  try {
    act();
  } catch (error) {
    if (error instanceof EngineError) return [error.code, error.message];
    throw error;
  }
  throw new Error('no error');
}

async function codeOfAsync(act: Promise<unknown>): Promise<[ErrorCode, string]> {
  const failure = await act.then(
    () => undefined,
    (error: unknown) => error,
  );
  return codeOf(() => {
    throw failure;
  });
}

describe('an IDX file', () => {
  it('is read back as it was written', () => {
    for (const array of [images(5), labels(7)] as const) {
      const rank = array.shape.length === 3 ? 3 : 1;
      const read = parseIdx(encodeIdx(array), 'x', rank);
      expect(read.shape).toEqual(array.shape);
      expect(read.values).toEqual(array.values);
    }
  });

  it('is the same, gzipped or not', async () => {
    const plain = encodeIdx(images(200, 28, 28));
    expect(await unpackIdx(plain, 'x', 3)).toBe(plain);
    expect(Buffer.compare(await unpackIdx(bytes(gzipSync(plain)), 'x', 3), plain)).toBe(0);
  });

  const bad: Record<string, [Uint8Array<ArrayBuffer>, RegExp]> = {
    'that is empty': [new Uint8Array(0), /0 bytes; wanted at least the 16/],
    'shorter than its header': [header([0, 0, 8, 3], 1).slice(0, 7), /7 bytes/],
    'that is something else': [bytes(new TextEncoder().encode('<!doctype html><html>')), /begins 3c 21 64 6f/],
    'of an unknown element type': [header([0, 0, 7, 3], 1, 1, 1), /begins 00 00 07 03/],
    'of floats': [header([0, 0, 13, 3], 1, 1, 1), /32-bit floats; wanted one of unsigned bytes/],
    'of labels for images': [encodeIdx(labels(20)), /rank 1; wanted an IDX file of images/],
    'without pixels': [header([0, 0, 8, 3], 1, 0, 28), /images of 0×28/],
    'of huge images': [header([0, 0, 8, 3], 1, 0xffffffff, 0xffffffff), /4294967295×4294967295; wanted from 1 to 1024/],
    'of absurdly many images': [header([0, 0, 8, 3], 0xffffffff, 28, 28), /4294967295 items/],
    'cut short': [encodeIdx(images(5)).slice(0, -1), /75 bytes for \[5, 3, 4\]; wanted 76.*cut short/],
    'with bytes after its end': [new Uint8Array([...encodeIdx(images(5)), 0]), /77 bytes.*after its end/],
  };
  for (const [what, [file, sentence]] of Object.entries(bad)) {
    it(`${what} is refused with a sentence`, () => {
      const [code, message] = codeOf(() => parseIdx(file, 'train-images', 3));
      expect(code).toBe('format');
      expect(message).toMatch(sentence);
      expect(message).toMatch(/^train-images: /);
    });
  }

  it('of images for labels is refused', () => {
    expect(codeOf(() => parseIdx(encodeIdx(images(2)), 'x', 1))[1]).toMatch(/rank 3; wanted an IDX file of labels/);
  });

  it('cannot be written with the wrong number of values', () => {
    expect(codeOf(() => encodeIdx({ shape: [2, 2], values: counting(5) }))[0]).toBe('usage');
  });
});

describe('a gzip stream', () => {
  const plain = encodeIdx(images(200, 28, 28));
  const packed = bytes(gzipSync(plain));

  it('cut anywhere is refused', async () => {
    for (const size of [2, 9, 30, packed.length >> 1, packed.length - 9, packed.length - 1]) {
      expect((await codeOfAsync(unpackIdx(packed.slice(0, size), 'x', 3)))[0], `${size} bytes`).toBe('format');
    }
  });

  it('with a flipped bit is refused', async () => {
    const flipped = packed.slice();
    flipped.set([(packed.at(-6) ?? 0) ^ 1], packed.length - 6);
    expect((await codeOfAsync(unpackIdx(flipped, 'x', 3)))[1]).toMatch(/damaged gzip stream/);
  });

  it('that holds fewer bytes than its header states is refused', async () => {
    const [code, message] = await codeOfAsync(unpackIdx(bytes(gzipSync(plain.slice(0, -3))), 'x', 3));
    expect(code).toBe('format');
    expect(message).toMatch(new RegExp(`ends after ${plain.length - 3} bytes; wanted ${plain.length}`));
  });

  it('that bursts is left soon after the size that its header states', async () => {
    const bomb = new Uint8Array(64 << 20);
    bomb.set(encodeIdx(images(1)));
    const before = process.memoryUsage().arrayBuffers;
    const [code, message] = await codeOfAsync(unpackIdx(bytes(gzipSync(bomb)), 'x', 3));
    expect(code).toBe('format');
    expect(message).toMatch(/goes on after 28 bytes/);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 << 20);
  });

  it('that claims more than its length can hold is refused before anything is allocated', async () => {
    const claim = bytes(gzipSync(header([0, 0, 8, 3], 2_000_000, 32, 32)));
    expect((await codeOfAsync(unpackIdx(claim, 'x', 3)))[1]).toMatch(/claimed 2048000016/);
  });
});

describe('images and labels', () => {
  it('of one count make a dataset', () => {
    const { count, rows, columns, classes, images: pixels } = pairIdx(images(6), labels(6), 10, 'x');
    expect({ count, rows, columns, classes }).toEqual({ count: 6, rows: 3, columns: 4, classes: 10 });
    expect(pixels).toEqual(images(6).values);
  });

  it('of two counts are refused', () => {
    expect(codeOf(() => pairIdx(images(6), labels(5), 10, 'x'))).toEqual([
      'data',
      'x: 6 images and 5 labels; wanted as many labels as images, and at least one',
    ]);
  });

  it('of none are refused', () => {
    expect(codeOf(() => pairIdx(images(0), labels(0), 10, 'x'))[0]).toBe('data');
  });

  it('with a label out of range are refused', () => {
    const [code, message] = codeOf(() => pairIdx(images(6), labels(6), 4, 'x'));
    expect(code).toBe('data');
    expect(message).toMatch(/label 4 at item 4; wanted labels from 0 to 3/);
  });
});

describe('a folder of IDX files', () => {
  const folder = (): [string, Uint8Array<ArrayBuffer>][] => [
    ['some/path/train-images-idx3-ubyte', encodeIdx(images(12))],
    ['train-labels.idx1-ubyte', encodeIdx(labels(12))],
    ['t10k-images-idx3-ubyte.gz', bytes(gzipSync(encodeIdx(images(4))))],
    ['C:\\data\\t10k-labels-idx1-ubyte.gz', encodeIdx(labels(4))],
    ['README.md', new Uint8Array(3)],
  ];

  it('is read in any of its spellings', async () => {
    const { name, train, test, source } = await fromIdxFiles(folder(), { name: 'mine' });
    expect(name).toBe('mine');
    expect([train.count, test.count, train.rows, test.columns]).toEqual([12, 4, 3, 4]);
    expect(test.images).toEqual(images(4).values);
    expect(source).toBe('mine: 12 + 4 images of 3×4 from IDX files');
  });

  it('without some of them is refused with the missing names', async () => {
    const [code, message] = await codeOfAsync(fromIdxFiles(folder().slice(1, 3), { name: 'mine' }));
    expect(code).toBe('data');
    expect(message).toMatch(/also train-images-idx3-ubyte, t10k-labels-idx1-ubyte \(or \.gz\)/);
    expect((await codeOfAsync(fromIdxFiles(new Map())))[1]).toMatch(/no files/);
  });

  it('with training and test images of two sizes is refused', async () => {
    const files = new Map(folder());
    files.set('t10k-images-idx3-ubyte.gz', encodeIdx(images(4, 4, 4)));
    expect((await codeOfAsync(fromIdxFiles(files)))[0]).toBe('data');
  });

  it('names the damaged file', async () => {
    const files = new Map(folder());
    files.set('train-labels.idx1-ubyte', new Uint8Array(2));
    expect((await codeOfAsync(fromIdxFiles(files)))[1]).toMatch(/^folder\/train-labels\.idx1-ubyte: /);
  });
});
