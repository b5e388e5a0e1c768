// safetensors: named tensors in one file.
//
//   8 bytes   N, the length of the header: unsigned, little-endian, at most 100 000 000
//   N bytes   the header: JSON, UTF-8, begins with '{', may end in spaces
//             { name: { dtype, shape, data_offsets: [begin, end] }, …, "__metadata__": { text: text } }
//   rest      the data: row-major, little-endian, each byte of exactly one tensor
//
// Source: https://github.com/huggingface/safetensors, README ("Format") and safetensors/src/tensor.rs. Element data are
// read in the machine's own order: whatever runs WebGPU is little-endian.

import { EngineError } from '../core/errors.js';
import { METADATA, isSizes, isTorn, parseHeader, type Fail } from './safetensorsHeader.js';

/** How the data of each dtype come out; every other dtype is refused by its name. */
interface Arrays {
  F64: Float32Array;
  F32: Float32Array;
  F16: Float32Array;
  BF16: Float32Array;
  I64: BigInt64Array;
  U64: BigUint64Array;
  I32: Int32Array;
  U32: Uint32Array;
  I16: Int16Array;
  U16: Uint16Array;
  I8: Int8Array;
  U8: Uint8Array;
  BOOL: Uint8Array;
}

export type SafetensorsDtype = keyof Arrays;

/**
 * One tensor. Floating-point data are f32 whatever the file holds: F16 and BF16 convert exactly; F64 is rounded to the
 * nearest f32, and beyond its range to ±∞. BOOL is one byte an element.
 */
export type SafeTensor = {
  [D in SafetensorsDtype]: { readonly dtype: D; readonly shape: readonly number[]; readonly data: Arrays[D] };
}[SafetensorsDtype];

/** A tensor as it can be written: the conversions above are for reading only. */
export type WritableTensor = Exclude<SafeTensor, { readonly dtype: 'F64' | 'F16' | 'BF16' }>;

export interface Safetensors {
  /** In the order of the header, but for names that are whole numbers, which come first. */
  readonly tensors: Map<string, SafeTensor>;
  readonly metadata: Record<string, string>;
}

const MAX_HEADER_BYTES = 100_000_000;

/** Bytes an element, and the elements of data that have memory of their own. */
const DTYPES: { readonly [D in SafetensorsDtype]: { readonly bytes: number; read(raw: ArrayBuffer): Arrays[D] } } = {
  F64: { bytes: 8, read: (raw) => new Float32Array(new Float64Array(raw)) },
  F32: { bytes: 4, read: (raw) => new Float32Array(raw) },
  F16: { bytes: 2, read: (raw) => widen(raw, bitsOfHalf) },
  BF16: { bytes: 2, read: (raw) => widen(raw, (bits) => bits << 16) },
  I64: { bytes: 8, read: (raw) => new BigInt64Array(raw) },
  U64: { bytes: 8, read: (raw) => new BigUint64Array(raw) },
  I32: { bytes: 4, read: (raw) => new Int32Array(raw) },
  U32: { bytes: 4, read: (raw) => new Uint32Array(raw) },
  I16: { bytes: 2, read: (raw) => new Int16Array(raw) },
  U16: { bytes: 2, read: (raw) => new Uint16Array(raw) },
  I8: { bytes: 1, read: (raw) => new Int8Array(raw) },
  U8: { bytes: 1, read: (raw) => new Uint8Array(raw) },
  BOOL: { bytes: 1, read: (raw) => new Uint8Array(raw) },
};
const ELEMENT_BYTES: ReadonlyMap<SafetensorsDtype, number> = new Map(
  Object.entries(DTYPES).map(([dtype, { bytes }]) => [dtype as SafetensorsDtype, bytes]),
);
/** Their data are f32 by the time anyone could write them. */
const READ_ONLY: ReadonlySet<string> = new Set(['F64', 'F16', 'BF16']);

/**
 * Reads a whole file. Every claim of the header is checked before memory is taken for any tensor, so a malformed file
 * costs no more than its own size. The tensors are copies: `bytes` may be reused.
 *
 * @param place who is named in errors, as a file's path
 * @throws EngineError 'format' for whatever is not a safetensors file, or holds a dtype that is not read
 */
