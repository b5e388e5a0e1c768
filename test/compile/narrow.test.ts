import { describe, expect, it } from 'vitest';
import { canNarrow, narrowed, stages } from '../../src/compile/narrow.js';
import { fromHalfBits, toHalfBits } from '../../src/core/half.js';
import { tintErrors } from '../support/tint.js';

const kernel = (body: string, more = '') => `enable subgroups;

@group(0) @binding(0) var<storage, read> x: array<f32, 8>;
@group(0) @binding(1) var<storage, read> index: array<u32, 8>;
@group(0) @binding(2) var<storage, read_write> y: array<f32, 8>;
${more}
@compute @workgroup_size(8, 1, 1)
fn kernel(@builtin(local_invocation_index) i: u32) {
  ${body}
}`;

const bodyOf = (code: string | undefined): string =>
  /fn kernel\([^)]*\)[^{]*\{\s*([\s\S]*?)\n\}/.exec(code ?? '')?.[1] ?? '';

describe('a kernel with arrays in f16', () => {
  it('widens what it loads and narrows what it stores, indices within indices too', async () => {
    const code = narrowed(
      kernel('y[index[i]] = select(0.0, x[i], x[index[(i + 1u) % 8u]] > 0.0); let z = y[i];'),
      new Set(['x', 'y']),
    );
    expect(bodyOf(code)).toBe(
      'y[index[i]] = toHalf(select(0.0, f32(x[i]), f32(x[index[(i + 1u) % 8u]]) > 0.0)); let z = f32(y[i]);',
    );
    expect(code).toContain('var<storage, read> x: array<f16, 8>;');
    expect(code).toContain('var<storage, read> index: array<u32, 8>;');
    expect(await tintErrors(code ?? '')).toEqual([]);
  });

  it('leaves other arrays as they are', async () => {
    const code = narrowed(kernel('y[i] = x[i];'), new Set(['x']));
    expect(bodyOf(code)).toBe('y[i] = f32(x[i]);');
    expect(await tintErrors(code ?? '')).toEqual([]);
  });

  it('adds in f32', async () => {
    const code = narrowed(kernel('y[i] += x[i]; if (y[i] == 0.0) { y[i] *= 2.0; }'), new Set(['y']));
    expect(bodyOf(code)).toBe(
      'y[i] = toHalf(f32(y[i]) + (x[i])); if (f32(y[i]) == 0.0) { y[i] = toHalf(f32(y[i]) * (2.0)); }',
    );
    expect(await tintErrors(code ?? '')).toEqual([]);
  });

  it('stages operands of products in f16, and nothing else', async () => {
    const more = 'var<workgroup> tileA: array<vec4f, 8>;\nvar<workgroup> sums: array<vec4f, 8>;';
    const text = kernel('tileA[i] = vec4f(x[i]); workgroupBarrier(); sums[i] = tileA[7u - i]; y[i] = sums[i].x;', more);
    expect([stages(text), stages(kernel(''))]).toEqual([true, false]);
    const code = narrowed(text, new Set());
    expect(bodyOf(code)).toBe(
      'tileA[i] = toHalves(vec4f(x[i])); workgroupBarrier(); sums[i] = vec4f(tileA[7u - i]); y[i] = sums[i].x;',
    );
    expect(code).toContain('var<workgroup> tileA: array<vec4h, 8>;');
    expect(await tintErrors(code ?? '')).toEqual([]);
  });

  it('is the kernel itself where nothing is in f16', () => {
    expect(narrowed(kernel('y[i] = x[i];'), new Set())).toBe(kernel('y[i] = x[i];'));
  });

  it('is none for an array that is used as a whole, or holds no f32', () => {
    expect(canNarrow(kernel('y[i] = x[i];'), 'x')).toBe(true);
    expect(canNarrow(kernel('let all = &y; y[i] = x[i];'), 'y')).toBe(false);
    expect(canNarrow(kernel('let one = &y[i]; y[i] = x[i];'), 'y')).toBe(false);
    expect(canNarrow(kernel('y[i] = x[index[i]];'), 'index')).toBe(false);
    expect(canNarrow(kernel('y[i] = x[i];'), 'z')).toBe(false);
  });
});

/** `halfBits` of the text, as JavaScript runs it. */
function halfBits(value: number): number {
  const view = new DataView(new ArrayBuffer(4));
  const bitsOf = (number: number): number => (view.setFloat32(0, number), view.getUint32(0));
  const floatOf = (bits: number): number => (view.setUint32(0, bits), view.getFloat32(0));
  const bits = bitsOf(value);
  const size = bits & 0x7fffffff;
  const normal = (((size + 0x0fff + ((size >>> 13) & 1)) >>> 13) - 0x1c000) >>> 0;
  const small = (bitsOf(Math.fround(floatOf(Math.min(size, 0x38800000)) + 0.5)) - 0x3f000000) >>> 0;
  const finite = size < 0x38800000 ? small : Math.min(normal, 0x7c00);
  return ((bits >>> 16) & 0x8000) | (size > 0x7f800000 ? 0x7e00 : finite);
}

it('the steps by which a number is narrowed give the nearest f16: for every f16, its neighbours in f32, and each tie', () => {
  const wrong: number[] = [];
  const check = (value: number): void => {
    if (halfBits(value) !== (toHalfBits(value) & 0xffff) && !Number.isNaN(value)) wrong.push(value);
  };
  for (let bits = 0; bits < 0x7c00; bits++) {
    const [low, high] = [fromHalfBits(bits), bits === 0x7bff ? 65_536 : fromHalfBits(bits + 1)];
    const middle = (low + high) / 2;
    for (const value of [low, middle, middle * (1 - 2 ** -23), middle * (1 + 2 ** -23), low * (1 + 2 ** -22)]) {
      check(Math.fround(value));
      check(-Math.fround(value));
    }
  }
  for (const value of [Infinity, -Infinity, 1e30, 65_519.996, 2 ** -130, -0]) check(value);
  expect(wrong).toEqual([]);
  expect(halfBits(NaN) & 0x7fff).toBe(0x7e00);
});
