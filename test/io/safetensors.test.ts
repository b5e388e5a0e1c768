import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EngineError } from '../../src/core/errors.js';
import { readSafetensors, writeSafetensors, type WritableTensor } from '../../src/io/safetensors.js';

/** A file with the given header text and data, as any program might have written it. */
function file(header: string | Uint8Array, data: Uint8Array = new Uint8Array(0), length?: bigint): Uint8Array {
  const text = typeof header === 'string' ? new TextEncoder().encode(header) : header;
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, length ?? BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes;
}

const bytesOf = (array: ArrayBufferView) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
const one = (dtype: string, shape: unknown, data: ArrayBufferView) =>
  file(JSON.stringify({ t: { dtype, shape, data_offsets: [0, data.byteLength] } }), bytesOf(data));

function refusal(bytes: Uint8Array): string {
  try {
    readSafetensors(bytes);
  } catch (error) {
    if (error instanceof EngineError && error.code === 'format') return error.message;
    throw error;
  }
  return 'was read';
}

const tensor: fc.Arbitrary<WritableTensor> = fc
  .tuple(
    fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 }),
    fc.constantFrom('F32', 'I64', 'U64', 'I32', 'U32', 'I16', 'U16', 'I8', 'U8', 'BOOL'),
    fc.uint8Array({ minLength: 2048, maxLength: 2048 }),
  )
  .map(([shape, dtype, bytes]) => {
    const n = shape.reduce((product, size) => product * size, 1);
    const Kind = {
      F32: Float32Array,
      I64: BigInt64Array,
      U64: BigUint64Array,
      I32: Int32Array,
      U32: Uint32Array,
      I16: Int16Array,
      U16: Uint16Array,
      I8: Int8Array,
      U8: Uint8Array,
      BOOL: Uint8Array,
    }[dtype];
    return { dtype, shape, data: new Kind(bytes.slice().buffer, 0, n) } as WritableTensor;
  });
const text = fc.string({ unit: 'grapheme', maxLength: 12 });
const content = fc.tuple(
  fc.uniqueArray(fc.tuple(text, tensor), { selector: ([name]) => name, maxLength: 6 }).map((list) => new Map(list)),
  fc.dictionary(text, text, { maxKeys: 4 }),
);

