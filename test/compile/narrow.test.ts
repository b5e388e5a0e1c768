import { describe, expect, it } from 'vitest';
import { canNarrow, narrowed, stages } from '../../src/compile/narrow.js';
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