export function readSafetensors(bytes: Uint8Array, place = 'safetensors'): Safetensors {
  const fail: Fail = (given, wanted, cause) =>
    new EngineError('format', { place, given, wanted, ...(cause === undefined ? {} : { cause }) });

  if (bytes.length < 8) throw fail(`${bytes.length} bytes`, 'a safetensors file, at least 8 bytes');
  const length = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
  if (length > MAX_HEADER_BYTES) throw fail(`a header of ${length} bytes`, `at most ${MAX_HEADER_BYTES}`);
  const start = 8 + Number(length);
  if (start > bytes.length) throw fail(`a header of ${length} bytes in a file of ${bytes.length}`, 'a whole file');

  const { claims, metadata } = parseHeader(bytes.subarray(8, start), bytes.length - start, ELEMENT_BYTES, fail);

  const tensors = new Map<string, SafeTensor>();
  for (const { name, dtype, shape, begin, end } of claims) {
    // A copy in memory of its own is aligned for every element size, wherever the file put the data.
    const raw = new Uint8Array(end - begin);
    raw.set(bytes.subarray(start + begin, start + end));
    // The table pairs each dtype with its array, which the type of a union cannot say.
    tensors.set(name, { dtype, shape, data: DTYPES[dtype].read(raw.buffer) } as SafeTensor);
  }
  return { tensors, metadata };
}

/**
 * Writes a whole file. The same tensors in the same order give the same bytes: header keys stand in the given order,
 * data lie by falling element size, which keeps every tensor aligned to its elements without holes.
 *
 * @throws EngineError 'shape' if data and shape disagree
 * @throws EngineError 'dtype' for a dtype that is only read
 * @throws EngineError 'usage' for a name that a file cannot hold
 */
export function writeSafetensors(
  tensors: ReadonlyMap<string, WritableTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  if (tensors.has(METADATA))
    throw usage(`a tensor named ${METADATA}`, 'a name that the format does not keep for itself');
  for (const text of [...tensors.keys(), ...Object.entries(metadata).flat()]) {
    if (isTorn(text)) throw usage(`the text ${JSON.stringify(text)}`, 'text that UTF-8 can hold');
  }
  for (const [name, tensor] of tensors) mustFit(name, tensor);

  const bySize = [...tensors].sort(([, a], [, b]) => DTYPES[b.dtype].bytes - DTYPES[a.dtype].bytes);
  const begins = new Map<string, number>();
  let total = 0;
  for (const [name, { data }] of bySize) {
    begins.set(name, total);
    total += data.byteLength;
  }
  const fields = [...tensors].map(([name, { dtype, shape, data }]) => {
    const begin = begins.get(name) ?? 0;
    return `${JSON.stringify(name)}:${JSON.stringify({ dtype, shape, data_offsets: [begin, begin + data.byteLength] })}`;
  });
  if (Object.keys(metadata).length > 0) fields.unshift(`"${METADATA}":${JSON.stringify(metadata)}`);
  const text = new TextEncoder().encode(`{${fields.join(',')}}`);
  const start = 8 + Math.ceil(text.length / 8) * 8;
  if (start - 8 > MAX_HEADER_BYTES) throw usage(`a header of ${text.length} bytes`, `at most ${MAX_HEADER_BYTES}`);

  const file = new Uint8Array(start + total);
  new DataView(file.buffer).setBigUint64(0, BigInt(start - 8), true);
  file.fill(0x20, 8, start);
  file.set(text, 8);
  for (const [name, { data }] of tensors) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), start + (begins.get(name) ?? 0));
  }
  return file;
}

function widen(raw: ArrayBuffer, bitsOf: (half: number) => number): Float32Array {
  return new Float32Array(Uint32Array.from(new Uint16Array(raw), bitsOf).buffer);
}

/** The f32 bits of an IEEE 754 half: 1 sign, 5 exponent (bias 15), 10 fraction. Exact, NaN payloads included. */
function bitsOfHalf(half: number): number {
  const sign = (half & 0x8000) << 16;
  const exponent = (half >> 10) & 31;
  const fraction = half & 0x3ff;
  if (exponent === 31) return sign | 0x7f800000 | (fraction << 13);
  if (exponent > 0) return sign | ((exponent + 112) << 23) | (fraction << 13);
  if (fraction === 0) return sign;
  // Subnormal: fraction·2⁻²⁴; its leading bit becomes the hidden one of f32.
  const shift = Math.clz32(fraction) - 21;
  return sign | ((113 - shift) << 23) | (((fraction << shift) & 0x3ff) << 13);
}

function mustFit(name: string, { dtype, shape, data }: WritableTensor): void {
  if (!Object.hasOwn(DTYPES, dtype) || READ_ONLY.has(dtype)) {
    throw new EngineError('dtype', {
      place: 'writeSafetensors',
      given: `"${name}" is ${dtype}`,
      wanted: 'F32 or integers',
    });
  }
  const elements = shape.reduce((product, size) => product * size, 1);
  if (!isSizes(shape) || data.byteLength !== elements * DTYPES[dtype].bytes) {
    throw new EngineError('shape', {
      place: 'writeSafetensors',
      given: `"${name}", ${dtype} [${shape.join(', ')}], has ${data.byteLength} bytes`,
      wanted: `${elements * DTYPES[dtype].bytes} bytes`,
    });
  }
}

function usage(given: string, wanted: string): EngineError {
  return new EngineError('usage', { place: 'writeSafetensors', given, wanted });
}
