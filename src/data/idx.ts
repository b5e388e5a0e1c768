// IDX, a format for arrays: 0, 0, element type, rank, then one big-endian u32 for each size, then
// the values, last index fastest. Here: unsigned bytes, images [count, rows, columns] and labels [count].
// Source: Y. LeCun, "THE IDX FILE FORMAT".

import { EngineError } from '../core/errors.js';
import type { Dataset } from './dataset.js';
import { gunzip, isGzip } from './gzip.js';

/** The type byte of unsigned bytes. */
const U8 = 0x08;
/** No image here is larger: 32 × 32. */
const MAX_PIXELS = 1024;
const MAX_BYTES = 2 ** 31 - 1;

const TYPE_NAMES: Readonly<Record<number, string>> = {
  0x08: 'unsigned bytes',
  0x09: 'signed bytes',
  0x0b: '16-bit integers',
  0x0c: '32-bit integers',
  0x0d: '32-bit floats',
  0x0e: '64-bit floats',
};

/** 3 for images, 1 for labels. */
export type IdxRank = 1 | 3;

export interface IdxArray {
  /** [count, rows, columns] or [count]. */
  readonly shape: readonly number[];
  readonly values: Uint8Array<ArrayBuffer>;
}

/** How many bytes an IDX header of this rank takes. */
const headerBytes = (rank: number) => 4 + 4 * rank;

/**
 * Reads the sizes of an IDX file and checks them, before anything is allocated.
 *
 * @param head the first bytes of the file, at least the header's 4 + 4·rank
 * @returns the shape, and the size of the whole file in bytes, header included
 * @throws EngineError 'format' for a wrong magic number, type, rank or size
 */
function readHeader(head: Uint8Array, place: string, rank: IdxRank): { shape: number[]; fileBytes: number } {
  const wanted = `an IDX file of ${rank === 3 ? 'images (00 00 08 03)' : 'labels (00 00 08 01)'}`;
  const refuse = (given: string, instead = wanted) => new EngineError('format', { place, given, wanted: instead });
  if (head.length < headerBytes(rank)) {
    throw refuse(`a file of ${head.length} bytes`, `at least the ${headerBytes(rank)} of an IDX header`);
  }
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const type = view.getUint8(2);
  if (view.getUint16(0) !== 0 || TYPE_NAMES[type] === undefined) {
    throw refuse(`a file that begins ${Array.from(head.subarray(0, 4), hex).join(' ')}`);
  }
  if (type !== U8) throw refuse(`an IDX file of ${TYPE_NAMES[type]}`, `one of ${TYPE_NAMES[U8]}`);
  if (view.getUint8(3) !== rank) throw refuse(`an IDX file of rank ${view.getUint8(3)}`);

  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const pixels = shape.slice(1).reduce((product, size) => product * size, 1);
  if (pixels < 1 || pixels > MAX_PIXELS) {
    throw refuse(`images of ${shape[1]}×${shape[2]}`, `from 1 to ${MAX_PIXELS} pixels an image`);
  }
  const fileBytes = headerBytes(rank) + (shape[0] ?? 0) * pixels;
  if (fileBytes > MAX_BYTES)
    throw refuse(`a header that states ${shape[0]} items`, `at most ${MAX_BYTES} bytes in all`);
  return { shape, fileBytes };
}

const hex = (byte: number) => byte.toString(16).padStart(2, '0');

/**
 * Parses an IDX file of unsigned bytes.
 *
 * @param bytes the whole file, not compressed
 * @param place the file's name, for the error
 * @returns its shape, and its values as a view of `bytes`
 * @throws EngineError 'format' if it is not exactly such a file
 */
export function parseIdx(bytes: Uint8Array<ArrayBuffer>, place: string, rank: IdxRank): IdxArray {
  const { shape, fileBytes } = readHeader(bytes, place, rank);
  if (bytes.length !== fileBytes) {
    throw new EngineError('format', {
      place,
      given: `${bytes.length} bytes for [${shape.join(', ')}]`,
      wanted: `${fileBytes}`,
      wayOut: bytes.length < fileBytes ? 'The file is cut short: fetch it again' : 'The file has bytes after its end',
    });
  }
  return { shape, values: bytes.subarray(headerBytes(rank)) };
}

/**
 * The IDX bytes of a file that may be gzipped (which its first bytes tell, not its name).
 *
 * @param maxBytes the largest decompressed size to take
 * @throws EngineError 'format' if a gzip stream is damaged, too large, or holds anything but the IDX file that it
 *   begins with
 */
export async function unpackIdx(
  bytes: Uint8Array<ArrayBuffer>,
  place: string,
  rank: IdxRank,
  maxBytes = MAX_BYTES,
): Promise<Uint8Array<ArrayBuffer>> {
  if (!isGzip(bytes)) return bytes;
  return gunzip(bytes, place, headerBytes(rank), (head) => {
    const { shape, fileBytes } = readHeader(head, place, rank);
    if (fileBytes <= maxBytes) return fileBytes;
    throw new EngineError('format', {
      place,
      given: `a gzipped file that states [${shape.join(', ')}]`,
      wanted: `at most ${maxBytes} bytes`,
    });
  });
}

/**
 * The bytes of an IDX file.
 *
 * @param shape [count, rows, columns] or [count]
 * @param values as many unsigned bytes as the shape holds
 * @throws EngineError 'usage' if the number of values is another
 */
export function encodeIdx({
  shape,
  values,
}: {
  shape: readonly number[];
  values: Uint8Array;
}): Uint8Array<ArrayBuffer> {
  const size = shape.reduce((product, extent) => product * extent, 1);
  if (size !== values.length) {
    throw new EngineError('usage', {
      place: 'encodeIdx',
      given: `${values.length} values for [${shape.join(', ')}]`,
      wanted: `${size}`,
    });
  }
  const bytes = new Uint8Array(headerBytes(shape.length) + size);
  const view = new DataView(bytes.buffer);
  view.setUint8(2, U8);
  view.setUint8(3, shape.length);
  shape.forEach((extent, axis) => view.setUint32(4 + 4 * axis, extent));
  bytes.set(values, headerBytes(shape.length));
  return bytes;
}

/**
 * Puts images and labels together.
 *
 * @param images [count, rows, columns]
 * @param labels [count]
 * @param classes how many classes there are; every label is below it
 * @throws EngineError 'data' if there are none, if the counts differ, or if a label is out of range
 */
export function pairIdx(images: IdxArray, labels: IdxArray, classes: number, place: string): Dataset {
  const [count = 0, rows = 0, columns = 0] = images.shape;
  if (count === 0 || labels.shape[0] !== count) {
    throw new EngineError('data', {
      place,
      given: `${count} images and ${labels.shape[0]} labels`,
      wanted: 'as many labels as images, and at least one',
    });
  }
  const wrong = labels.values.findIndex((label) => label >= classes);
  if (wrong >= 0) {
    throw new EngineError('data', {
      place,
      given: `label ${labels.values[wrong]} at item ${wrong}`,
      wanted: `labels from 0 to ${classes - 1}`,
      wayOut: 'If the data has more classes, say how many',
    });
  }
  return { images: images.values, labels: labels.values, count, rows, columns, classes };
}