describe('a written file', () => {
  it('reads back to the same bytes, shapes, names and metadata', () => {
    fc.assert(
      fc.property(content, ([tensors, metadata]) => {
        const read = readSafetensors(writeSafetensors(tensors, metadata));
        expect(new Set(read.tensors.keys())).toEqual(new Set(tensors.keys()));
        expect(Object.entries(read.metadata)).toEqual(Object.entries(metadata));
        for (const [name, { dtype, shape, data }] of tensors) {
          const back = read.tensors.get(name)!;
          expect([back.dtype, back.shape]).toEqual([dtype, shape]);
          expect(bytesOf(back.data)).toEqual(bytesOf(data)); // bytes, so that NaN payloads count
        }
      }),
      { numRuns: 60 },
    );
  });

  it('is the same for the same tensors, has data at a multiple of 8 and every tensor at one of its element size', () => {
    fc.assert(
      fc.property(content, ([tensors, metadata]) => {
        const bytes = writeSafetensors(tensors, metadata);
        expect(writeSafetensors(tensors, metadata)).toEqual(bytes);
        const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
        expect(length % 8).toBe(0);
        const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))) as Record<string, unknown>;
        for (const [name, { data }] of tensors) {
          const { data_offsets: offsets } = header[name] as { data_offsets: [number, number] };
          expect(offsets[0] % data.BYTES_PER_ELEMENT).toBe(0);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('has its header keys in the given order, also those that look like numbers', () => {
    const empty: WritableTensor = { dtype: 'U8', shape: [0], data: new Uint8Array(0) };
    const bytes = writeSafetensors(new Map(['b', '1', 'a', '0'].map((name) => [name, empty])), { z: '1', y: '2' });
    const names = new TextDecoder().decode(bytes).matchAll(/"([^"]*)":\{/g);
    expect([...names].map(([, name]) => name)).toEqual(['__metadata__', 'b', '1', 'a', '0']);
  });

  it('holds nothing that cannot be read back', () => {
    const code = (tensors: [string, unknown][], metadata = {}) => {
      try {
        writeSafetensors(new Map(tensors) as Map<string, WritableTensor>, metadata);
      } catch (error) {
        return (error as EngineError).code;
      }
      return 'written';
    };
    const four = new Float32Array(4);
    expect(code([['t', { dtype: 'F32', shape: [2, 2], data: four }]])).toBe('written');
    expect(code([['t', { dtype: 'F32', shape: [2, 3], data: four }]])).toBe('shape');
    expect(code([['t', { dtype: 'F32', shape: [-2, -2], data: four }]])).toBe('shape');
    expect(code([['t', { dtype: 'F32', shape: [1.5, 4 / 1.5], data: four }]])).toBe('shape');
    expect(code([['t', { dtype: 'F16', shape: [4], data: four }]])).toBe('dtype');
    expect(code([['t', { dtype: 'toString', shape: [4], data: four }]])).toBe('dtype');
    expect(code([['__metadata__', { dtype: 'F32', shape: [4], data: four }]])).toBe('usage');
    expect(code([['\ud800', { dtype: 'F32', shape: [4], data: four }]])).toBe('usage');
    expect(code([], { a: '\udfff' })).toBe('usage');
  });
});

describe('reading', () => {
  it('takes the example of the reference implementation', () => {
    const header = '{"test":{"dtype":"I32","shape":[2,2],"data_offsets":[0,16]}}';
    const { tensors, metadata } = readSafetensors(file(header, new Uint8Array(16)));
    expect(tensors).toEqual(new Map([['test', { dtype: 'I32', shape: [2, 2], data: new Int32Array(4) }]]));
    expect(metadata).toEqual({});
  });

  it('takes what the format allows: no tensors, scalars, empty tensors, spaces, any order, any header length', () => {
    expect(refusal(file('{}'))).toBe('was read');
    expect(refusal(file('{"__metadata__":{}}     '))).toBe('was read');
    expect(refusal(one('F32', [], new Float32Array(1)))).toBe('was read');
    expect(refusal(one('F32', [0, 9007199254740991], new Float32Array(0)))).toBe('was read');
    const info = (begin: number, end: number) => ({
      dtype: 'F32',
      shape: [(end - begin) / 4],
      data_offsets: [begin, end],
    });
    const data = new Float32Array([1, 2, 3]);
    const { tensors } = readSafetensors(
      file(` ${JSON.stringify({ b: info(4, 12), a: info(0, 4), e: info(4, 4) })}`.slice(1), bytesOf(data)),
    );
    expect([...(tensors.get('b')!.data as Float32Array)]).toEqual([2, 3]);
    expect(tensors.get('e')!.data).toHaveLength(0);
  });

  it('takes bytes at any place of a larger buffer, and copies them', () => {
    const whole = one('F32', [2], new Float32Array([1, 2]));
    const around = new Uint8Array(whole.length + 7);
    around.set(whole, 3);
    const { tensors } = readSafetensors(around.subarray(3, 3 + whole.length));
    around.fill(255);
    expect(tensors.get('t')!.data).toEqual(new Float32Array([1, 2]));
  });

  it('widens every F16 to the f32 of the same value', () => {
    const halves = Uint16Array.from({ length: 65536 }, (_, bits) => bits);
    const { data } = readSafetensors(one('F16', [65536], halves)).tensors.get('t')!;
    const value = (bits: number) => {
      const [sign, exponent, fraction] = [bits >> 15 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
      if (exponent === 31) return sign * (fraction === 0 ? Infinity : NaN);
      return sign * (exponent === 0 ? 2 ** -24 * fraction : 2 ** (exponent - 25) * (1024 + fraction));
    };
    expect([...halves].filter((bits) => !Object.is(data[bits], value(bits)))).toEqual([]);
  });

  it('widens BF16 and rounds F64', () => {
    const brain = readSafetensors(one('BF16', [3], new Uint16Array([0x3f80, 0xc049, 0x7f80]))).tensors.get('t')!;
    expect(brain.data).toEqual(new Float32Array([1, -3.140625, Infinity]));
    const double = readSafetensors(one('F64', [3], new Float64Array([0.1, -1e300, 2]))).tensors.get('t')!;
    expect(double.data).toEqual(new Float32Array([0.1, -Infinity, 2]));
  });

  it('keeps names that JavaScript has other uses for', () => {
    const info = '{"dtype":"U8","shape":[0],"data_offsets":[0,0]}';
    const header = `{"__proto__":${info},"constructor":${info},"":${info},"__metadata__":{"__proto__":"x"}}`;
    const { tensors, metadata } = readSafetensors(file(header));
    expect([...tensors.keys()]).toEqual(['__proto__', 'constructor', '']);
    expect(Object.entries(metadata)).toEqual([['__proto__', 'x']]);
  });
});

const info = (begin: number, end: number, shape: string) =>
  `{"dtype":"U8","shape":${shape},"data_offsets":[${begin},${end}]}`;
const torn = new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x7b, 0x7d, 0x7d]);
const eight = new Uint8Array(8);

const malformed: Record<string, [Uint8Array, RegExp]> = {
  'an empty file': [new Uint8Array(0), /0 bytes/],
  'seven bytes': [new Uint8Array(7), /7 bytes/],
  'no header': [new Uint8Array(8), /begin with \{/],
  'a header longer than the file': [file('{}', undefined, 3n), /whole file/],
  'a header of 2⁶⁴−1 bytes': [file('{}', undefined, 2n ** 64n - 1n), /at most 100000000/],
  'a header of 100 000 001 bytes': [file('{}', undefined, 100_000_001n), /at most/],
  'a header that is no UTF-8': [file(torn), /UTF-8/],
  'a header with a byte-order mark': [file('\ufeff{}'), /begin with \{/],
  'a header that begins with a space': [file(' {}'), /begin with \{/],
  'a header that is a list': [file('[]'), /begin with \{/],
  'half a header': [file('{"a":'), /JSON/],
  'two headers': [file('{}{}'), /JSON/],
  'a header with a comma too many': [file(`{"a":${info(0, 0, '[0]')},}`), /JSON/],
  'a zero after the header': [file('{}\0'), /JSON/],
  'a name twice': [file(`{"a":${info(0, 8, '[8]')},"a":${info(0, 8, '[8]')}}`, eight), /"a" twice/],
  'a name twice, once escaped': [file(`{"a":${info(0, 8, '[8]')},"\\u0061" :${info(0, 8, '[8]')}}`, eight), /twice/],
  'a dtype twice': [file('{"a":{"dtype":"U8","dtype":"U8","shape":[0],"data_offsets":[0,0]}}'), /"dtype" twice/],
  'metadata twice': [file('{"__metadata__":{},"__metadata__":{}}'), /twice/],
  'a metadata key twice': [file('{"__metadata__":{"a":"1","a":"1"}}'), /"a" twice/],
  'metadata that is text': [file('{"__metadata__":"a"}'), /no object/],
  'metadata that is null': [file('{"__metadata__":null}'), /no object/],
  'metadata with a number': [file('{"__metadata__":{"a":1}}'), /"a" is no text/],
  'metadata with an object': [file('{"__metadata__":{"a":{}}}'), /"a" is no text/],
  'a tensor that is a list': [file('{"a":[]}'), /no object/],
  'a tensor that is null': [file('{"a":null}'), /no object/],
  'no dtype': [file('{"a":{"shape":[0],"data_offsets":[0,0]}}'), /no dtype/],
  'an unknown dtype': [
    file('{"a":{"dtype":"F8_E4M3","shape":[0],"data_offsets":[0,0]}}'),
    /F8_E4M3; wanted one of F64/,
  ],
  'a dtype that every object has': [file('{"a":{"dtype":"toString","shape":[0],"data_offsets":[0,0]}}'), /toString/],
  'a dtype in small letters': [file('{"a":{"dtype":"f32","shape":[0],"data_offsets":[0,0]}}'), /f32/],
  'no shape': [file('{"a":{"dtype":"U8","data_offsets":[0,0]}}'), /no shape/],
  'a shape of text': [file(`{"a":${info(0, 0, '["0"]')}}`), /no shape/],
  'a negative size': [file(`{"a":${info(0, 8, '[-2,-4]')}}`, eight), /number -2/],
  'a size with a point': [file(`{"a":${info(0, 8, '[8.0]')}}`, eight), /number 8.0/],
  'a size with an exponent': [file(`{"a":${info(0, 8, '[8e0]')}}`, eight), /number 8e0/],
  'minus zero': [file(`{"a":${info(0, 0, '[-0]')}}`), /number -0/],
  'a size of 2⁵³': [file(`{"a":${info(0, 0, '[9007199254740992]')}}`), /no shape/],
  'a size that overflows': [file(`{"a":${info(0, 0, '[4294967296,4294967296,0]')}}`), /below 2⁵³/],
  'no offsets': [file('{"a":{"dtype":"U8","shape":[0]}}'), /no data_offsets/],
  'one offset': [file('{"a":{"dtype":"U8","shape":[0],"data_offsets":[0]}}'), /begin ≤ end/],
  'three offsets': [file('{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0,0]}}'), /begin ≤ end/],
  'offsets that run backwards': [file(`{"a":${info(8, 0, '[8]')}}`, eight), /begin ≤ end/],
  'fewer bytes than the shape says': [file(`{"a":${info(0, 8, '[9]')}}`, eight), /9 bytes/],
  'more bytes than the shape says': [file(`{"a":${info(0, 8, '[7]')}}`, eight), /7 bytes/],
  'a tensor beyond the end': [file(`{"a":${info(0, 9, '[9]')}}`, eight), /ends at byte 9 of 8/],
  'bytes after the last tensor': [file(`{"a":${info(0, 7, '[7]')}}`, eight), /1 bytes after/],
  'bytes and no tensor': [file('{}', eight), /8 bytes after/],
  'bytes before the first tensor': [file(`{"a":${info(1, 8, '[7]')}}`, eight), /bytes 0 to 1/],
  'a hole': [file(`{"a":${info(0, 3, '[3]')},"b":${info(4, 8, '[4]')}}`, eight), /bytes 3 to 4/],
  'an overlap': [file(`{"a":${info(0, 5, '[5]')},"b":${info(4, 8, '[4]')}}`, eight), /inside another/],
  'one place for two tensors': [file(`{"a":${info(0, 8, '[8]')},"b":${info(0, 8, '[8]')}}`, eight), /inside another/],
  'an empty tensor beyond the end': [file(`{"a":${info(9, 9, '[0]')}}`), /ends at byte 9 of 0/],
  'half a surrogate pair as a name': [file(`{"\\ud800":${info(0, 0, '[0]')}}`), /UTF-8/],
};

describe('a malformed file is refused with a sentence', () => {
  for (const [name, [bytes, sentence]] of Object.entries(malformed)) {
    it(name, () => expect(refusal(bytes)).toMatch(sentence));
  }

  it('whatever bytes it is made of', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => void refusal(bytes)));
    fc.assert(fc.property(fc.json(), fc.uint8Array({ maxLength: 16 }), (json, data) => void refusal(file(json, data))));
  });

  it('when any byte of a good file is changed, or it ends early: a refusal or other contents, never another error', () => {
    const good = writeSafetensors(
      new Map<string, WritableTensor>([
        ['w', { dtype: 'F32', shape: [2, 3], data: new Float32Array(6) }],
        ['n', { dtype: 'I64', shape: [], data: new BigInt64Array(1) }],
      ]),
      { format: 'pt' },
    );
    const at = fc.integer({ min: 0, max: good.length - 1 });
    fc.assert(
      fc.property(at, fc.integer({ min: 1, max: 255 }), (place, change) => {
        const bytes = good.slice();
        bytes[place]! ^= change;
        refusal(bytes);
      }),
      { numRuns: 300 },
    );
    for (let end = 0; end < good.length; end++) expect(refusal(good.subarray(0, end))).not.toBe('was read');
  });

  it('also where names, lists and nesting are long, in a message that is short', () => {
    const long = 'a'.repeat(3_000_000);
    expect(refusal(file(`{"${long}":null}`)).length).toBeLessThan(200);
    expect(refusal(file(`{"${'\\\\'.repeat(1_000_000)}":null}`)).length).toBeLessThan(200);
    expect(refusal(file(`{"a":${info(0, 1, `[${'1,'.repeat(300_000)}2]`)}}`)).length).toBeLessThan(250);
    expect(refusal(file(`{"a":${'['.repeat(500_000)}${']'.repeat(500_000)}}`)).length).toBeLessThan(200);
    expect(refusal(file(`{"a":${'['.repeat(500_000)}`)).length).toBeLessThan(200);
  });
});
