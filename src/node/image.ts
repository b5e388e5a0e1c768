// Image files as pixels, for whatever a person wants recognised.

import { inflateSync } from 'node:zlib';
import { PNG } from 'pngjs';
import { EngineError } from '../core/errors.js';

/** An image of more rows or columns is refused before it is decoded. */
export const MAX_SIDE = 4096;

export interface Pixels {
  readonly rows: number;
  readonly columns: number;
  /** [rows, columns, 4] with red, green, blue, alpha, 0 to 255; alpha is not multiplied in. */
  readonly pixels: Uint8Array<ArrayBuffer>;
}

interface Header {
  readonly columns: number;
  readonly rows: number;
  /** Bits of a pixel. */
  readonly bits: number;
  readonly interlaced: boolean;
}

/** Samples of a pixel by colour type: grey, –, RGB, palette, grey with alpha, –, RGB with alpha. */
const SAMPLES: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/**
 * Decodes a PNG of any kind: 1 to 16 bits, grey, RGB or palette, with or without transparency, interlaced or not. 16
 * bits are rounded to 8; gamma is not applied. What follows the image's end in the file is passed over.
 *
 * @param place who is named in errors, as a file's path
 * @throws EngineError 'format' if the bytes are no whole PNG, or one of more than 4096 rows or columns
 */
export function decodePng(bytes: Uint8Array, place = 'decodePng'): Pixels {
  const fail = (given: string, wanted: string, cause?: unknown) =>
    new EngineError('format', { place, given, wanted, ...(cause === undefined ? {} : { cause }) });

  const { length } = SIGNATURE;
  if (!SIGNATURE.every((byte, at) => bytes[at] === byte)) throw fail(`${nameOf(bytes)}, no PNG`, 'a PNG image');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const data: Uint8Array[] = [];
  let header: Header | undefined;
  let end = length;
  // A chunk: 4 bytes length, 4 bytes name, the data, 4 bytes checksum.
  for (let name = ''; name !== 'IEND';) {
    if (end + 12 > bytes.length) throw fail('it ends within the image', 'a whole file');
    const size = view.getUint32(end);
    name = String.fromCharCode(...bytes.subarray(end + 4, end + 8));
    const body = bytes.subarray(end + 8, end + 8 + size);
    end += 12 + size;
    if (end > bytes.length) throw fail('it ends within the image', 'a whole file');
    if (name === 'IDAT') data.push(body);
    if (header === undefined) header = parseHeader(name, body, fail);
  }
  if (header === undefined) throw fail('no header', 'a PNG image');

  try {
    if (header.interlaced) inflateBounded(data, header);
    const { width, height, data: rgba } = PNG.sync.read(Buffer.from(bytes.buffer, bytes.byteOffset, end));
    const pixels = new Uint8Array(rgba.length);
    pixels.set(rgba);
    return { rows: height, columns: width, pixels };
  } catch (cause) {
    throw fail(`a damaged PNG (${cause instanceof Error ? cause.message : String(cause)})`, 'a whole one', cause);
  }
}

/** The bytes of a PNG. */
export function encodePng({ rows, columns, pixels }: Pixels): Uint8Array<ArrayBuffer> {
  const file = PNG.sync.write({ width: columns, height: rows, data: pixels });
  return Uint8Array.from(file);
}

/** As many bytes of a PNG as its size is in: signature, length, name, header. */
export const PNG_HEAD_BYTES = SIGNATURE.length + 8 + 13;

/**
 * Rows and columns of a PNG, from its first 29 bytes.
 * @throws EngineError 'format' if it is no PNG, or one of more than 4096 rows or columns
 */
export function pngSize(head: Uint8Array, place: string): Pick<Pixels, 'rows' | 'columns'> {
  const fail = (given: string, wanted: string) => new EngineError('format', { place, given, wanted });
  if (!SIGNATURE.every((byte, at) => head[at] === byte)) throw fail(`${nameOf(head)}, no PNG`, 'a PNG image');
  const name = String.fromCharCode(...head.subarray(12, 16));
  const { rows, columns } = parseHeader(name, head.subarray(16, PNG_HEAD_BYTES), fail);
  return { rows, columns };
}

function parseHeader(name: string, body: Uint8Array, fail: (given: string, wanted: string) => EngineError): Header {
  if (name !== 'IHDR' || body.length !== 13) throw fail('no header', 'a PNG image');
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const [columns, rows] = [view.getUint32(0), view.getUint32(4)];
  const samples = SAMPLES[view.getUint8(9)];
  if (columns < 1 || rows < 1 || columns > MAX_SIDE || rows > MAX_SIDE) {
    throw fail(`an image of ${rows}×${columns} pixels`, `1×1 to ${MAX_SIDE}×${MAX_SIDE}`);
  }
  if (samples === undefined) throw fail(`colour type ${view.getUint8(9)}`, 'a PNG image');
  return { columns, rows, bits: samples * view.getUint8(8), interlaced: view.getUint8(12) !== 0 };
}

/**
 * Throws if interlaced data inflate to more than the image can hold. pngjs inflates these without a limit, so a small
 * file could otherwise fill the memory; of other images it takes no more than their size.
 */
function inflateBounded(data: readonly Uint8Array[], { columns, rows, bits }: Header): void {
  // Seven passes, each row padded to a byte and led by its filter's number: at most that much over the plain image.
  const maxOutputLength = Math.ceil((columns * rows * bits) / 8) + 7 * rows * 2 + 64;
  inflateSync(Buffer.concat(data), { maxOutputLength });
}

/** What a file that is no PNG seems to be, by its first bytes. */
function nameOf(bytes: Uint8Array): string {
  const start = String.fromCharCode(...bytes.subarray(0, 12));
  if (bytes.length === 0) return 'an empty file';
  if (start.startsWith('\xff\xd8\xff')) return 'a JPEG';
  if (start.startsWith('GIF8')) return 'a GIF';
  if (start.startsWith('BM')) return 'a BMP';
  if (start.startsWith('RIFF') && start.endsWith('WEBP')) return 'a WebP';
  return 'some other file';
}
